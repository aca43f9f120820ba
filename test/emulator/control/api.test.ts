import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../../emulator/client.js';
import type { ControlClient } from '../../../emulator/client.js';
import { LATE_MS } from '../../../emulator/control/late-reply.js';
import { FaultlineError } from '../../../emulator/contract/errors.js';
import type { ErrorBody } from '../../../emulator/contract/errors.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { until } from '../../support/workspace.js';
import { fakeControl } from './fake-backend.js';
import { sendTo } from './send.js';
import type { Sent } from './send.js';
import type { FakeControl } from './fake-backend.js';

let control: FakeControl;
let client: ControlClient;
beforeEach(async () => {
  control = await fakeControl();
  client = createClient({ url: control.url, token: control.token });
});
afterEach(() => control.server.close());

const send = (what: Sent) => sendTo(control, what);
const authorization = (): Record<string, string> => ({ authorization: `Bearer ${control.token}` });
const errorOf = (text: string): ErrorBody => (JSON.parse(text) as { error: ErrorBody }).error;

describe('proofs', () => {
  const attempt = {
    function: 'stock',
    experiment: {
      title: 'It answers',
      target: { invoke: 'stock' },
      steadyState: { errorShare: { max: 0 } },
      faults: [{ kind: 'latency' }],
      during: { errorShare: { max: 0 } },
    },
    breaks: 'nothing was broken',
    needsHit: false,
    confirmedBy: ['error' as const],
    caller: 'http' as const,
  };

  it('are run, and their result is the reply', async () => {
    const result = await client.prove({ attempts: [attempt] });
    expect(result).toMatchObject({ verdict: 'refuted', record: { requestId: 'r1' } });
    expect(control.backend.seen['prove']).toEqual({ attempts: [attempt] });
  });

  it('are checked: the key that is wrong is named', async () => {
    const wrong = { attempts: [{ ...attempt, confirmedBy: [] }] };
    await expect(client.prove(wrong)).rejects.toMatchObject({
      code: 'EXPERIMENT_INVALID',
      place: { key: 'attempts.0.confirmedBy' },
    });
  });

  it('end when their caller hangs up', async () => {
    const caller = new AbortController();
    const ended = new Promise((resolve) => {
      control.backend.prove = (_request, signal) =>
        new Promise((_answer, reject) => {
          signal.addEventListener('abort', () => {
            resolve('ended');
            reject(new FaultlineError('STOPPING', 'hung up'));
          });
          caller.abort();
        });
    });
    await expect(client.prove({ attempts: [attempt] }, caller.signal)).rejects.toThrow();
    expect(await ended).toBe('ended');
  });
});

describe('bodies', () => {
  const post = (body: string, more: Record<string, string> = {}) =>
    send({ method: 'POST', path: '/api/faults', headers: { ...authorization(), ...more }, body });

  it.each(['{', '[1', 'no', '"text"', '\u0000'])(
    '%j is not a JSON object: 400, and the server goes on',
    async (body) => {
      const { status, text } = await post(body, { 'content-type': 'application/json' });
      expect(status).toBe(400);
      expect(errorOf(text).message).toMatch(/not JSON/);
      expect(await client.faults.list()).toEqual([]);
    },
  );

  it('over 8 MB is 413 without being read to its end', async () => {
    const { status, text } = await post(JSON.stringify({ kind: 'x'.repeat(8 * 1_048_576) }));
    expect(status).toBe(413);
    expect(errorOf(text).code).toBe('TOO_LARGE');
  });

  it('is read whatever its content type says, as curl sends it', async () => {
    const { status } = await post('{"kind":"latency"}', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(status).toBe(200);
  });

  it('an event of 6 MB passes', async () => {
    const event = 'x'.repeat(6_291_000);
    expect((await client.invoke({ function: 'stock', event })).ok).toBe(true);
    expect(control.backend.seen['invoke']).toEqual({ function: 'stock', event });
  });

  it('of the wrong shape is told with its key', async () => {
    const wrong = { function: 7, other: true } as unknown as { function: string; event: unknown };
    await expect(client.invoke(wrong)).rejects.toMatchObject({ code: 'EVENT_INVALID', place: { key: 'function' } });
    const enabled = 'yes' as unknown as boolean;
    await expect(client.faults.setEnabled('latency-1', enabled)).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('calls', () => {
  it('serve the catalog, snapshots, series, invocations and metrics', async () => {
    expect((await client.catalog()).faults[0]?.kind).toBe('latency');
    expect((await client.snapshot()).seed).toBe('7');
    await client.series();
    expect(control.backend.seen['series']).toBe(300);
    await client.series(5_000);
    expect(control.backend.seen['series']).toBe(900);
    expect(await client.invocations({ function: 'stock', limit: 2 })).toHaveLength(1);
    expect(control.backend.seen['invocations']).toEqual(['stock', 2]);
    expect((await client.invocation('r1')).log[0]).toContain('START');
    expect(await client.metrics()).toBe('# none\n');
  });

  it('add, switch, remove and clear faults', async () => {
    const fault = await client.faults.add({ kind: 'latency', function: 'stock', for: '30s', rate: 50 });
    // As it was given: durations are converted once, by the engine.
    expect(control.backend.seen['add']).toEqual({ kind: 'latency', function: 'stock', for: '30s', rate: 50 });
    expect((await client.faults.setEnabled(fault.id, false)).enabled).toBe(false);
    expect((await client.faults.remove(fault.id)).id).toBe(fault.id);
    await client.faults.add({ kind: 'latency' });
    expect(await client.faults.clear()).toBe(1);
    expect(await client.faults.list()).toEqual([]);
  });

  it('tell what is not there: faults, kinds, functions, invocations, calls', async () => {
    await expect(client.faults.remove('latency-9')).rejects.toMatchObject({ code: 'FAULT_NOT_FOUND', status: 404 });
    await expect(client.faults.add({ kind: 'nothing' })).rejects.toMatchObject({ code: 'FAULT_INVALID' });
    await expect(client.invoke({ function: 'nobody', event: 1 })).rejects.toMatchObject({ code: 'FUNCTION_NOT_FOUND' });
    await expect(client.invocation('no/such id')).rejects.toMatchObject({ code: 'INVOCATION_NOT_FOUND' });
    const { status, text } = await send({ path: '/api/none', headers: authorization() });
    expect([status, errorOf(text).code]).toEqual([404, 'NOT_FOUND']);
  });

  it.each([
    '/api/series?seconds=-1',
    '/api/series?seconds=x',
    '/api/invocations?limit=1.5',
    '/api/invocations?function=a&function=b',
  ])('%s is wrong use', async (at) => {
    const { status, text } = await send({ path: at, headers: authorization() });
    expect([status, errorOf(text).code]).toEqual([400, 'USAGE']);
  });

  it('an error of ours is 500 INTERNAL without a stack, and the server goes on', async () => {
    control.backend.restart = () => Promise.reject(new TypeError('oops'));
    const { status, text } = await send({
      method: 'POST',
      path: '/api/functions/stock/restart',
      headers: authorization(),
    });
    expect([status, text]).toEqual([500, '{"error":{"code":"INTERNAL","message":"oops"}}']);
    expect((await client.snapshot()).seed).toBe('7');
  });

  it('a bad path encoding is the caller’s error', async () => {
    const { status } = await send({ path: '/api/invocations/%ff', headers: authorization() });
    expect(status).toBe(400);
  });

  it('an invocation of many minutes is kept alive, and its error still told', async () => {
    await control.server.close();
    const clock = new VirtualClock();
    control = await fakeControl({ clock });
    const late = createClient({ url: control.url, token: control.token });
    const finish: ((error?: FaultlineError) => void)[] = [];
    control.backend.invoke = () =>
      new Promise((resolve, reject) => {
        finish.push((error) => (error ? reject(error) : resolve({ requestId: 'r1', ok: true, payload: 1 })));
      });
    const reply = late.invoke({ function: 'stock', event: 1 });
    const failure = late.invoke({ function: 'stock', event: 2 });
    await until('both run', () => finish.length === 2);
    await clock.advance(10 * LATE_MS);
    finish[0]?.();
    finish[1]?.(new FaultlineError('STOPPING', 'the emulator stops'));
    expect(await reply).toEqual({ requestId: 'r1', ok: true, payload: 1 });
    await expect(failure).rejects.toMatchObject({ code: 'STOPPING' });
    expect(clock.pending).toBe(0);
  });

  it('shutdown replies before the emulator ends', async () => {
    control.backend.shutdown = () => void control.server.close();
    await client.shutdown();
    await expect(client.snapshot()).rejects.toMatchObject({ code: 'NOT_RUNNING' });
  });
});

describe('answers in a browser', () => {
  it('carry headers that keep other pages and sniffing out', async () => {
    const { headers } = await send({ headers: authorization() });
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    expect(headers['x-powered-by']).toBeUndefined();
  });

  it('the dashboard needs no token, and runs nothing but its own files', async () => {
    await control.server.close();
    const webviewDir = await mkdtemp(path.join(os.tmpdir(), 'faultline-page-'));
    await writeFile(path.join(webviewDir, 'dashboard.html'), '<!doctype html><title>Faultline</title>');
    await writeFile(path.join(webviewDir, 'dashboard.js'), 'void 0;');
    control = await fakeControl({ webviewDir });
    const page = await send({ path: '/' });
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self';/);
    expect(page.headers['content-security-policy']).not.toContain('unsafe');
    expect((await send({ path: '/dashboard.js' })).headers['content-type']).toContain('javascript');
    expect((await send({ path: '/dashboard.css' })).status).toBe(404);
    expect((await send({ path: '/../package.json' })).status).toBe(404);
    await rm(webviewDir, { recursive: true });
  });

  it('says what to do when the dashboard is not built', async () => {
    const { status, text } = await send({ path: '/' });
    expect(status).toBe(404);
    expect(text).toContain('npm run build');
  });
});

describe('listening', () => {
  it('a port in use names the port and the way out', async () => {
    const second = (await import('../../../emulator/control/index.js')).createControl({
      backend: control.backend,
      token: 'x',
      clock: (await import('../../../emulator/clock.js')).systemClock,
      webviewDir: '/nowhere',
    });
    await expect(second.listen(control.port, '127.0.0.1')).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(String(control.port)) as string,
      hint: expect.stringContaining('--control-port 0') as string,
    });
    await second.close();
  });

  it('bound to every interface it answers to any address of the machine, but to no other name', async () => {
    await control.server.close();
    control = await fakeControl({ host: '0.0.0.0' });
    expect(control.url).toBe(`http://127.0.0.1:${String(control.port)}`);
    const as = (name: string) => send({ headers: { ...authorization(), host: `${name}:${String(control.port)}` } });
    expect((await as('192.168.1.20')).status).toBe(200);
    expect((await as('evil.example')).status).toBe(403);
  });
});
