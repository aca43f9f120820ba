import {
  InvalidParameterValueException,
  InvalidRequestContentException,
  InvokeAsyncCommand,
  InvokeCommand,
  LambdaClient,
  ResourceNotFoundException,
  TooManyRequestsException,
  type InvokeCommandInput,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FaultlineError } from '../../../emulator/contract/errors.js';
import type { AsyncEvent } from '../../../emulator/delivery/types.js';
import { segmentOf } from '../../../emulator/trace-header.js';
import { failure, request, startGateway, throttled, throttledBy, unloadable } from './harness.js';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:';
const ROOT = '1-5759e988-bd862e3fe1be46a994272793';

/** What becomes of the next asynchronous event. */
let accepting: (event: AsyncEvent) => Promise<void> = () => Promise.resolve();
let accepted: AsyncEvent[] = [];
let started: Awaited<ReturnType<typeof startGateway>>;
let client: LambdaClient;

beforeAll(async () => {
  started = await startGateway(
    {
      echo: (event, { clientContext, arn, traceId }) => ({ event, context: clientContext ?? null, arn, traceId }),
      nothing: () => undefined,
      fail: () => {
        throw failure('function', 'TypeError', 'broken');
      },
      streams: async (_event, _work, stream) => {
        await stream.prelude({ statusCode: 201 });
        await stream.write('body');
      },
      throttled,
      full: throttledBy('ConcurrentInvocationLimitExceeded'),
      unloadable,
    },
    [],
    {
      configs: { echo: { aliases: ['live'] }, fail: { tracing: 'active' } },
      accept: (event) => {
        accepted.push(event);
        return accepting(event);
      },
    },
  );
  client = newClient(1);
});
function newClient(maxAttempts: number): LambdaClient {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new LambdaClient({ endpoint: started.url, region: 'us-east-1', credentials, maxAttempts });
}
beforeEach(() => {
  accepting = () => Promise.resolve();
  accepted = [];
});
afterAll(async () => {
  client.destroy();
  await started.gateway.close();
});

const invoke = (FunctionName: string, more: Partial<InvokeCommandInput> = {}) =>
  client.send(new InvokeCommand({ FunctionName, ...more }));
/** The error that a call ends with. */
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => {
      throw new Error('the call succeeded');
    },
    (error: unknown) => error as Error & { $metadata: { httpStatusCode: number } },
  );
const parsed = (payload: Uint8Array | undefined) =>
  JSON.parse(Buffer.from(payload ?? []).toString()) as Record<string, unknown>;
const url = (name: string): string => `${started.url}/2015-03-31/functions/${name}/invocations`;
const post = (name: string, headers: Record<string, string> = {}, body?: string | Buffer) =>
  request(url(name), { method: 'POST', headers }, body);

describe('the unmodified SDK', () => {
  it('invokes and gets the result', async () => {
    const reply = await invoke('echo', { Payload: '{"n":1}' });
    expect(reply).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect([reply.FunctionError, reply.LogResult]).toEqual([undefined, undefined]);
    expect(parsed(reply.Payload)).toMatchObject({ event: { n: 1 }, context: null });
    expect(reply.$metadata.requestId).toBe(started.records.at(-1)?.requestId);
    expect(started.records.at(-1)).toMatchObject({ source: 'sdk' });
  });

  it.each([undefined, ''])('invokes with the payload %j as with {}', async (Payload) => {
    expect(parsed((await invoke('echo', Payload === undefined ? {} : { Payload })).Payload)).toMatchObject({
      event: {},
    });
  });

  it.each([
    ['echo', undefined, 'echo'],
    [`${ARN}echo`, undefined, 'echo'],
    ['000000000000:function:echo', undefined, 'echo'],
    ['function:echo', undefined, 'echo'],
    ['echo:$LATEST', undefined, 'echo:$LATEST'],
    ['echo', '$LATEST', 'echo:$LATEST'],
    ['echo', 'live', 'echo:live'],
    [`${ARN}echo:live`, undefined, 'echo:live'],
    ['echo:live', 'live', 'echo:live'],
  ])('invokes %s with the qualifier %s', async (name, Qualifier, invoked) => {
    const reply = await invoke(name, Qualifier === undefined ? {} : { Qualifier });
    expect(reply).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(parsed(reply.Payload)['arn']).toBe(`arn:aws:lambda:us-east-1:000000000000:function:${invoked}`);
  });

  it('invokes a function that returns nothing: null', async () => {
    expect(parsed((await invoke('nothing')).Payload)).toBeNull();
  });

  it('passes the client context on', async () => {
    const ClientContext = Buffer.from('{"custom":{"a":"b"}}').toString('base64');
    expect(parsed((await invoke('echo', { ClientContext })).Payload)).toMatchObject({
      context: '{"custom":{"a":"b"}}',
    });
  });

  it('gets a function error as a result', async () => {
    const reply = await invoke('fail');
    expect(reply).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(parsed(reply.Payload)).toEqual({ errorType: 'TypeError', errorMessage: 'broken', trace: [] });
  });

  it('gets a module that does not load as a function error too', async () => {
    const reply = await invoke('unloadable');
    expect(reply).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled', ExecutedVersion: '$LATEST' });
    expect(parsed(reply.Payload)).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
  });

  it('gets what a streaming handler has written, gathered', async () => {
    const { Payload } = await invoke('streams');
    expect(Buffer.from(Payload ?? []).toString()).toBe(`{"statusCode":201}${'\0'.repeat(8)}body`);
  });

  it('gets the tail of the log', async () => {
    const { LogResult } = await invoke('echo', { LogType: 'Tail' });
    const { requestId } = started.records.at(-1) ?? {};
    expect(Buffer.from(LogResult ?? '', 'base64').toString()).toBe(`START RequestId: ${String(requestId)}\nEND\n`);
  });

  it('makes a dry run', async () => {
    const before = started.records.length;
    expect((await invoke('echo', { InvocationType: 'DryRun' })).StatusCode).toBe(204);
    expect((await refusal(invoke('nope', { InvocationType: 'DryRun' }))).name).toBe('ResourceNotFoundException');
    expect([started.records.length, accepted.length]).toEqual([before, 0]);
  });
});

describe('its exceptions', () => {
  it.each([
    ['nope', {}, `${ARN}nope:$LATEST`],
    ['nope', { Qualifier: 'live' }, `${ARN}nope:live`],
    ['echo', { Qualifier: '7' }, `${ARN}echo:7`],
    ['echo:next', {}, `${ARN}echo:next`],
  ])('%s, %o: not found', async (name, more, arn) => {
    const missing = await refusal(invoke(name, more));
    expect(missing).toBeInstanceOf(ResourceNotFoundException);
    expect(missing).toMatchObject({ message: `Function not found: ${arn}`, Type: 'User' });
  });

  it.each([
    ['throttled', 'ReservedFunctionConcurrentInvocationLimitExceeded'],
    ['full', 'ConcurrentInvocationLimitExceeded'],
  ])('%s: 429 with the Reason that the pool gives', async (name, Reason) => {
    const busy = await refusal(invoke(name));
    expect(busy).toBeInstanceOf(TooManyRequestsException);
    expect(busy).toMatchObject({ message: 'Rate Exceeded.', Reason, $metadata: { httpStatusCode: 429 } });
  });

  it('are those of names and qualifiers', async () => {
    expect(await refusal(invoke('echo:1', { Qualifier: '2' }))).toBeInstanceOf(InvalidParameterValueException);
    expect(await refusal(invoke(`${ARN}echo`.replace('us-east-1', 'eu-west-1')))).toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
    });
    expect(await refusal(invoke('123456789012:function:echo'))).toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 403 },
    });
    expect((await refusal(invoke('my-function!'))).name).toBe('ValidationException');
  });

  it('are those of payloads', async () => {
    expect(await refusal(invoke('echo', { Payload: '{"a":' }))).toBeInstanceOf(InvalidRequestContentException);
    expect(await refusal(invoke('echo', { Payload: Buffer.from('n\x87r', 'latin1') }))).toMatchObject({
      name: 'InvalidRequestContentException',
      Type: 'User',
      message:
        'Could not parse request body into json: Could not parse payload into json: Invalid UTF-8 start byte 0x87\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 3]',
    });
  });

  it('are those of sizes, in the words that callers see', async () => {
    const name = 'RequestEntityTooLargeException';
    const large = (bytes: number): Partial<InvokeCommandInput> => ({ Payload: `"${'x'.repeat(bytes - 2)}"` });
    expect(await refusal(invoke('echo', large(6_291_457)))).toMatchObject({
      name,
      message: 'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
      $metadata: { httpStatusCode: 413 },
    });
    expect((await invoke('nothing', large(6_291_456))).StatusCode).toBe(200);
    expect(await refusal(invoke('echo', { InvocationType: 'Event', ...large(1_048_577) }))).toMatchObject({
      name,
      message: '1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)',
    });
    expect((await invoke('echo', { InvocationType: 'Event', ...large(1_048_576) })).StatusCode).toBe(202);
  });
});

describe('an asynchronous invocation', () => {
  it('is answered once it is kept', async () => {
    let keep: () => void = () => undefined;
    accepting = () => new Promise((resolve) => (keep = resolve));
    let answered = false;
    const ClientContext = Buffer.from('{}').toString('base64');
    const reply = invoke('echo', {
      InvocationType: 'Event',
      Payload: '{"late":true}',
      Qualifier: 'live',
      ClientContext,
    });
    void reply.then(() => (answered = true));
    // A whole call in between: had it been answered before it was kept, that would be seen now.
    await invoke('nothing');
    await invoke('nothing');
    expect([answered, accepted.length]).toEqual([false, 1]);
    keep();
    const { StatusCode, Payload, ExecutedVersion, $metadata } = await reply;
    expect([StatusCode, Payload?.length ?? 0, ExecutedVersion]).toEqual([202, 0, undefined]);
    expect(accepted).toEqual([
      {
        requestId: $metadata.requestId,
        function: 'echo',
        payload: Buffer.from('{"late":true}'),
        source: 'sdk-async',
        qualifier: 'live',
        traceId: expect.stringContaining(';Sampled=0'),
      },
    ]);
  });

  it('without a payload has the event {}', async () => {
    await invoke('echo', { InvocationType: 'Event' });
    expect(accepted[0]?.payload.toString()).toBe('{}');
  });

  it.each([
    ['FUNCTION_NOT_FOUND', 'ResourceNotFoundException', 404],
    ['STOPPING', 'ServiceException', 503],
    ['STORE_UNAVAILABLE', 'ServiceException', 503],
    ['INTERNAL', 'ServiceException', 500],
  ] as const)('that is not kept (%s) is %s', async (code, name, httpStatusCode) => {
    accepting = () => Promise.reject(new FaultlineError(code, 'not now'));
    expect(await refusal(invoke('echo', { InvocationType: 'Event' }))).toMatchObject({
      name,
      $metadata: { httpStatusCode },
    });
  });

  it('that cannot be kept is tried again by the SDK', async () => {
    const persistent = newClient(2);
    let attempts = 0;
    accepting = () =>
      ++attempts === 1 ? Promise.reject(new FaultlineError('STORE_UNAVAILABLE', 'disk full')) : Promise.resolve();
    const reply = await persistent.send(new InvokeCommand({ FunctionName: 'echo', InvocationType: 'Event' }));
    expect([reply.StatusCode, attempts]).toEqual([202, 2]);
    persistent.destroy();
  });

  it('may be asked for by the deprecated call', async () => {
    const reply = await client.send(new InvokeAsyncCommand({ FunctionName: 'echo', InvokeArgs: '{"old":1}' }));
    expect([reply.Status, accepted[0]?.payload.toString()]).toEqual([202, '{"old":1}']);
  });
});

describe('on the wire', () => {
  it('errors have their name in a header and their members in the service’s letter case', async () => {
    const missing = await post('nope');
    expect([missing.status, missing.headers['x-amzn-errortype'], missing.body.toString()]).toEqual([
      404,
      'ResourceNotFoundException',
      `{"Type":"User","Message":"Function not found: ${ARN}nope:$LATEST"}`,
    ]);
    const busy = await post('throttled');
    expect([busy.status, busy.headers['x-amzn-errortype'], busy.body.toString()]).toEqual([
      429,
      'TooManyRequestsException',
      '{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}',
    ]);
    const invalid = await post('echo', {}, '{');
    expect([invalid.status, invalid.headers['x-amzn-errortype']]).toEqual([400, 'InvalidRequestContentException']);
    expect(invalid.body.toString()).toMatch(/^\{"Type":"User","message":"Could not parse request body into json: /);
    const large = await post('echo', {}, `"${'x'.repeat(6_291_456)}"`);
    expect([large.status, large.body.toString()]).toEqual([
      413,
      '{"Message":"Request must be smaller than 6291456 bytes for the InvokeFunction operation"}',
    ]);
  });

  it('an answer has exactly the service’s headers', async () => {
    const { headers } = await post('nothing', {}, '1');
    const { date: _date, connection: _connection, 'keep-alive': _keepAlive, ...rest } = headers;
    const { requestId, traceId } = started.records.at(-1) ?? {};
    expect(rest).toEqual({
      'content-type': 'application/json',
      'content-length': '4',
      'x-amz-executed-version': '$LATEST',
      'x-amzn-requestid': requestId,
      'x-amzn-remapped-content-length': '0',
      'x-amzn-trace-id': `root=${String(traceId)};sampled=0`,
    });
    const event = await post('echo', { 'x-amz-invocation-type': 'Event' });
    expect(Object.keys(event.headers).sort()).toEqual([
      'connection',
      'content-length',
      'date',
      'keep-alive',
      'x-amzn-remapped-content-length',
      'x-amzn-requestid',
      'x-amzn-trace-id',
    ]);
  });

  it('a trace goes in, through and out', async () => {
    const given = `Root=${ROOT};Parent=53995c3f42cd8ad8;Sampled=1`;
    const reply = await post('echo', { 'x-amzn-trace-id': given }, '{}');
    const { requestId = '', traceId, sampled } = started.records.at(-1) ?? {};
    const own = `Root=${ROOT};Parent=${segmentOf(requestId)};Sampled=1`;
    expect(JSON.parse(reply.body.toString())).toMatchObject({ traceId: own });
    expect([reply.headers['x-amzn-trace-id'], traceId, sampled]).toEqual([own.toLowerCase(), ROOT, true]);
    const w3c = await post('echo', { traceparent: '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-00' }, '{}');
    expect(w3c.headers['x-amzn-trace-id']).toBe(`root=${ROOT};sampled=0`);
    // A function that traces actively samples what nobody has decided.
    expect((await post('fail')).headers['x-amzn-trace-id']).toMatch(/^root=1-.*;parent=[0-9a-f]{16};sampled=1$/);
  });

  it.each([
    [{ 'x-amz-invocation-type': 'Later' }, 'ValidationException', "Value 'Later' at 'invocationType' failed"],
    [{ 'x-amz-log-type': 'Head' }, 'ValidationException', "Value 'Head' at 'logType' failed"],
    [{ 'x-amz-client-context': 'bm90IGpzb24=' }, 'InvalidRequestContentException', 'valid Base64-encoded JSON object'],
    [{ 'x-amz-client-context': 'MQ==' }, 'InvalidRequestContentException', 'valid Base64-encoded JSON object'],
    [
      { 'x-amz-client-context': Buffer.from(`{"a":"${'x'.repeat(2_700)}"}`).toString('base64') },
      'InvalidRequestContentException',
      'at most 3583 bytes',
    ],
  ])('%o is a 400', async (headers, name, why) => {
    const before = started.records.length;
    const reply = await post('echo', headers, '{}');
    expect([reply.status, reply.headers['x-amzn-errortype']]).toEqual([400, name]);
    expect(reply.body.toString()).toContain(why);
    expect(started.records.length).toBe(before);
  });

  it('a client context of 3583 bytes is taken', async () => {
    const context = Buffer.from(`{"a":"${'x'.repeat(2_677)}"}`).toString('base64');
    expect([context.length, (await post('echo', { 'x-amz-client-context': context })).status]).toEqual([3_580, 200]);
  });

  it('what is not in the API is a 404', async () => {
    const reply = await request(`${started.url}/2018-10-31/layers`);
    expect([reply.status, reply.headers['x-amzn-errortype']]).toEqual([404, 'UnknownOperationException']);
    expect((await request(url('echo'), { method: 'PUT' })).status).toBe(404);
    expect((await request(`${url('echo')}/more`, { method: 'POST' })).status).toBe(404);
  });

  it('a slash at the end does not matter', async () => {
    expect((await request(`${url('echo')}/`, { method: 'POST' })).status).toBe(200);
  });
});
