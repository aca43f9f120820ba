import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MAX_PAYLOAD_BYTES } from '../../../emulator/contract/config.js';
import type { ResponseSink } from '../../../emulator/instances/types.js';
import { bench, closeAll, repo, type Bench, type Given } from './harness.js';

/** AWS's own client of the Runtime API, unmodified, as scripts/lib/aws-lambda-ric.mjs has compiled it. */
const client = path.join(repo, '.tools/aws-lambda-ric/node_modules/aws-lambda-ric');
const fixtures = path.join(repo, 'test/fixtures/provided');

function subject(handler: string, given: Given = {}): Bench {
  const command = [process.execPath, path.join(client, 'bin/index.mjs'), handler] as const;
  return bench('handlers.cjs', {
    root: fixtures,
    scaling: { max: 1 },
    ...given,
    function: { runtime: 'provided', handler, file: path.join(fixtures, 'handlers.cjs'), export: '', command },
  });
}

class Sink implements ResponseSink {
  contentType: string | undefined;
  bytes = Buffer.alloc(0);

  start(contentType: string): void {
    this.contentType = contentType;
  }

  write(chunk: Buffer): boolean {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    return true;
  }

  onDrain(): void {
    throw new Error('it was never full');
  }
}

/** The document before the eight zeros, and what follows them. */
function split(bytes: Buffer): { prelude: unknown; body: string } {
  const at = bytes.indexOf(Buffer.alloc(8));
  return { prelude: JSON.parse(bytes.toString('utf8', 0, at)), body: bytes.toString('utf8', at + 8) };
}

// Its own install script leaves macOS and Windows out: half of it is C++ for Linux.
describe.runIf(process.platform === 'linux')('the official aws-lambda-ric as bootstrap', () => {
  beforeAll(() => {
    if (!existsSync(path.join(client, 'dist/rapid-client.node')))
      throw new Error('aws-lambda-ric is not compiled yet. Run: node scripts/tools.mjs');
  });
  afterEach(closeAll);

  it('runs an async handler, again and again, with its whole context', async () => {
    const bench = subject('handlers.echo', { timeoutMs: 10_000, memoryMb: 256 });
    const more = { clientContext: '{"client":{"app_title":"Zürich €"}}', traceId: 'Root=1-a-b;Parent=c;Sampled=1' };
    const first = await bench.invoke({ sku: 'ä' }, undefined, more);
    expect(first.value).toEqual({
      event: { sku: 'ä' },
      count: 1,
      requestId: expect.stringMatching(/^request-/),
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:subject',
      name: 'subject',
      memory: '256',
      clientContext: { client: { app_title: 'Zürich €' } },
      remaining: expect.any(Number),
      trace: more.traceId,
    });
    const { remaining, requestId } = first.value as { remaining: number; requestId: string };
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThanOrEqual(10_000);
    expect(first.lines).toEqual([
      expect.stringMatching(new RegExp(`^[\\dTZ:.-]+\t${requestId}\tINFO\thandling { sku: 'ä' }$`)),
    ]);
    const second = await bench.invoke({});
    expect(second.value).toMatchObject({ event: {}, count: 2 });
    expect(second.value).not.toHaveProperty('clientContext');
  });

  it('runs a callback handler', async () => {
    const bench = subject('handlers.callback');
    for (const n of [1, 2]) expect((await bench.invoke({ n })).value).toEqual({ twice: 2 * n });
  });

  it('passes on what a handler throws', async () => {
    const bench = subject('handlers.fail');
    const { result, value } = await bench.invoke({ message: 'too far ✗' });
    expect(result).toMatchObject({ ok: false, kind: 'function', type: 'RangeError', message: 'too far ✗' });
    expect(value).toEqual({
      errorType: 'RangeError',
      errorMessage: 'too far ✗',
      trace: expect.arrayContaining(['RangeError: too far ✗']),
    });
    expect((await bench.invoke({ message: 'again' })).result).toMatchObject({ message: 'again' });
  });

  it('passes on an exception outside of the handler, after which it exits', async () => {
    const bench = subject('handlers.unhandled');
    const [first, second] = [await bench.invoke(), await bench.invoke()];
    for (const { result } of [first, second])
      expect(result).toMatchObject({ ok: false, type: 'Error', message: 'outside of the handler' });
    expect(first.instance?.id).not.toBe(second.instance?.id);
  });

  it('is told when a result is too large', async () => {
    const bench = subject('handlers.big');
    expect((await bench.invoke({ bytes: MAX_PAYLOAD_BYTES })).result).toMatchObject({ ok: true });
    const { result } = await bench.invoke({ bytes: MAX_PAYLOAD_BYTES + 1 });
    expect(result).toMatchObject({ kind: 'response', type: 'Function.ResponseSizeTooLarge' });
    expect((await bench.invoke({ bytes: 10 })).value).toBe('x'.repeat(8));
  });

  it('streams a response with its prelude', async () => {
    const bench = subject('handlers.stream');
    for (const stream of [new Sink(), new Sink()]) {
      const { result } = await bench.invoke({}, undefined, { stream });
      expect(result).toMatchObject({ ok: true, streamed: stream.bytes.length });
      expect(stream.contentType).toBe('application/vnd.awslambda.http-integration-response');
      const prelude = { statusCode: 201, headers: { 'content-type': 'text/plain' } };
      expect(split(stream.bytes)).toEqual({ prelude, body: 'one two' });
    }
  });

  it('streams a response that fails in the middle', async () => {
    const stream = new Sink();
    const bench = subject('handlers.stream');
    const { result } = await bench.invoke({ fail: true }, undefined, { stream });
    expect(result).toMatchObject({ ok: false, type: 'TypeError', message: 'midway' });
    expect(split(stream.bytes).body).toBe('one two');
    expect((await bench.invoke({}, undefined, { stream: new Sink() })).result).toMatchObject({ ok: true });
  });

  it('reports a module that is missing', async () => {
    const { result, value } = await subject('broken.handler').invoke();
    expect(result).toMatchObject({
      kind: 'init',
      type: 'Runtime.ImportModuleError',
      message: expect.stringContaining("Cannot find module 'no-such-module'"),
    });
    expect(value).toMatchObject({ errorType: 'Runtime.ImportModuleError', trace: expect.any(Array) });
  });

  it('reports a handler that is not there', async () => {
    const { result } = await subject('handlers.none').invoke();
    expect(result).toMatchObject({ kind: 'init', type: 'Runtime.HandlerNotFound' });
  });
});
