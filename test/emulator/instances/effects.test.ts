import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RuntimeEffect } from '../../../emulator/contract/faults.js';
import { bench, closeAll, invokeOnce } from './harness.js';

let server: http.Server;
let port: number;
let url: string;
let connections = 0;

beforeAll(async () => {
  server = http.createServer((_request, response) => response.end('fine'));
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  url = `http://127.0.0.1:${port}/`;
});
afterAll(() => new Promise((resolve) => void server.close(resolve).closeAllConnections()));
afterEach(closeAll);

const network = (mode: 'refused' | 'reset' | 'timeout', ...hosts: string[]): readonly RuntimeEffect[] => [
  { type: 'network', fault: 'network-1', mode, hosts },
];

describe.each([
  { language: 'Node', count: 'outcomes.cjs:count', slow: 'outcomes.cjs:slow' },
  { language: 'Python', count: 'outcomes.py:count', slow: 'outcomes.py:slow' },
])('effects in a $language instance', ({ count, slow }) => {
  it('throw before the handler, or after it, as an error of the handler', async () => {
    const subject = bench(count);
    const effect = (when: 'before' | 'after'): readonly RuntimeEffect[] => [
      { type: 'throw', when, errorType: 'Injected', message: 'by the fault' },
    ];
    const before = await subject.invoke({}, effect('before'));
    expect(before.result).toMatchObject({ kind: 'function', type: 'Injected', message: 'by the fault' });
    expect((await subject.invoke()).value).toBe(1);
    expect((await subject.invoke({}, effect('after'))).value).toMatchObject({ errorType: 'Injected' });
    expect((await subject.invoke()).value).toBe(3);
  });

  it.each(['idle', 'busy'] as const)('hang (%s) until the timeout', async (mode) => {
    const subject = bench(count, { timeoutMs: 1_500 });
    await subject.invoke();
    const { result } = await subject.invoke({}, [{ type: 'hang', mode, when: mode === 'idle' ? 'before' : 'after' }]);
    expect(result).toMatchObject({ kind: 'timeout', type: 'Sandbox.Timedout' });
  });

  it('crash before or after, by a signal or with a status', async () => {
    const subject = bench(count);
    const killed = await subject.invoke({}, [{ type: 'crash', when: 'before', how: { signal: 'SIGKILL' } }]);
    expect(killed.result).toMatchObject({ kind: 'exit', message: expect.stringContaining('signal: killed') });
    const ended = await subject.invoke({}, [{ type: 'crash', when: 'after', how: { exitCode: 4 } }]);
    expect(ended.result).toMatchObject({ kind: 'exit', message: expect.stringContaining('exit status 4') });
    expect((await subject.invoke()).value).toBe(1);
  });

  it('act after the handler has finished', async () => {
    const { result, lines } = await bench(slow).invoke({ ms: 30 }, [
      { type: 'throw', when: 'after', errorType: 'Late', message: 'after the effect' },
    ]);
    expect(result).toMatchObject({ type: 'Late' });
    expect(lines).toBeDefined();
  });
});

describe('network faults in a Node instance', () => {
  it('report every connection, also without a fault', async () => {
    const { value, operations } = await invokeOnce('network.cjs:fetches', { url });
    expect(value).toEqual({ status: 200, body: 'fine' });
    expect(operations).toEqual([{ kind: 'connect', target: `127.0.0.1:${port}`, at: expect.any(Number) }]);
  });

  it('refuse fetch as a real host does, for that invocation only', async () => {
    const subject = bench('network.cjs:fetches');
    const refused = await subject.invoke({ url }, network('refused', '127.0.0.*'));
    expect(refused.value).toEqual({
      name: 'TypeError',
      message: 'fetch failed',
      code: 'ECONNREFUSED',
      syscall: 'connect',
    });
    expect(refused.operations).toEqual([expect.objectContaining({ target: `127.0.0.1:${port}`, fault: 'network-1' })]);
    expect((await subject.invoke({ url })).value).toMatchObject({ status: 200 });
  });

  it.each(['network.cjs:fetches', 'network.cjs:http'])('cut connections that %s keeps alive', async (handler) => {
    const subject = bench(handler);
    const before = connections;
    expect((await subject.invoke({ url })).value).toMatchObject({ status: 200 });
    expect((await subject.invoke({ url })).value).toMatchObject({ status: 200 });
    expect(connections).toBe(before + 1);
    expect((await subject.invoke({ url }, network('refused'))).value).toMatchObject({ code: 'ECONNREFUSED' });
    expect((await subject.invoke({ url })).value).toMatchObject({ status: 200 });
  });

  it('hit only the hosts and ports that are named, resolvable or not', async () => {
    const subject = bench('network.cjs:fetches');
    const other = await subject.invoke({ url }, network('refused', 'db.internal:*', `127.0.0.1:${port + 1}`));
    expect(other.value).toMatchObject({ status: 200 });
    const named = await subject.invoke({ url: 'http://api.example.invalid/' }, network('refused', '*.invalid'));
    expect(named.value).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('reset after connecting', async () => {
    const subject = bench('network.cjs:http');
    expect((await subject.invoke({ url }, network('reset'))).value).toMatchObject({ code: 'ECONNRESET' });
    const { value } = await invokeOnceWith('network.cjs:fetches', { url }, network('reset', `127.0.0.1:${port}`));
    expect(value).toMatchObject({ name: 'TypeError', message: 'fetch failed' });
  });

  it('never connect, so that the handler’s own timeouts are what ends it', async () => {
    const subject = bench('network.cjs:connects', { timeoutMs: 1_000 });
    const user = await subject.invoke({ port, timeout: 50 }, network('timeout'));
    expect(user.value).toMatchObject({ message: 'user timeout' });
    const aborted = await invokeOnceWith('network.cjs:fetches', { url, timeout: 50 }, network('timeout'));
    expect(aborted.value).toMatchObject({ name: 'TimeoutError' });
    expect((await subject.invoke({ port }, network('timeout'))).result).toMatchObject({ kind: 'timeout' });
  });
});

describe('network faults in a Python instance', () => {
  it('report every connection, and refuse urllib for one invocation only', async () => {
    const subject = bench('network.py:fetches');
    const fine = await subject.invoke({ url, timeout: 5 });
    expect(fine.value).toEqual({ status: 200, body: 'fine' });
    expect(fine.operations).toEqual([{ kind: 'connect', target: `127.0.0.1:${port}`, at: expect.any(Number) }]);
    const refused = await subject.invoke({ url, timeout: 5 }, network('refused', '127.*'));
    expect(refused.value).toEqual({ name: 'ConnectionRefusedError', message: expect.any(String), errno: 111 });
    expect(refused.operations).toEqual([expect.objectContaining({ fault: 'network-1' })]);
    const named = await subject.invoke({ url: 'http://api.example.invalid/', timeout: 5 }, network('refused', 'api.*'));
    expect(named.value).toMatchObject({ name: 'ConnectionRefusedError' });
    expect(named.operations).toEqual([expect.objectContaining({ target: 'api.example.invalid:80' })]);
    expect((await subject.invoke({ url, timeout: 5 }, network('refused', 'elsewhere'))).value).toMatchObject({
      status: 200,
    });
  });

  it('reset and time out, by the handler’s own timeout', async () => {
    const subject = bench('network.py:fetches');
    const reset = await subject.invoke({ url, timeout: 5 }, network('reset'));
    expect(reset.value).toMatchObject({ name: 'ConnectionResetError' });
    const late = await subject.invoke({ url, timeout: 0.1 }, network('timeout'));
    expect((late.value as { name: string }).name).toMatch(/timeout/i);
  });

  it('cut connections that are kept alive', async () => {
    const subject = bench('network.py:kept_alive');
    expect((await subject.invoke({ port })).value).toEqual({ status: 200 });
    expect((await subject.invoke({ port })).value).toEqual({ status: 200 });
    const cut = (await subject.invoke({ port }, network('refused'))).value as { name: string };
    expect(['BrokenPipeError', 'RemoteDisconnected', 'ConnectionRefusedError']).toContain(cut.name);
    expect((await subject.invoke({ port })).value).toEqual({ status: 200 });
  });

  it('reach connect_ex and asyncio', async () => {
    expect((await invokeOnceWith('network.py:connect_ex', { port }, network('refused'))).value).toBe(111);
    const subject = bench('network.py:asynchronous');
    const to = { host: '127.0.0.1', port, timeout: 0.2 };
    expect((await subject.invoke(to)).value).toEqual({ connected: true });
    expect((await subject.invoke(to, network('refused'))).value).toEqual({ name: 'ConnectionRefusedError' });
    expect((await subject.invoke(to, network('timeout'))).value).toEqual({ name: 'TimeoutError' });
  });
});

async function invokeOnceWith(handler: string, event: unknown, effects: readonly RuntimeEffect[]) {
  return bench(handler).invoke(event, effects);
}
