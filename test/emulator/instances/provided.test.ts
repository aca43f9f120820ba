import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_PAYLOAD_BYTES } from '../../../emulator/contract/config.js';
import type { ResponseSink } from '../../../emulator/instances/types.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { alive, bench, closeAll, repo, type Bench, type Given, type Invoked } from './harness.js';

const fixtures = path.join(repo, 'test/fixtures/provided');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-provided-'));
});
afterEach(async () => {
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

/** A pool on an executable of test/fixtures/provided, or on a command. */
function provided(bootstrap: string | readonly string[], { function: more, ...given }: Given = {}): Bench {
  const root = given.root ?? fixtures;
  const [file, ...args] = typeof bootstrap === 'string' ? [path.join(root, bootstrap)] : bootstrap;
  const own = { runtime: 'provided', handler: 'mine.main', export: '', file: file as string } as const;
  return bench('bootstrap', {
    root,
    ...given,
    // A machine that is slow for a moment is no reason to start a second one.
    scaling: { max: 1, ...given.scaling },
    function: { ...own, command: [file as string, ...args], ...more },
  });
}
const odd = (given?: Given): Bench => provided('odd-bootstrap.mjs', given);

/** Writes a bootstrap into the folder of the test. */
function write(text: string, mode = 0o755): void {
  const file = path.join(folder, 'bootstrap');
  // A running shell reads on in the file that it has open.
  rmSync(file, { force: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
}
const states = ({ pool }: Bench): string[] => pool.snapshot().instances.map(({ state }) => state);
const pidOf = ({ value }: Invoked): number => (value as { pid: number }).pid;

describe('a shell script as bootstrap', () => {
  it('takes events, answers them, and logs', async () => {
    const subject = provided('shell-bootstrap');
    const first = await subject.invoke({ sku: 'ä', text: 'two words' });
    expect(first).toMatchObject({ result: { ok: true }, value: { sku: 'ä', text: 'two words' } });
    expect(first.lines).toEqual(['got {"sku":"ä","text":"two words"}']);
    expect(subject.log.map(({ text }) => text)).toContain(`shell runtime for mine.main in ${fixtures}`);
    const second = await subject.invoke({ n: 2 });
    expect(second).toMatchObject({ value: { n: 2 }, instance: { id: first.instance?.id } });
  });

  it('reports errors', async () => {
    const { result, value } = await provided('shell-bootstrap').invoke({ do: 'fail' });
    expect(result).toMatchObject({ ok: false, kind: 'function', type: 'Refused', message: 'as you asked' });
    expect(value).toEqual({ errorType: 'Refused', errorMessage: 'as you asked' });
  });
});

describe('what a runtime is told', () => {
  it('the address of its server, and of the invocation all there is', async () => {
    const subject = provided(['node', 'odd-bootstrap.mjs']);
    const { value: environment } = await subject.invoke({ do: 'environment' });
    expect(environment).toMatchObject({
      AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      _HANDLER: 'mine.main',
      LAMBDA_TASK_ROOT: fixtures,
    });
    const more = { clientContext: '{"custom":{"a":1}}', traceId: 'Root=1-a-b;Parent=c;Sampled=1' };
    const { value: headers } = await subject.invoke({ do: 'headers' }, undefined, more);
    expect(headers).toMatchObject({
      'lambda-runtime-aws-request-id': expect.stringMatching(/^request-/),
      'lambda-runtime-deadline-ms': expect.stringMatching(/^\d{13}$/),
      'lambda-runtime-client-context': more.clientContext,
      'lambda-runtime-trace-id': more.traceId,
    });
  });
});

describe('a runtime that does not start', () => {
  it.each([
    ['exits 0 before it asks', '#!/bin/sh\nexit 0\n', 'Runtime exited without providing a reason'],
    ['exits', '#!/bin/sh\nexit 7\n', 'Runtime exited with error: exit status 7'],
    ['dies', '#!/bin/sh\nkill -9 $$\n', 'Runtime exited with error: signal: killed'],
    ['lacks its program', '#!/usr/bin/env no-such-program\n', 'Runtime exited with error: exit status 127'],
  ])('because it %s', async (_what, text, message) => {
    write(text);
    const { result } = await provided('bootstrap', { root: folder }).invoke();
    expect(result).toMatchObject({
      kind: 'init',
      type: 'Runtime.ExitError',
      message: expect.stringContaining(message),
    });
  });

  it('because it never asks for an event', async () => {
    write('#!/bin/sh\nwhile :; do sleep 1; done\n');
    const clock = new VirtualClock();
    const subject = provided('bootstrap', { root: folder, clock, timeoutMs: 2_000 });
    const invoked = subject.invoke();
    await subject.until(() => subject.pids().length === 1);
    const [first] = subject.pids();
    await clock.advance(10_000);
    // Tried again within the invocation, as every init.
    await subject.until(() => subject.pids().some((pid) => pid !== first));
    await clock.advance(2_000);
    expect((await invoked).result).toMatchObject({ type: 'Sandbox.Timedout' });
  });

  it('because it says so; and it is ended then', async () => {
    const told = { errorType: 'Config.Missing', errorMessage: 'no TABLE', detail: [1] };
    const clock = new VirtualClock();
    const subject = odd({ clock, environment: { ODD_INIT: JSON.stringify(told) } });
    const { result, value } = await subject.invoke({});
    expect(result).toMatchObject({ kind: 'init', type: 'Config.Missing', message: 'no TABLE' });
    expect(value).toEqual(told);
    await clock.advance(500);
    await subject.until(() => subject.pids().length === 0);
  });

  it('because it may not be executed: the problem says what to do', async () => {
    write('#!/bin/sh\n', 0o644);
    const subject = provided('bootstrap', { root: folder });
    const { result } = await subject.invoke();
    const told = `fork/exec ${path.join(folder, 'bootstrap')}: permission denied`;
    expect(result).toMatchObject({
      kind: 'init',
      type: 'Runtime.InvalidEntrypoint',
      message: expect.stringContaining(told),
    });
    expect(subject.pool.snapshot().problem).toMatchObject({
      message: expect.stringContaining(told),
      hint: 'run chmod +x bootstrap',
      place: { file: path.join(folder, 'bootstrap') },
    });
  });

  it('because there is no such program', async () => {
    const { result } = await provided(['no-such-program', 'x.ts']).invoke();
    expect(result).toMatchObject({
      message: expect.stringContaining('exec: "no-such-program": executable file not found'),
    });
  });
});

describe('a runtime that ends in the middle', () => {
  it.each([
    [{ do: 'exit', status: 3 }, 'Runtime exited with error: exit status 3'],
    [{ do: 'exit', status: 0 }, 'Runtime exited without providing a reason'],
    [{ do: 'kill' }, 'Runtime exited with error: signal: killed'],
  ])('%o', async (event, message) => {
    const subject = odd();
    const { result } = await subject.invoke(event);
    expect(result).toMatchObject({
      kind: 'exit',
      type: 'Runtime.ExitError',
      message: expect.stringContaining(message),
    });
    expect((await subject.invoke({ do: 'count' })).value).toBe(1);
  });

  it('times out, and is replaced', async () => {
    const clock = new VirtualClock();
    const subject = odd({ clock, timeoutMs: 3_000 });
    await subject.invoke({ do: 'count' });
    const late = subject.invoke({ do: 'sleep' });
    await subject.until(() => subject.log.some(({ text }) => text === 'sleeping'));
    await clock.advance(3_000);
    expect((await late).result).toMatchObject({ kind: 'timeout', type: 'Sandbox.Timedout' });
    expect((await subject.invoke({ do: 'count' })).value).toBe(1);
  });
});

describe('a runtime that does more than answer', () => {
  it('answers twice: the second is refused', async () => {
    const subject = odd();
    const { value } = await subject.invoke({ do: 'twice' });
    expect(value).toBe('first');
    await subject.until(() => subject.log.some(({ text }) => text === '202 403 InvalidStateTransition'));
    expect((await subject.invoke({ do: 'count' })).value).toBe(2);
  });

  it('exits after its answer: nothing is lost, and each invocation has a process of its own', async () => {
    const subject = odd();
    const all = await Promise.all([1, 2, 3].map(() => subject.invoke({ do: 'answer, then exit' })));
    expect(all.map(({ value }) => value)).toEqual(all.map((each) => ({ pid: pidOf(each), count: 1 })));
    expect(new Set(all.map(pidOf)).size).toBe(3);
  });

  it('works on after its answer: the caller has it at once, the instance is busy until it asks again', async () => {
    const until = path.join(folder, 'go');
    const subject = odd();
    const first = await subject.invoke({ do: 'answer, then work', until });
    expect(states(subject)).toEqual(['busy']);
    const second = subject.invoke({ do: 'count' });
    writeFileSync(until, '');
    expect((await second).value).toBe(2);
    expect(existsSync(`${until}.done`)).toBe(true);
    expect(subject.pids()).toEqual([pidOf(first)]);
  });

  it('never asks again: it is ended at the timeout, which the log says', async () => {
    const clock = new VirtualClock();
    const subject = odd({ clock, timeoutMs: 3_000 });
    const invoked = subject.invoke({ do: 'never ask again' });
    await subject.until(() => subject.log.some(({ text }) => text === 'answered'));
    await clock.advance(50);
    expect((await invoked).value).toBe('last words');
    await clock.advance(2_900);
    expect(states(subject)).toEqual(['busy']);
    const next = subject.invoke({ do: 'count' });
    await clock.advance(50);
    expect((await next).value).toBe(1);
    expect(subject.log.map(({ text }) => text)).toContainEqual(expect.stringContaining('not asked for the next event'));
  });

  it('floods its output, of which 1 MB is kept', async () => {
    const { value, lines } = await odd().invoke({ do: 'flood' });
    expect(value).toBe('flooded');
    expect(lines.length).toBeLessThanOrEqual(1_025);
    expect(lines.at(-1)).toContain('more than 1 MB of output');
  });

  it('answers with more than 6 MB', async () => {
    const subject = odd();
    const big = await subject.invoke({ do: 'big response', bytes: MAX_PAYLOAD_BYTES });
    expect(big.result).toMatchObject({ ok: true });
    const { result, value } = await subject.invoke({ do: 'big response', bytes: MAX_PAYLOAD_BYTES + 1 });
    expect(result).toMatchObject({ kind: 'response' });
    expect(value).toEqual({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
    expect((await subject.invoke({ do: 'count' })).value).toBe(3);
  });
});

/** A consumer that takes one chunk, and wants no more until the event loop has turned. */
class SlowSink implements ResponseSink {
  contentType: string | undefined;
  text = '';
  chunks = 0;
  /** Chunks that came although none was wanted. */
  tooSoon = 0;
  private full = false;

  start(contentType: string): void {
    this.contentType = contentType;
  }

  write(chunk: Buffer): boolean {
    if (this.full) this.tooSoon++;
    this.full = true;
    this.chunks++;
    this.text += chunk.toString();
    return false;
  }

  onDrain(callback: () => void): void {
    setImmediate(() => {
      this.full = false;
      callback();
    });
  }
}

describe('streamed responses', () => {
  it('reach a consumer at its own pace, content type and all', async () => {
    const stream = new SlowSink();
    const type = 'application/vnd.awslambda.http-integration-response';
    const event = { do: 'stream', chunks: 64, size: 65_536, type };
    const { result } = await odd().invoke(event, undefined, { stream });
    expect(result).toMatchObject({ ok: true, streamed: 64 * 65_536 });
    expect(stream.contentType).toBe(type);
    expect(stream.text.length).toBe(64 * 65_536);
    expect(stream.chunks).toBeGreaterThan(10);
    expect(stream.tooSoon).toBe(0);
  });

  it('are whole for a caller that wants them so', async () => {
    const { result, value } = await odd().invoke({ do: 'stream', chunks: 3 });
    expect(result).toMatchObject({ ok: true });
    expect(value).toBe('000001111122222');
  });

  it('end with the error of their trailers; the runtime goes on', async () => {
    const subject = odd();
    const stream = new SlowSink();
    const { result } = await subject.invoke({ do: 'stream, then fail' }, undefined, { stream });
    expect(result).toMatchObject({ ok: false, type: 'Midway', message: 'no more', streamed: 4 });
    expect(stream.text).toBe('some');
    expect((await subject.invoke({ do: 'count' })).value).toBe(2);
  });

  it('are truncated when the runtime dies', async () => {
    const subject = odd();
    const stream = new SlowSink();
    const { result } = await subject.invoke({ do: 'stream, then die' }, undefined, { stream });
    expect(result).toMatchObject({ ok: false, type: 'Runtime.TruncatedResponse', streamed: 4 });
    expect((await subject.invoke({ do: 'count' })).value).toBe(1);
  });
});

describe('faults that the host plays', () => {
  const injected = { errorType: 'Injected', message: 'by the fault' } as const;

  it('an exception: before, the runtime is not asked; after, it is', async () => {
    const subject = odd();
    const before = await subject.invoke({ do: 'count' }, [{ type: 'throw', when: 'before', ...injected }]);
    expect(before.result).toMatchObject({ kind: 'function', type: 'Injected', message: 'by the fault' });
    expect((await subject.invoke({ do: 'count' })).value).toBe(1);
    const after = await subject.invoke({ do: 'count' }, [{ type: 'throw', when: 'after', ...injected }]);
    expect(after.value).toEqual({ errorType: 'Injected', errorMessage: 'by the fault' });
    expect((await subject.invoke({ do: 'count' })).value).toBe(3);
  });

  it('a hang: before, the runtime is not asked; after, its answer goes nowhere; until the timeout', async () => {
    const clock = new VirtualClock();
    const subject = odd({ clock, timeoutMs: 3_000 });
    await subject.invoke({ do: 'count' });
    const before = subject.invoke({ do: 'count' }, [{ type: 'hang', mode: 'idle', when: 'before' }]);
    await subject.until(() => states(subject).includes('busy'));
    await clock.advance(3_000);
    expect((await before).result).toMatchObject({ kind: 'timeout', type: 'Sandbox.Timedout' });
    const after = subject.invoke({ do: 'twice' }, [{ type: 'hang', mode: 'busy', when: 'after' }]);
    await subject.until(() => subject.log.some(({ text }) => text.startsWith('202 403')));
    await clock.advance(3_000);
    expect((await after).result).toMatchObject({ kind: 'timeout' });
    expect((await subject.invoke({ do: 'count' })).value).toBe(1);
  });

  it.each([
    ['before', { signal: 'SIGKILL' }, 'signal: killed'],
    ['after', { signal: 'SIGKILL' }, 'signal: killed'],
    ['before', { exitCode: 4 }, 'exit status 4'],
  ] as const)('a crash %s by %o', async (when, how, message) => {
    const subject = odd();
    const { result } = await subject.invoke({ do: 'count' }, [{ type: 'crash', when, how }]);
    expect(result).toMatchObject({ kind: 'exit', message: expect.stringContaining(message) });
    expect((await subject.invoke({ do: 'count' })).value).toBe(1);
  });

  it('not of the network: the log says so once', async () => {
    const subject = odd();
    const network = { type: 'network', fault: 'network-1', mode: 'refused', hosts: [] } as const;
    for (const value of [1, 2]) expect((await subject.invoke({ do: 'count' }, [network])).value).toBe(value);
    const told = subject.log.filter(({ text }) => text.includes('does not reach into a provided runtime'));
    expect(told).toHaveLength(1);
  });
});

describe('the end of a runtime', () => {
  it('is asked for first, and its port is gone with it', async () => {
    const subject = odd();
    const { value } = await subject.invoke({ do: 'environment' });
    const [host, port] = (value as Record<string, string>)['AWS_LAMBDA_RUNTIME_API']?.split(':') ?? [];
    const connect = (): Promise<string> =>
      new Promise((resolve) => {
        const socket = net.connect(Number(port), host, () => {
          socket.destroy();
          resolve('connected');
        });
        socket.once('error', ({ message }) => resolve(message));
      });
    expect(await connect()).toBe('connected');
    const pids = subject.pids();
    await subject.pool.drain();
    expect(subject.log.map(({ text }) => text)).toContain('shutting down');
    expect(pids.filter(alive)).toEqual([]);
    expect(await connect()).toContain('ECONNREFUSED');
  });

  it('comes 500 ms later to one that does not listen', async () => {
    const clock = new VirtualClock();
    const subject = odd({ clock, environment: { ODD_TERM: 'ignore' } });
    await subject.invoke({ do: 'count' });
    const pids = subject.pids();
    const drained = subject.pool.drain();
    await subject.until(() => subject.log.some(({ text }) => text === 'ignoring SIGTERM'));
    await clock.advance(499);
    expect(pids.filter(alive)).toEqual(pids);
    await clock.advance(1);
    await drained;
    expect(pids.filter(alive)).toEqual([]);
  });

  it('comes before its start when it is no longer wanted', async () => {
    const subject = odd({ scaling: { min: 2, max: 2 } });
    await subject.until(() => subject.pool.snapshot().instances.length === 2);
    await subject.pool.kill();
    expect(subject.pool.snapshot().instances).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('with freeze: stopped between invocations, and still ended', async () => {
    const subject = odd({ function: { freeze: true } });
    await subject.invoke({ do: 'count' });
    const [pid] = subject.pids();
    const stopped = (): boolean => / T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    await subject.until(stopped);
    expect((await subject.invoke({ do: 'count' })).value).toBe(2);
    await subject.until(stopped);
    await subject.pool.drain();
    expect(subject.log.map(({ text }) => text)).toContain('shutting down');
  });
});

describe('reload', () => {
  const answering = (value: number): string => `#!/bin/sh
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while id=$(curl -sS -o /dev/null -D - "$api/next" | tr -d '\\r' | sed -n 's/^Lambda-Runtime-Aws-Request-Id: //p'); do
  [ -n "$id" ] || exit 1
  curl -sS -o /dev/null -d ${value} "$api/$id/response"
done
`;

  it('serves the new bootstrap; one that cannot be run leaves the old one serving', async () => {
    write(answering(1));
    const subject = provided('bootstrap', { root: folder });
    expect((await subject.invoke()).value).toBe(1);
    write(answering(2));
    expect(await subject.pool.reload()).toEqual({ version: 2 });
    expect((await subject.invoke()).value).toBe(2);
    write(answering(3), 0o644);
    await subject.pool.reload();
    expect(subject.pool.snapshot().problem).toMatchObject({ hint: 'run chmod +x bootstrap', lastGoodServes: true });
    expect((await subject.invoke()).value).toBe(2);
    chmodSync(path.join(folder, 'bootstrap'), 0o755);
    await subject.pool.reload();
    expect(subject.pool.snapshot().problem).toBeUndefined();
    expect((await subject.invoke()).value).toBe(3);
  });
});
