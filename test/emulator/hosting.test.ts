import { fileURLToPath } from 'node:url';
import {
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  LambdaClient,
  ListFunctionsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { GetQueueUrlCommand, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/contract/library.js';
import { startEmulator } from '../../emulator/emulator.js';
import { until } from '../support/workspace.js';

/** The rooms together, with the vendors' own clients on the other side. An hour is three seconds here. */

const root = fileURLToPath(new URL('../fixtures/hosting', import.meta.url));
const TIME_SCALE = 1_200;

let emulator: Emulator;
let lambda: LambdaClient;
let sqs: SQSClient;
beforeAll(async () => {
  emulator = await startEmulator({ root, seed: 7, timeScale: TIME_SCALE });
  const options = {
    endpoint: emulator.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  };
  lambda = new LambdaClient(options);
  sqs = new SQSClient(options);
});
afterAll(async () => {
  lambda.destroy();
  sqs.destroy();
  await emulator.stop();
});

const urlOf = async (queue: string): Promise<string> =>
  (await sqs.send(new GetQueueUrlCommand({ QueueName: queue }))).QueueUrl ?? '';
const snapshotOf = (name: string) => emulator.snapshot().functions.find((fn) => fn.name === name);

/** The next message of a queue that the condition holds for; deletes none. */
async function messageOf(queue: string, wanted: (body: string) => boolean = () => true) {
  const QueueUrl = await urlOf(queue);
  for (let tries = 0; tries < 10; tries++) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 2,
        MessageAttributeNames: ['All'],
        VisibilityTimeout: 1,
      }),
    );
    const found = Messages.find(({ Body = '' }) => wanted(Body));
    if (found) return found;
  }
  throw new Error(`no such message in ${queue}`);
}

describe('an Event invocation', () => {
  it('is retried after one minute and after two, under one request id, and its record goes to its destination', async () => {
    const { StatusCode, $metadata } = await lambda.send(
      new InvokeCommand({ FunctionName: 'third-time', InvocationType: 'Event', Payload: '{"n":1}' }),
    );
    expect(StatusCode).toBe(202);
    const record = JSON.parse((await messageOf('results')).Body ?? '') as Record<string, object>;
    expect(record).toMatchObject({
      version: '1.0',
      requestContext: { requestId: $metadata.requestId, condition: 'Success', approximateInvokeCount: 3 },
      requestPayload: { n: 1 },
      responsePayload: { calls: 3, event: { n: 1 } },
      responseContext: { statusCode: 200, executedVersion: '$LATEST' },
    });
    const attempts = emulator.invocations({ function: 'third-time' });
    expect(attempts.map(({ attempt, error }) => [attempt, error?.message])).toEqual([
      [3, undefined],
      [2, 'not yet: 2'],
      [1, 'not yet: 1'],
    ]);
    expect(new Set(attempts.map(({ requestId }) => requestId)).size).toBe(1);
  });

  it('that fails for good goes to the dead-letter queue, and its record to a function', async () => {
    await lambda.send(new InvokeCommand({ FunctionName: 'never', InvocationType: 'Event', Payload: '{"order":5}' }));
    const dead = await messageOf('dead', (body) => body.includes('order'));
    expect(dead.Body).toBe('{"order":5}');
    expect(dead.MessageAttributes?.['ErrorMessage']?.StringValue).toBe('every time');
    await until('the audit has run', () => emulator.invocations({ function: 'audit' }).length > 0);
    const [audit] = emulator.invocations({ function: 'audit' });
    expect(audit?.source).toBe('destination');
    expect(audit?.error).toBeUndefined();
  });
});

describe('a queue', () => {
  it('invokes its function in batches; only what the handler lists comes again, then to the dead-letter queue', async () => {
    const Entries = ['good 1', 'bad 1', 'good 2'].map((MessageBody, i) => ({ Id: String(i), MessageBody }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: await urlOf('jobs'), Entries }));
    await until('the batch has run', () => emulator.invocations({ function: 'worker' }).length > 0);
    expect(emulator.invocations({ function: 'worker' })[0]?.source).toBe('queue');
    await until('the good ones are gone', () => {
      const jobs = emulator.snapshot().queues.find(({ name }) => name === 'jobs');
      return (jobs?.visible ?? 0) + (jobs?.inFlight ?? 0) === 1;
    });
  });
});

it('a schedule invokes its function with its input', async () => {
  await until('it has ticked twice', () => emulator.invocations({ function: 'ticker' }).length >= 2);
  const [tick] = emulator.invocations({ function: 'ticker' });
  expect(tick?.source).toBe('schedule');
  expect(snapshotOf('ticker')?.schedules[0]).toMatchObject({ expression: 'rate(1 minute)', enabled: true });
});

it('metrics by log and by API, and segments, are joined to what sent them', async () => {
  const { ok, payload, requestId } = await emulator.invoke('telemetry');
  expect(payload).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1/);
  expect(ok).toBe(true);
  const text = await emulator.metrics();
  expect(text).toMatch(/faultline_custom_metric_sum\{[^}]*namespace="Shop"[^}]*metric="Sold"[^}]*\} 3/);
  expect(text).toMatch(/faultline_custom_metric_sum\{[^}]*namespace="Shop"[^}]*metric="Price"[^}]*\} 2\.5/);
  await until('the segment is there', async () => {
    const { record } = { record: await detail(requestId) };
    return record.segments?.some(({ name }) => name === 'lookup') ?? false;
  });
  expect((await detail(requestId)).metrics).toMatchObject([{ namespace: 'Shop', name: 'Sold', unit: 'Count' }]);
});

async function detail(requestId: string) {
  const { createClient } = await import('../../emulator/client.js');
  return createClient(emulator.control).invocation(requestId);
}

it('an SDK in a handler reaches the emulator without being told', async () => {
  const { Payload } = await lambda.send(
    new InvokeCommand({
      FunctionName: 'relay',
      Qualifier: 'live',
      Payload: JSON.stringify({ queue: await urlOf('results') }),
    }),
  );
  expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toEqual({
    echoed: { from: 'relay' },
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:relay:live',
  });
  expect((await messageOf('results', (body) => body === 'from relay')).Body).toBe('from relay');
});

describe('the Lambda API', () => {
  it('lists every function', async () => {
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
    expect(Functions.map(({ FunctionName }) => FunctionName)).toContain('third-time');
  });

  it('knows no version but the latest, and no function but its own', async () => {
    const unknown = new InvokeCommand({ FunctionName: 'echo', Qualifier: '7' });
    await expect(lambda.send(unknown)).rejects.toThrow(ResourceNotFoundException);
  });
});

describe('a streamed response', () => {
  it('reaches the unmodified SDK chunk by chunk', async () => {
    const { EventStream } = await lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: 'stream' }));
    const chunks: Buffer[] = [];
    let complete = false;
    for await (const event of EventStream ?? []) {
      if (event.PayloadChunk?.Payload) chunks.push(Buffer.from(event.PayloadChunk.Payload));
      if (event.InvokeComplete) complete = true;
    }
    expect(complete).toBe(true);
    expect(Buffer.concat(chunks).toString()).toMatch(/one two three$/);
  });

  it('becomes status, headers and body at a function URL', async () => {
    const url = snapshotOf('stream')?.url ?? '';
    const path = `/_url/stream/`;
    const response = await emulator.fetch(path);
    expect(url).toContain('stream');
    expect([response.status, response.headers.get('x-from')]).toEqual([201, 'stream']);
    expect(await response.text()).toBe('one two three');
  });
});

it('a function URL gives a payload 2.0 with the default stage', async () => {
  const response = await emulator.fetch('/_url/echo/a/b?x=1&x=2', { headers: { cookie: 'a=1; b=2' } });
  expect(await response.json()).toMatchObject({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/a/b',
    rawQueryString: 'x=1&x=2',
    cookies: ['a=1', 'b=2'],
    requestContext: { stage: '$default', http: { method: 'GET', path: '/a/b' } },
  });
});
