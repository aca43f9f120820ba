import { once } from 'node:events';
import http from 'node:http';
import {
  InvokeWithResponseStreamCommand,
  LambdaClient,
  ResourceNotFoundException,
  TooManyRequestsException,
  type InvokeWithResponseStreamCommandInput,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, request, startGateway, throttled, unloadable, type TestStream } from './harness.js';

/** Far more than sockets take unread. */
const BLOCK = Buffer.alloc(1_048_576, 'x');
const BLOCKS = 20;

let started: Awaited<ReturnType<typeof startGateway>>;
let client: LambdaClient;
/** A gate that a test opens for the function `steps`. */
let open: () => void = () => undefined;
let lastFlood: TestStream | undefined;

beforeAll(async () => {
  started = await startGateway({
    hello: async (event, work, stream) => {
      stream.start('text/plain');
      await stream.write('Hello ');
      await stream.write(`${String((event as { name?: string }).name)} `);
      await stream.write(work.clientContext ?? '');
    },
    steps: async (_event, _work, stream) => {
      await stream.write('one');
      await new Promise<void>((resolve) => (open = resolve));
      await stream.write('two');
    },
    flood: async (_event, _work, stream) => {
      lastFlood = stream;
      for (let i = 0; i < BLOCKS; i++) await stream.write(BLOCK);
    },
    empty: (_event, _work, stream) => stream.start(''),
    buffered: () => ({ plain: true }),
    fails: () => {
      throw failure('function', 'TypeError', 'broken');
    },
    breaks: async (_event, _work, stream) => {
      await stream.write('half');
      throw failure('timeout', 'Sandbox.Timedout', 'RequestId: x Error: Task timed out after 3.00 seconds');
    },
    throttled,
    unloadable,
  });
  client = new LambdaClient({
    endpoint: started.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  await started.gateway.close();
});

const invoke = (FunctionName: string, more: Partial<InvokeWithResponseStreamCommandInput> = {}) =>
  client.send(new InvokeWithResponseStreamCommand({ FunctionName, ...more }));

/** Every event of a stream, payloads as text. */
async function events(FunctionName: string, more: Partial<InvokeWithResponseStreamCommandInput> = {}) {
  const { EventStream } = await invoke(FunctionName, more);
  const all: unknown[] = [];
  for await (const { PayloadChunk, InvokeComplete } of EventStream ?? []) {
    all.push(PayloadChunk ? Buffer.from(PayloadChunk.Payload ?? []).toString() : InvokeComplete);
  }
  return all;
}

describe('the unmodified SDK reads a stream', () => {
  it('chunk by chunk, to its completion', async () => {
    const ClientContext = Buffer.from('{"a":1}').toString('base64');
    expect(await events('hello', { Payload: '{"name":"you"}', ClientContext })).toEqual([
      'Hello ',
      'you ',
      '{"a":1}',
      {},
    ]);
    expect(started.records.at(-1)).toMatchObject({ source: 'sdk-stream', streamed: 17 });
  });

  it('with its headers', async () => {
    const reply = await invoke('hello');
    expect(reply).toMatchObject({
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      ResponseStreamContentType: 'application/vnd.amazon.eventstream',
    });
    for await (const _event of reply.EventStream ?? []);
    expect(reply.$metadata.requestId).toBe(started.records.at(-1)?.requestId);
  });

  it('while the handler still writes', async () => {
    const { EventStream } = await invoke('steps');
    if (!EventStream) throw new Error('there is no stream');
    const iterator = EventStream[Symbol.asyncIterator]();
    const next = async () => ((await iterator.next()).value ?? {}) as { PayloadChunk?: { Payload?: Uint8Array } };
    // The second chunk is not written before the first has been read here.
    expect(Buffer.from((await next()).PayloadChunk?.Payload ?? []).toString()).toBe('one');
    open();
    expect(Buffer.from((await next()).PayloadChunk?.Payload ?? []).toString()).toBe('two');
    expect(await next()).toEqual({ InvokeComplete: {} });
  });

  it('of a handler that does not stream: its result in one chunk', async () => {
    expect(await events('buffered')).toEqual(['{"plain":true}', {}]);
  });

  it('without anything in it', async () => {
    expect(await events('empty')).toEqual([{}]);
  });

  it('with the tail of the log', async () => {
    const [{ LogResult = '' }] = (await events('empty', { LogType: 'Tail' })) as [{ LogResult?: string }];
    const { requestId } = started.records.at(-1) ?? {};
    expect(Buffer.from(LogResult, 'base64').toString()).toBe(`START RequestId: ${String(requestId)}\nEND\n`);
  });

  it.each([
    ['fails', [], 'TypeError'],
    ['breaks', ['half'], 'Sandbox.Timedout'],
    ['unloadable', [], 'Runtime.ImportModuleError'],
  ])('of %s: the error comes in InvokeComplete', async (name, chunks, errorType) => {
    const all = await events(name);
    const complete = all.pop() as { ErrorCode?: string; ErrorDetails?: string };
    expect(all).toEqual(chunks);
    expect(complete.ErrorCode).toBe('Unhandled');
    expect(JSON.parse(complete.ErrorDetails ?? '')).toMatchObject({ errorType });
  });

  it('or gets its exceptions before there is one', async () => {
    await expect(invoke('nope')).rejects.toBeInstanceOf(ResourceNotFoundException);
    await expect(invoke('throttled')).rejects.toBeInstanceOf(TooManyRequestsException);
    await expect(invoke('hello', { Payload: '{' })).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
    await expect(invoke('hello', { InvocationType: 'Event' as 'DryRun' })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('Member must satisfy enum value set: [RequestResponse, DryRun]'),
    });
  });

  it('or makes a dry run', async () => {
    const before = started.records.length;
    expect((await invoke('hello', { InvocationType: 'DryRun' })).StatusCode).toBe(204);
    expect(started.records.length).toBe(before);
  });
});

describe('a client', () => {
  const url = () => `${started.url}/2021-11-15/functions/flood/response-streaming-invocations`;

  it('that reads slowly holds the handler back, and gets everything', async () => {
    const call = http.request(url(), { method: 'POST' });
    call.end();
    const [reply] = (await once(call, 'response')) as [http.IncomingMessage];
    let bytes = 0;
    for await (const chunk of reply) bytes += (chunk as Buffer).length;
    expect(bytes).toBeGreaterThan(BLOCKS * BLOCK.length);
    expect(lastFlood?.waits).toBeGreaterThan(0);
  });

  it('that hangs up midway does not keep the handler from its end', async () => {
    const before = started.records.length;
    const call = http.request(url(), { method: 'POST' });
    call.end();
    const [reply] = (await once(call, 'response')) as [http.IncomingMessage];
    await once(reply, 'readable');
    call.destroy();
    // Other calls go on, and this one ends although nobody reads: else there would be no record.
    while (started.records.length === before) await new Promise((resolve) => setImmediate(resolve));
    expect(started.records.at(-1)).toMatchObject({ function: 'flood', streamed: BLOCKS * BLOCK.length });
    expect(started.log).toEqual([]);
  });

  it('sees the framing that the service sends', async () => {
    const reply = await request(url().replace('flood', 'hello'), { method: 'POST' });
    const { date: _date, connection: _connection, 'keep-alive': _keepAlive, ...headers } = reply.headers;
    expect(headers).toEqual({
      'content-type': 'application/vnd.amazon.eventstream',
      'transfer-encoding': 'chunked',
      'x-amz-executed-version': '$LATEST',
      'x-amzn-remapped-content-length': '0',
      'x-amzn-requestid': started.records.at(-1)?.requestId,
      'x-amzn-trace-id': expect.stringMatching(/^root=1-.*;sampled=0$/),
    });
    const text = reply.body.toString('latin1');
    expect(text).toContain(':event-type\x07\x00\x0cPayloadChunk');
    expect(text).toContain(':content-type\x07\x00\x18application/octet-stream');
    expect(text).toContain(':message-type\x07\x00\x05event');
    expect(text).toContain(':event-type\x07\x00\x0eInvokeComplete');
  });
});
