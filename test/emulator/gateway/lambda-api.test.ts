import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvalidRequestContentException,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  RequestTooLargeException,
  ResourceNotFoundException,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, request, startGateway, throttled } from './harness.js';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:';
const received: unknown[] = [];

let started: Awaited<ReturnType<typeof startGateway>>;
let client: LambdaClient;

beforeAll(async () => {
  started = await startGateway({
    echo: (event, work) => ({ event, context: work.clientContext ?? null }),
    nothing: () => undefined,
    fail: () => {
      throw failure('function', 'TypeError', 'broken');
    },
    note: (event) => received.push(event),
    throttled,
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

const invoke = (FunctionName: string, more: object = {}) => client.send(new InvokeCommand({ FunctionName, ...more }));
const parsed = (payload: Uint8Array | undefined): unknown => JSON.parse(Buffer.from(payload ?? []).toString());
const url = (name: string): string => `${started.url}/2015-03-31/functions/${name}/invocations`;

describe('the unmodified SDK', () => {
  it('invokes and gets the result', async () => {
    const reply = await invoke('echo', { Payload: '{"n":1}' });
    expect(reply).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect([reply.FunctionError, reply.LogResult]).toEqual([undefined, undefined]);
    expect(parsed(reply.Payload)).toEqual({ event: { n: 1 }, context: null });
    expect(reply.$metadata.requestId).toBe(started.records.at(-1)?.requestId);
    expect(started.records.at(-1)).toMatchObject({ source: 'sdk' });
  });

  it('invokes without a payload, as with {}', async () => {
    expect(parsed((await invoke('echo')).Payload)).toMatchObject({ event: {} });
  });

  it.each([`${ARN}echo`, '000000000000:function:echo', 'echo:$LATEST'])('invokes %s', async (name) => {
    expect((await invoke(name)).StatusCode).toBe(200);
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

  it('gets the tail of the log', async () => {
    const { LogResult } = await invoke('echo', { LogType: 'Tail' });
    const { requestId } = started.records.at(-1) ?? {};
    expect(Buffer.from(LogResult ?? '', 'base64').toString()).toBe(`START RequestId: ${String(requestId)}\nEND\n`);
  });

  it('invokes asynchronously', async () => {
    const reply = await invoke('note', { InvocationType: 'Event', Payload: '{"late":true}' });
    expect([reply.StatusCode, reply.Payload?.length ?? 0]).toEqual([202, 0]);
    expect(started.records.at(-1)).toMatchObject({ function: 'note', source: 'sdk-async' });
    expect(received).toEqual([{ late: true }]);
  });

  it('makes a dry run', async () => {
    const before = started.records.length;
    expect((await invoke('echo', { InvocationType: 'DryRun' })).StatusCode).toBe(204);
    expect(started.records.length).toBe(before);
  });

  it('gets its exceptions', async () => {
    const missing = await invoke('nope').catch((error: unknown) => error);
    expect(missing).toBeInstanceOf(ResourceNotFoundException);
    expect(missing).toMatchObject({ message: `Function not found: ${ARN}nope`, Type: 'User' });
    const busy = await invoke('throttled').catch((error: unknown) => error);
    expect(busy).toBeInstanceOf(TooManyRequestsException);
    expect(busy).toMatchObject({
      message: 'Rate Exceeded.',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      $metadata: { httpStatusCode: 429 },
    });
    await expect(invoke('echo', { Payload: '{"a":' })).rejects.toBeInstanceOf(InvalidRequestContentException);
    await expect(invoke('echo', { Qualifier: '7' })).rejects.toMatchObject({
      message: `Function not found: ${ARN}echo:7`,
    });
    const large = { InvocationType: 'Event', Payload: `"${'x'.repeat(1_048_576)}"` };
    await expect(invoke('echo', large)).rejects.toBeInstanceOf(RequestTooLargeException);
    await expect(invoke('echo', { Payload: `"${'x'.repeat(6_291_556)}"` })).rejects.toBeInstanceOf(
      RequestTooLargeException,
    );
  });

  it('reads what there is', async () => {
    const { Functions = [] } = await client.send(new ListFunctionsCommand());
    expect(Functions.map((one) => one.FunctionName)).toEqual(['echo', 'nothing', 'fail', 'note', 'throttled']);
    const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName: `${ARN}echo` }));
    expect(Configuration).toMatchObject({
      FunctionArn: `${ARN}echo`,
      Handler: 'echo.handler',
      Timeout: 3,
      MemorySize: 128,
    });
    const same = await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'echo' }));
    expect(same).toMatchObject({ FunctionName: 'echo', Runtime: 'nodejs20.x', State: 'Active' });
    await expect(client.send(new GetFunctionCommand({ FunctionName: 'nope' }))).rejects.toBeInstanceOf(
      ResourceNotFoundException,
    );
  });
});

describe('on the wire', () => {
  it('errors have their name in a header and their members in the service’s letter case', async () => {
    const missing = await request(url('nope'), { method: 'POST' });
    expect([missing.status, missing.headers['x-amzn-errortype'], missing.body.toString()]).toEqual([
      404,
      'ResourceNotFoundException',
      `{"Type":"User","Message":"Function not found: ${ARN}nope"}`,
    ]);
    const busy = await request(url('throttled'), { method: 'POST' });
    expect([busy.status, busy.headers['x-amzn-errortype'], busy.body.toString()]).toEqual([
      429,
      'TooManyRequestsException',
      '{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}',
    ]);
    const invalid = await request(url('echo'), { method: 'POST' }, '{');
    expect([invalid.status, invalid.headers['x-amzn-errortype']]).toEqual([400, 'InvalidRequestContentException']);
    expect(invalid.body.toString()).toMatch(/^\{"Type":"User","message":"Could not parse request body into json: /);
  });

  it('an answer has exactly the service’s headers', async () => {
    const { headers } = await request(url('fail'), { method: 'POST' }, '1');
    const { date: _date, connection: _connection, 'keep-alive': _keepAlive, ...rest } = headers;
    expect(rest).toEqual({
      'content-type': 'application/json',
      'content-length': '60',
      'x-amz-executed-version': '$LATEST',
      'x-amz-function-error': 'Unhandled',
      'x-amzn-requestid': started.records.at(-1)?.requestId,
    });
  });

  it.each([
    [{ 'x-amz-invocation-type': 'Later' }, "Value 'Later' at 'invocationType' failed to satisfy constraint"],
    [{ 'x-amz-log-type': 'Head' }, "Value 'Head' at 'logType' failed to satisfy constraint"],
    [{ 'x-amz-client-context': 'bm90IGpzb24=' }, 'Client context must be a valid Base64-encoded JSON object.'],
  ])('%o is a 400', async (headers, why) => {
    const reply = await request(url('echo'), { method: 'POST', headers }, '{}');
    expect(reply.status).toBe(400);
    expect(reply.body.toString()).toContain(why);
  });

  it('what is not in the API is a 404, a name that is none a 400', async () => {
    expect((await request(`${started.url}/2015-03-31/functions/echo/aliases`)).status).toBe(404);
    expect((await request(url('echo'), { method: 'PUT' })).status).toBe(404);
    expect((await request(url('a%20b'), { method: 'POST' })).status).toBe(400);
    expect((await request(`${url('echo:7')}?Qualifier=8`, { method: 'POST' })).status).toBe(400);
  });
});
