import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResponseSink } from '../../../emulator/instances/types.js';
import { bench, closeAll, type Bench, type Invoked } from './harness.js';

afterAll(closeAll);

/** A consumer that keeps what it gets. */
class Consumer implements ResponseSink {
  contentType: string | undefined;
  text = '';
  bytes = 0;
  /** Chunks that it was slow with. */
  held = 0;

  constructor(private readonly slow = false) {}

  start(contentType: string): void {
    this.contentType = contentType;
  }

  write(chunk: Buffer): boolean {
    this.bytes += chunk.length;
    if (this.bytes < 10_000) this.text += chunk.toString();
    if (this.slow) this.held++;
    return !this.slow;
  }

  onDrain(callback: () => void): void {
    setImmediate(callback);
  }
}

interface Streamed extends Invoked {
  readonly consumer: Consumer;
}

async function stream(subject: Bench, event: object, consumer = new Consumer()): Promise<Streamed> {
  return { ...(await subject.invoke(event, undefined, { stream: consumer })), consumer };
}

describe('a streaming handler', () => {
  let subject: Bench;
  const run = (name: string, more?: object): Promise<Streamed> => stream(subject, { case: name, ...more });

  beforeAll(() => {
    subject = bench('streams.cjs', { memoryMb: 128 });
  });

  it('hands on what it writes: text, bytes, and everything else as JSON', async () => {
    const { consumer, result } = await run('hello');
    expect(consumer).toMatchObject({ contentType: 'text/plain', text: 'a{"json":true}üend' });
    expect(result).toMatchObject({ ok: true, streamed: consumer.bytes, maxMemoryMb: expect.any(Number) });
    expect((await run('empty')).consumer).toMatchObject({ contentType: '', bytes: 0 });
    expect((await run('piped', { n: 1 })).consumer.text).toBe('xy{"case":"piped","n":1}');
    expect((await run('pipedAndLeft')).consumer.text).toBe('later');
  });

  it('gives its answer whole to who does not take it as a stream', async () => {
    const { result } = await subject.invoke({ case: 'hello' });
    expect(result).toMatchObject({ ok: true, payload: Buffer.from('a{"json":true}üend') });
    expect(result).not.toHaveProperty('streamed');
  });

  it('puts status and headers in front of the body, with the first write and only then', async () => {
    expect((await run('prelude')).consumer).toMatchObject({
      contentType: 'application/vnd.awslambda.http-integration-response',
      text: `{"statusCode":201,"cookies":["a=b"]}${'\0'.repeat(8)}body`,
    });
    const lost = await run('preludeLost');
    expect(lost.consumer.text).toBe('body');
    expect(lost.lines).toEqual([expect.stringMatching(/^\[faultline\] the status and headers .* are lost/)]);
  });

  it('fails as any other before its first byte, with what it has written after it', async () => {
    const first = await run('failsFirst');
    expect(first.result).toMatchObject({ ok: false, kind: 'function', type: 'RangeError', message: 'first' });
    expect(first.consumer.contentType).toBeUndefined();
    expect(first.lines[0]).toMatch(/\tERROR\tInvoke Error \t\{"errorType":"RangeError"/);
    const midway = await run('failsMidway');
    expect(midway.result).toMatchObject({ kind: 'function', type: 'RangeError', message: 'midway', streamed: 4 });
    expect(midway.consumer.text).toBe('some');
    expect(midway.value).toMatchObject({
      trace: ['RangeError: midway', expect.stringContaining('streams.cjs:'), expect.anything()],
    });
    expect(midway.instance).toBe(first.instance);
  });

  it.each([
    ['notAsync', 'string', 'Streaming does not support non-async handlers.'],
    ['lateType', 'Runtime.InvalidStreamingOperation', 'Cannot set content-type, too late.'],
    ['nothingToWrite', 'TypeError', "Cannot read properties of null (reading 'length')"],
  ])('%s is an error', async (name, type, message) => {
    expect((await run(name)).result).toMatchObject({ ok: false, kind: 'function', type, message });
  });

  it('is not over with its response', async () => {
    const goesOn = await run('goesOn');
    expect(goesOn).toMatchObject({ result: { ok: true }, lines: [expect.stringContaining('went on')] });
    const late = await run('failsAfter');
    expect(late.result).toMatchObject({ ok: true, streamed: 5 });
    expect(late.lines).toEqual([expect.stringContaining('after the end')]);
    expect((await run('failsAtOnceAfter')).result).toMatchObject({ ok: true, streamed: 5 });
    expect(await run('writesAfter')).toMatchObject({ result: { ok: true }, consumer: { text: 'whole' } });
    expect(await run('neverSettles')).toMatchObject({ result: { ok: true }, consumer: { text: 'whole' } });
    expect((await run('returns')).lines).toEqual([expect.stringContaining('Streaming handlers ignore return values.')]);
  });

  it('waits for what it has left running, unless it says otherwise', async () => {
    expect((await run('background')).lines).toEqual([expect.stringContaining('left running')]);
    const left = await run('backgroundLeft');
    expect(left.lines).toEqual([]);
    // It goes on in the next one's time.
    expect((await run('background')).lines).toHaveLength(2);
  });

  it('has faults as any other: before its first byte, or at the end', async () => {
    const invoke = (when: 'before' | 'after'): Promise<Invoked> =>
      subject.invoke({ case: 'empty' }, [{ type: 'throw', when, errorType: 'Injected', message: when }], {
        stream: new Consumer(),
      });
    expect((await invoke('before')).result).toMatchObject({ kind: 'function', type: 'Injected', message: 'before' });
    expect((await invoke('after')).result).toMatchObject({ kind: 'function', type: 'Injected', streamed: 0 });
    expect((await run('hello')).result).toMatchObject({ ok: true });
  });

  it('gets what Lambda gives it, and no more', async () => {
    const { value } = await subject.invoke({ case: 'shape' });
    expect(value).toEqual({
      context: [
        'callbackWaitsForEmptyEventLoop',
        'functionVersion',
        'functionName',
        'memoryLimitInMB',
        'logGroupName',
        'logStreamName',
        'clientContext',
        'identity',
        'invokedFunctionArn',
        'awsRequestId',
        'tenantId',
        'getRemainingTimeInMillis',
      ],
      pipe: 'undefined',
      needsDrain: false,
    });
    expect((await subject.invoke({ case: 'limit' })).value).toBe(32_768);
  });

  it('is held back by a slow consumer: 150 MB pass through 128 MB of memory', async () => {
    const consumer = new Consumer(true);
    const { result } = await stream(subject, { case: 'large', megabytes: 150 }, consumer);
    expect(result).toMatchObject({ ok: true, streamed: 150 * 1_048_576 });
    expect(consumer.bytes).toBe(150 * 1_048_576);
    expect(consumer.held).toBeGreaterThan(1_000);
  });

  it('is refused above 200 MB', async () => {
    const { result, consumer } = await run('large', { megabytes: 201 });
    expect(result).toMatchObject({ ok: false, type: 'Function.ResponseSizeTooLarge' });
    expect(consumer.bytes).toBeLessThanOrEqual(200 * 1_048_576);
  });
});

describe('a stream that ends its instance', () => {
  // As with the vendor's client, which leaves the error of a broken stream unhandled.
  it.each([
    ['writesAtOnceAfter', 'Runtime.UnhandledPromiseRejection', 'write after end'],
    ['destroyed', 'Runtime.UnhandledPromiseRejection', 'Error: destroyed'],
    ['sourceFails', 'Runtime.UnhandledPromiseRejection', 'Error: the source broke'],
    ['throwsMidway', 'TypeError', 'in a timer'],
  ])('%s', async (name, type, message) => {
    const { result, lines } = await stream(bench('streams.cjs'), { case: name });
    expect(result).toMatchObject({ ok: false, kind: 'exit', type, message: expect.stringContaining(message) });
    expect(lines.at(-1)).toMatch(/ERROR\t(Unhandled Promise Rejection|Uncaught Exception) /);
  });

  it('has logged what was logged before an exit, also with a slow consumer', async () => {
    const { result, lines } = await stream(bench('streams.cjs'), { case: 'exits' }, new Consumer(true));
    expect(result).toMatchObject({ kind: 'exit', message: expect.stringContaining('exit status 3') });
    expect(lines).toEqual([expect.stringContaining('before the exit')]);
  });

  it('never ended, it runs into the timeout, and the log says why', async () => {
    const { result, consumer, lines } = await stream(bench('streams.cjs', { timeoutMs: 1_000 }), {
      case: 'neverEnded',
    });
    expect(result).toMatchObject({ kind: 'timeout', type: 'Sandbox.Timedout' });
    expect(consumer.text).toBe('some');
    expect(lines).toEqual([expect.stringContaining('[faultline] the response stream was never ended')]);
  });
});

it('a handler goes on while its consumer is slow', async () => {
  let drain: (() => void) | undefined;
  const consumer: ResponseSink = {
    start: () => undefined,
    write: () => drain !== undefined,
    onDrain: (callback) => (drain = callback),
  };
  const subject = bench('streams.cjs');
  const running = subject.invoke({ case: 'goesOnWhileSlow', megabytes: 3 }, undefined, { stream: consumer });
  // A child process tells, since the log is behind the response.
  await subject.until(() => subject.log.some(({ text }) => text === 'not blocked'));
  drain?.();
  expect((await running).lines.at(-1)).toContain('logged in order');
});

it('a handler of another mode does not load', async () => {
  expect((await bench('streams.cjs:other').invoke()).result).toMatchObject({
    kind: 'init',
    type: 'Runtime.MalformedStreamingHandler',
    message: 'Only response streaming is supported.',
  });
});
