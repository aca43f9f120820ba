import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient } from '../../../emulator/client.js';
import { STATE_FILE } from '../../../emulator/contract/control.js';
import type { ReadyLine } from '../../../emulator/contract/control.js';
import { createWorkspace, isAlive, until } from '../../support/workspace.js';
import type { TestWorkspace } from '../../support/workspace.js';

/** The built command line as a process: signals, pipes, exit codes. */

const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));
const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

async function workspace(): Promise<TestWorkspace> {
  const made = await createWorkspace({
    'faultline.yaml': 'functions: { slow: { handler: slow.handler, timeout: 60, events: [{ http: GET /slow }] } }\n',
    'slow.mjs':
      'export const handler = async (event) => (event.hang ? new Promise(() => setInterval(() => {}, 99)) : "ok");\n',
  });
  cleanup.push(() => made[Symbol.asyncDispose]());
  return made;
}

function run(cwd: string, ...argv: string[]): ChildProcess {
  // Without what a test runner or an editor puts there.
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const child = spawn(process.execPath, [cli, ...argv], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  cleanup.push(() => child.kill('SIGKILL'));
  return child;
}

async function finished(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr?.on('data', (part: Buffer) => (err += part.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

async function started(root: string): Promise<{ child: ChildProcess; ready: ReadyLine }> {
  const child = run(root, 'start', '--port', '0', '--control-port', '0', '--json');
  if (!child.stdout) throw new Error('no standard output');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, ready: JSON.parse(line) as ReadyLine };
}

/** An invocation that never ends; @returns the process id of its instance */
async function hang(ready: ReadyLine): Promise<number> {
  const client = createClient({ url: ready.control, token: ready.token });
  void client.invoke({ function: 'slow', event: { hang: true } }).catch(() => undefined);
  let pid: number | undefined;
  await until('it runs', async () => {
    const [fn] = (await client.snapshot()).functions;
    pid = fn?.instances.find(({ state }) => state === 'busy')?.pid;
    return pid !== undefined;
  });
  return pid ?? 0;
}

// Several processes a test, on machines that have other things to do.
describe('faultline', { timeout: 60_000 }, () => {
  it('a folder without a configuration: exit 2, what to do, no stack', async () => {
    await using empty = await createWorkspace({});
    const { code, out, err } = await finished(run(empty.root, 'start', '--port', '0', '--control-port', '0'));
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^error: /);
    expect(err).not.toMatch(/\n {4}at /);
    expect(existsSync(path.join(empty.root, STATE_FILE))).toBe(false);
  });

  it('start, invoke, fault: they find each other, and Ctrl+C ends in order', async () => {
    const { root } = await workspace();
    const { child } = await started(root);
    expect(await finished(run(root, 'invoke', 'slow'))).toEqual({ code: 0, out: '"ok"\n', err: '' });
    const added = await finished(run(root, 'fault', 'add', 'exception', '--for', '60s'));
    expect([added.code, added.err]).toEqual([0, '']);
    expect((await finished(run(root, 'invoke', 'slow'))).code).toBe(1);
    const second = await finished(run(root, 'start', '--port', '0', '--control-port', '0'));
    expect([second.code, second.err]).toEqual([2, expect.stringContaining('already runs')]);
    child.kill('SIGINT');
    expect((await finished(child)).code).toBe(0);
    expect(existsSync(path.join(root, STATE_FILE))).toBe(false);
  });

  it('a second Ctrl+C does not wait for what runs, and leaves no process', async () => {
    const { root } = await workspace();
    const { child, ready } = await started(root);
    const pid = await hang(ready);
    const end = finished(child);
    child.kill('SIGINT');
    await until('it drains', () => !existsSync(path.join(root, STATE_FILE)));
    expect(child.exitCode).toBeNull();
    child.kill('SIGINT');
    expect((await end).code).toBe(130);
    await until('the instance is gone', async () => !(await isAlive(pid)));
  });

  it('ends in order when nobody reads its output any more', async () => {
    const { root } = await workspace();
    const { child, ready } = await started(root);
    child.stdout?.destroy();
    const client = createClient({ url: ready.control, token: ready.token });
    await client.invoke({ function: 'slow', event: {} });
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
    expect(existsSync(path.join(root, STATE_FILE))).toBe(false);
  });
});
