import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FaultlineError } from '../../../emulator/contract/errors.js';
import { queueConfig, startSqs } from './sqs-harness.js';

let fixture: Awaited<ReturnType<typeof startSqs>>;

beforeAll(async () => void (fixture = await startSqs(queueConfig('jobs'))));
afterAll(() => fixture.stop());

const post = (action: string, body: string, path = '/') =>
  fetch(fixture.url + path, { method: 'POST', headers: { 'x-amz-target': action }, body });

it('answers on any path, in the JSON protocol', async () => {
  const answer = await post('AmazonSQS.ListQueues', '{}', '/000000000000/jobs');
  expect(answer.headers.get('content-type')).toBe('application/x-amz-json-1.0');
  expect(answer.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(await answer.json()).toEqual({ QueueUrls: [fixture.queueUrl('jobs')] });
});

it.each([
  ['GetQueueUrl', '{"QueueName":"none"}', 400, 'QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue;Sender'],
  ['SendMessage', '{', 400, 'SerializationException', 'SerializationException;Sender'],
  ['SendMessage', '[]', 400, 'SerializationException', 'SerializationException;Sender'],
  ['SendMessage', '{"QueueUrl":7}', 400, 'SerializationException', 'SerializationException;Sender'],
  ['SendMessage', '{}', 400, 'MissingRequiredParameterException', 'MissingParameter;Sender'],
  ['SendMessage', '', 400, 'MissingRequiredParameterException', 'MissingParameter;Sender'],
  ['ReceiveMessage', '{"QueueUrl":"jobs","MaxNumberOfMessages":"1"}', 400, 'SerializationException', 'SerializationException;Sender'], // prettier-ignore
  ['SendMessageBatch', '{"QueueUrl":"jobs","Entries":{}}', 400, 'SerializationException', 'SerializationException;Sender'], // prettier-ignore
  ['SendMessageBatch', '{"QueueUrl":"jobs","Entries":["a"]}', 400, 'SerializationException', 'SerializationException;Sender'], // prettier-ignore
  ['ReceiveMessage', '{"QueueUrl":"jobs","AttributeNames":[7]}', 400, 'SerializationException', 'SerializationException;Sender'], // prettier-ignore
  ['TagQueue', '{"QueueUrl":"jobs","Tags":{"a":7}}', 400, 'SerializationException', 'SerializationException;Sender'], // prettier-ignore
  ['ChangeMessageVisibility', '{"QueueUrl":"jobs","ReceiptHandle":"x"}', 400, 'MissingRequiredParameterException', 'MissingParameter;Sender'], // prettier-ignore
  ['AddPermission', '{}', 400, 'UnsupportedOperation', 'AWS.SimpleQueueService.UnsupportedOperation;Sender'],
  ['constructor', '{}', 400, 'InvalidAction', 'InvalidAction;Sender'],
])('answers %s %s with %i %s', async (action, body, status, type, query) => {
  const answer = await post(`AmazonSQS.${action}`, body);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('x-amzn-query-error')).toBe(query);
  expect(await answer.json()).toEqual({ __type: `com.amazonaws.sqs#${type}`, message: expect.any(String) as string });
});

it('bounds requests', async () => {
  const answer = await post('AmazonSQS.SendMessage', `{"QueueUrl":"jobs","MessageBody":"${'x'.repeat(9_000_000)}"}`);
  expect(answer.status).toBe(413);
  expect(await answer.json()).toMatchObject({ __type: 'com.amazonaws.sqs#RequestEntityTooLarge' });
});

it('says to clients of the old Query protocol what to do', async () => {
  const form = 'Action=SendMessage&MessageBody=a&Version=2012-11-05';
  const unsigned = await fetch(fixture.queueUrl('jobs'), { method: 'POST', body: new URLSearchParams(form) });
  const signed = await fetch(`${fixture.url}/?${form}`, {
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=test/20250101/us-east-1/sqs/aws4_request, Signature=x' },
  });
  for (const answer of [unsigned, signed]) {
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'text/xml']);
    expect(await answer.text()).toMatch(/<Code>UnsupportedProtocol<\/Code><Message>.*update the SDK \(boto3 1\.28\.82/);
  }
});

it.each([
  ['a form on a path of the user', '/orders', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['another service', '/', { 'x-amz-target': 'DynamoDB_20120810.ListTables' }],
])('leaves %s alone', async (_what, path, headers) => {
  const answer = await fetch(fixture.url + path, { method: 'POST', headers, body: 'a=b' });
  expect(answer.status).toBe(404);
});

it.each([
  [new Error('a defect'), 500, 'InternalFailure;Receiver'],
  [new FaultlineError('STORE_UNAVAILABLE', 'the disk is full'), 503, 'ServiceUnavailable;Receiver'],
])('tells %s of the store to the client and in the log', async (error, status, query) => {
  const { store, log } = fixture;
  const { add } = store;
  store.add = () => Promise.reject(error);
  const answer = await post('AmazonSQS.SendMessage', '{"QueueUrl":"jobs","MessageBody":"a"}');
  store.add = add;
  expect(answer.status).toBe(status);
  expect(answer.headers.get('x-amzn-query-error')).toBe(query);
  expect(await answer.json()).toMatchObject({ message: error.message });
  expect(log).toContain(`sqs: SendMessage: ${error.message}`);
});

it('survives a client that hangs up in the middle of its request', async () => {
  const { port } = new URL(fixture.url);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write('POST / HTTP/1.1\r\nhost: x\r\nx-amz-target: AmazonSQS.SendMessage\r\ncontent-length: 99\r\n\r\n{');
      socket.destroy();
    });
    socket.on('close', () => resolve());
  });
  expect((await post('AmazonSQS.ListQueues', '{}')).status).toBe(200);
});
