import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { queueConfig, startSqs } from './sqs-harness.js';

let fixture: Awaited<ReturnType<typeof startSqs>>;
let QueueUrl: string;

beforeEach(async () => {
  fixture = await startSqs(queueConfig('jobs', { redrive: { queue: 'dead', maxReceives: 2 } }), queueConfig('dead'));
  QueueUrl = fixture.queueUrl('jobs');
});
afterEach(() => fixture.stop());

const send = (MessageBody: string) => fixture.client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
const receive = (given: object = {}) => fixture.client.send(new ReceiveMessageCommand({ QueueUrl, ...given }));
const counts = async () => {
  const { Attributes } = await fixture.client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: inFlight } = Attributes ?? {};
  return [visible, inFlight, Attributes?.ApproximateNumberOfMessagesDelayed].map(Number);
};

it('sends, receives and deletes a message with attributes', async () => {
  const { client, clock } = fixture;
  const sent = await client.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: 'héllo',
      MessageAttributes: {
        text: { DataType: 'String', StringValue: 'x' },
        size: { DataType: 'Number.int', StringValue: '7' },
        bytes: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255, 1]) },
      },
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-5759e988-bd862e3f' } },
    }),
  );
  const { Messages } = await receive({ MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] });
  expect(Messages).toEqual([
    {
      MessageId: sent.MessageId,
      ReceiptHandle: expect.any(String) as string,
      Body: 'héllo',
      MD5OfBody: sent.MD5OfMessageBody,
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      MessageAttributes: {
        text: { DataType: 'String', StringValue: 'x' },
        size: { DataType: 'Number.int', StringValue: '7' },
        bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255, 1]) },
      },
      Attributes: {
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: String(clock.now()),
        SentTimestamp: String(clock.now()),
        SenderId: 'AIDAFAULTLINELOCAL000',
        AWSTraceHeader: 'Root=1-5759e988-bd862e3f',
      },
    },
  ]);
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle }));
  expect(await counts()).toEqual([0, 0, 0]);
});

it('hides a message for the visibility timeout, and shows it again at once when told so', async () => {
  const { client, clock } = fixture;
  await send('a');
  const first = (await receive()).Messages?.[0]?.ReceiptHandle;
  expect((await receive()).Messages).toBeUndefined();
  await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: first, VisibilityTimeout: 0 }));
  const again = (await receive({ VisibilityTimeout: 5, AttributeNames: ['ApproximateReceiveCount'] })).Messages?.[0];
  expect(again?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  const stale = client.send(
    new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: first, VisibilityTimeout: 60 }),
  );
  await expect(stale).rejects.toThrow('Message does not exist or is not available for visibility timeout change.');
  await clock.advance(4_999);
  expect(await counts()).toEqual([0, 1, 0]);
  await clock.advance(1);
  expect(await counts()).toEqual([1, 0, 0]);
});

it('hides no message for longer than 12 hours in all', async () => {
  const { client, clock } = fixture;
  await send('a');
  const ReceiptHandle = (await receive({ VisibilityTimeout: 43_200 })).Messages?.[0]?.ReceiptHandle;
  await clock.advance(3_600_000);
  const change = (VisibilityTimeout: number) =>
    client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
  await change(39_600);
  await expect(change(39_601)).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: 'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
  });
});

it('holds a message back for its delay', async () => {
  const { client, clock } = fixture;
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a', DelaySeconds: 900 }));
  expect(await counts()).toEqual([0, 0, 1]);
  await clock.advance(900_000);
  expect((await receive()).Messages).toHaveLength(1);
});

it('gives a long poll the message that arrives, and nothing when time is up', async () => {
  const { clock, nextReceive } = fixture;
  const asked = nextReceive();
  const got = receive({ WaitTimeSeconds: 20, MaxNumberOfMessages: 10 });
  await asked;
  await clock.advance(19_000);
  await send('a');
  expect((await got).Messages).toMatchObject([{ Body: 'a' }]);
  const askedAgain = nextReceive();
  const nothing = receive({ WaitTimeSeconds: 2 });
  await askedAgain;
  await clock.advance(2_000);
  expect((await nothing).Messages).toBeUndefined();
});

it('leaves no timer when the client of a long poll hangs up', async () => {
  const { client, clock, nextReceive, requests } = fixture;
  const asked = nextReceive();
  const hangUp = new AbortController();
  const got = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
    abortSignal: hangUp.signal,
  });
  await asked;
  await clock.advance(1_000);
  expect(clock.pending).toBe(1);
  const closed = new Promise((resolve) => requests.at(-1)?.socket.once('close', resolve));
  hangUp.abort();
  await expect(got).rejects.toMatchObject({ name: 'AbortError' });
  await closed;
  await clock.advance(0);
  expect(clock.pending).toBe(0);
});

it('moves to the dead-letter queue what was received too often', async () => {
  const { client, clock, queueUrl } = fixture;
  await send('a');
  for (let i = 0; i < 2; i++) {
    expect((await receive()).Messages).toHaveLength(1);
    await clock.advance(30_000);
  }
  expect((await receive()).Messages).toBeUndefined();
  const { Messages } = await client.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl('dead'), AttributeNames: ['All'] }),
  );
  expect(Messages).toMatchObject([
    {
      Body: 'a',
      Attributes: {
        ApproximateReceiveCount: '3',
        DeadLetterQueueSourceArn: 'arn:aws:sqs:us-east-1:000000000000:jobs',
        SentTimestamp: String(clock.now() - 60_000),
      },
    },
  ]);
});

it('does a batch entry by entry', async () => {
  const { client } = fixture;
  const sent = await client.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'a', MessageBody: 'one' },
        { Id: 'b', MessageBody: '\u0001' },
        { Id: 'c', MessageBody: 'two', DelaySeconds: 60 },
      ],
    }),
  );
  expect(sent).toMatchObject({
    Successful: [{ Id: 'a' }, { Id: 'c' }],
    Failed: [{ Id: 'b', Code: 'InvalidMessageContents', SenderFault: true }],
  });
  expect(await counts()).toEqual([1, 0, 1]);
  const ReceiptHandle = (await receive()).Messages?.[0]?.ReceiptHandle;
  const hidden = await client.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'a', ReceiptHandle, VisibilityTimeout: 60 },
        { Id: 'b', ReceiptHandle: 'garbage', VisibilityTimeout: 60 },
      ],
    }),
  );
  expect(hidden).toMatchObject({ Successful: [{ Id: 'a' }], Failed: [{ Id: 'b', Code: 'ReceiptHandleIsInvalid' }] });
  const deleted = await client.send(
    new DeleteMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'a', ReceiptHandle },
        { Id: 'b', ReceiptHandle: 'garbage' },
      ],
    }),
  );
  expect(deleted).toMatchObject({ Successful: [{ Id: 'a' }], Failed: [{ Id: 'b' }] });
  expect(await counts()).toEqual([0, 0, 1]);
});

it('takes the trace of the request when the message has none', async () => {
  const { client, url } = fixture;
  const trace = 'Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1';
  await fetch(url, {
    method: 'POST',
    headers: { 'x-amz-target': 'AmazonSQS.SendMessage', 'x-amzn-trace-id': trace },
    body: JSON.stringify({ QueueUrl, MessageBody: 'a' }),
  });
  const { Messages } = await client.send(
    new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['AWSTraceHeader'] }),
  );
  expect(Messages?.[0]?.Attributes).toEqual({ AWSTraceHeader: trace });
});

it('tells attributes by prefix, with the digest of what it tells', async () => {
  const { client } = fixture;
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  const MessageAttributes = { Hello: text('There'), General: text('Kenobi'), 'Help.Me': text('Me') };
  await client.send(
    new SendMessageCommand({ QueueUrl, MessageBody: 'msg', MessageAttributes, MessageGroupId: 'tenant' }),
  );
  const { Messages } = await receive({
    MessageAttributeNames: ['Hel.*'],
    MessageSystemAttributeNames: ['MessageGroupId'],
  });
  expect(Messages).toMatchObject([
    {
      MessageAttributes: { Hello: text('There'), 'Help.Me': text('Me') },
      MD5OfMessageAttributes: '83fee93c1bcd8b9a5a923ffacdc636c7',
      Attributes: { MessageGroupId: 'tenant' },
    },
  ]);
});

it('gives ten messages at most, the oldest first', async () => {
  for (let i = 0; i < 12; i++) await send(String(i));
  const { Messages } = await receive({ MaxNumberOfMessages: 10 });
  expect(Messages?.map(({ Body }) => Body)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
});
