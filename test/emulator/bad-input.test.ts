import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { STATE_FILE, type ReadyLine } from '../../emulator/contract/control.js';
import type { Emulator, StartOptions } from '../../emulator/contract/library.js';
import { startEmulator } from '../../emulator/emulator.js';
import { createWorkspace, isAlive, until, type TestWorkspace } from '../support/workspace.js';

/** Everything that goes wrong from outside: a clear answer, and the emulator goes on. */

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const cleanup: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

const HELLO = `export const handler = async (event) => ({ statusCode: 200, body: 'hello ' + (event.name ?? '') });\n`;
const CONFIG =
  'functions:\n  hello:\n    handler: hello.handler\n    timeout: 2\n    events: [{ http: POST /hello }]\n';

async function workspace(files: Record<string, string> = {}): Promise<TestWorkspace> {
  const made = await createWorkspace({ 'faultline.yaml': CONFIG, 'hello.mjs': HELLO, ...files });
  cleanup.push(async () => made[Symbol.asyncDispose]());
  return made;
}

async function start(root: string, options: StartOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({ root, seed: 1, ...options });
  cleanup.push(() => emulator.stop());
  return emulator;
}

describe('ports', () => {
  it.each(['port', 'controlPort'] as const)('%s in use: says which, and what to do', async (key) => {
    const { root } = await workspace();
    const holder = net.createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    cleanup.push(() => new Promise((resolve) => holder.close(resolve)));
    const { port } = holder.address() as net.AddressInfo;
    const error = await startEmulator({ root, [key]: port }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'PORT_IN_USE' });
    expect(String((error as Error).message)).toContain(String(port));
    expect(String((error as { hint?: string }).hint)).toMatch(/0|free/);
  });
});

describe('handlers that do not load', () => {
  it('a syntax error is the answer, with its place; the fix takes over without a restart', async () => {
    const made = await workspace({ 'hello.mjs': 'export const handler = async () => {\n  return {;\n};\n' });
    const emulator = await start(made.root, { watch: true });
    const result = await emulator.invoke('hello', {});
    expect(result).toMatchObject({ ok: false, payload: { errorType: 'Runtime.UserCodeSyntaxError' } });
    // Node does not tell the line of a syntax error to the program: it is looked up right afterwards.
    await until('the place is known', () => emulator.snapshot().functions[0]?.problem?.place !== undefined);
    const problem = emulator.snapshot().functions[0]?.problem;
    expect(problem).toMatchObject({ code: 'load-failed', place: { file: path.join(made.root, 'hello.mjs'), line: 2 } });
    await made.write({ 'hello.mjs': HELLO });
    await until('the fixed version serves', async () => (await emulator.invoke('hello', {})).ok);
    expect(emulator.snapshot().functions[0]?.problem).toBeUndefined();
  });

  it('a broken edit leaves the last good version serving and says so', async () => {
    const made = await workspace();
    const emulator = await start(made.root, { watch: true });
    expect((await emulator.invoke('hello', {})).ok).toBe(true);
    await made.write({ 'hello.mjs': 'import "./not-there.mjs";\nexport const handler = 1;\n' });
    await until('the problem shows', () => emulator.snapshot().functions[0]?.problem !== undefined);
    expect(emulator.snapshot().functions[0]?.problem).toMatchObject({ code: 'load-failed', lastGoodServes: true });
    expect((await emulator.invoke('hello', { name: 'you' })).payload).toMatchObject({ body: 'hello you' });
  });

  it('a config edit that is wrong leaves the last good one serving and says so', async () => {
    const made = await workspace();
    const emulator = await start(made.root, { watch: true });
    await made.write({ 'faultline.yaml': CONFIG.replace('timeout', 'timout') });
    await until('the problem shows', () => emulator.snapshot().problem !== undefined);
    expect(emulator.snapshot().problem).toMatchObject({ code: 'config-invalid', place: { line: 4 } });
    expect((await emulator.fetch('/hello', { method: 'POST', body: '{}' })).status).toBe(200);
    await made.write({
      'faultline.yaml': `${CONFIG}  twin: { handler: hello.handler, events: [{ http: GET /twin }] }\n`,
    });
    await until('the new function is there', () => emulator.snapshot().functions.length === 2);
    expect((await emulator.fetch('/twin')).status).toBe(200);
  });
});

describe('events', () => {
  it('an event that is not JSON is 400 InvalidRequestContentException', async () => {
    const emulator = await start((await workspace()).root);
    const reply = await emulator.fetch('/2015-03-31/functions/hello/invocations', { method: 'POST', body: '{no' });
    expect(reply.status).toBe(400);
    expect(reply.headers.get('x-amzn-errortype')).toBe('InvalidRequestContentException');
  });

  it('a body over 6 MB is 413, and the next request is served', async () => {
    const emulator = await start((await workspace()).root);
    const big = 'x'.repeat(6_291_557);
    const invoke = await emulator.fetch('/2015-03-31/functions/hello/invocations', {
      method: 'POST',
      body: JSON.stringify(big),
    });
    expect(invoke.status).toBe(413);
    const routed = await emulator.fetch('/hello', { method: 'POST', body: big });
    expect(routed.status).toBe(413);
    expect((await emulator.fetch('/hello', { method: 'POST', body: '{}' })).status).toBe(200);
  });

  it('an unknown function is 404 ResourceNotFoundException; an unknown route 404', async () => {
    const emulator = await start((await workspace()).root);
    const reply = await emulator.fetch('/2015-03-31/functions/nobody/invocations', { method: 'POST', body: '{}' });
    expect([reply.status, reply.headers.get('x-amzn-errortype')]).toEqual([404, 'ResourceNotFoundException']);
    expect(await (await emulator.fetch('/nowhere')).json()).toEqual({ message: 'Not Found' });
    await expect(emulator.invoke('nobody', {})).rejects.toMatchObject({ code: 'FUNCTION_NOT_FOUND' });
  });
});

describe('the control API', () => {
  it('refuses a call without a token, from another Origin, and for another Host', async () => {
    const emulator = await start((await workspace()).root);
    const at = `${emulator.control.url}/api/snapshot`;
    const authorization = `Bearer ${emulator.control.token}`;
    expect((await fetch(at)).status).toBe(401);
    expect((await fetch(at, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
    expect((await fetch(at, { headers: { authorization, origin: 'http://evil.example' } })).status).toBe(403);
    expect((await fetch(at, { headers: { authorization } })).status).toBe(200);
    const { port } = new URL(at);
    const request = http.get({
      host: '127.0.0.1',
      port,
      path: '/api/snapshot',
      headers: { authorization, host: `evil.example:${port}` },
    });
    const [reply] = (await once(request, 'response')) as [http.IncomingMessage];
    reply.resume();
    expect(reply.statusCode).toBe(403);
  });
});

describe('a client that hangs up mid-call', () => {
  it('does not cost the instance: the handler finishes and the next call is served', async () => {
    const slow = `import { setTimeout } from 'node:timers/promises';
export const handler = async (event) => { if (event.rawPath) await setTimeout(300); return { statusCode: 200 }; };\n`;
    const emulator = await start((await workspace({ 'hello.mjs': slow })).root);
    const { hostname, port } = new URL(emulator.url);
    const request = http.request({ hostname, port, path: '/hello', method: 'POST' });
    request.on('error', () => undefined);
    request.end('{}');
    await until('the handler runs', () => emulator.snapshot().functions[0]?.instances[0]?.state === 'busy');
    request.destroy();
    await until('it has finished', () => emulator.snapshot().functions[0]?.recent.length === 1);
    expect(emulator.snapshot().functions[0]?.recent[0]?.error).toBeUndefined();
    expect((await emulator.invoke('hello', {})).ok).toBe(true);
    expect(emulator.snapshot().functions[0]?.instances).toHaveLength(1);
  });
});

describe('the emulator killed with SIGKILL', () => {
  it('leaves no process, port or lock that stops the next start', async () => {
    const busy = `export const handler = async (event) => { if (event.spin) for (;;); return 'ok'; };\n`;
    const { root } = await workspace({ 'hello.mjs': busy });
    const run = async (): Promise<{ child: ReturnType<typeof spawn>; ready: ReadyLine }> => {
      const child = spawn(process.execPath, [cli, 'start', root, '--port', '0', '--control-port', '0', '--json'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      cleanup.push(async () => void child.kill('SIGKILL'));
      const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
      return { child, ready: JSON.parse(line) as ReadyLine };
    };
    const first = await run();
    const authorization = `Bearer ${first.ready.token}`;
    void fetch(`${first.ready.gateway}/2015-03-31/functions/hello/invocations`, {
      method: 'POST',
      body: '{"spin":true}',
    }).catch(() => undefined);
    const pids = async (): Promise<number[]> => {
      const reply = await fetch(`${first.ready.control}/api/snapshot`, { headers: { authorization } });
      const { functions } = (await reply.json()) as { functions: { instances: { state: string; pid?: number }[] }[] };
      return functions.flatMap((fn) => fn.instances.filter((i) => i.state === 'busy').flatMap((i) => i.pid ?? []));
    };
    await until('an instance spins', async () => (await pids()).length === 1);
    const [pid] = await pids();
    const stateFile = JSON.parse(await readFile(path.join(root, STATE_FILE), 'utf8')) as { pid: number };
    expect(stateFile.pid).toBe(first.child.pid);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    await until('the instance is gone', async () => !(await isAlive(pid ?? 0)));

    const port = Number(new URL(first.ready.gateway).port);
    const second = spawn(
      process.execPath,
      [cli, 'start', root, '--port', String(port), '--control-port', '0', '--json'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [line] = (await once(createInterface({ input: second.stdout }), 'line')) as [string];
    expect((JSON.parse(line) as ReadyLine).gateway).toBe(first.ready.gateway);
    const exit = once(second, 'exit');
    second.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    expect(existsSync(path.join(root, STATE_FILE))).toBe(false);
  });
});
