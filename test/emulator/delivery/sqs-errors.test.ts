import {
  BatchEntryIdsNotDistinct,
  BatchRequestTooLong,
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  EmptyBatchRequest,
  InvalidBatchEntryId,
  InvalidMessageContents,
  QueueDoesNotExist,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSServiceException,
  TooManyEntriesInBatchRequest,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { queueConfig, startSqs } from './sqs-harness.js';

let fixture: Awaited<ReturnType<typeof startSqs>>;
let QueueUrl: string;

beforeAll(async () => {
  fixture = await startSqs(queueConfig('jobs'), queueConfig('other'));
  QueueUrl = fixture.queueUrl('jobs');
});
afterAll(() => fixture.stop());

const send = (given: object) => fixture.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a', ...given }));
const receive = (given: object) => fixture.client.send(new ReceiveMessageCommand({ QueueUrl, ...given }));
const batch = (...Entries: SendMessageBatchRequestEntry[]) =>
  fixture.client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
const entry = (Id: string, MessageBody = 'a'): SendMessageBatchRequestEntry => ({ Id, MessageBody });

const MIB = 1_048_576;

it.each([
  ['a queue that does not exist', () => send({ QueueUrl: 'http://x/000000000000/none' }), QueueDoesNotExist],
  ['characters that are not allowed', () => send({ MessageBody: 'a\u0000' }), InvalidMessageContents],
  ['a batch of nothing', () => batch(), EmptyBatchRequest],
  [
    'a batch of eleven',
    () => batch(...Array.from({ length: 11 }, (_, i) => entry(String(i)))),
    TooManyEntriesInBatchRequest,
  ],
  ['an id twice', () => batch(entry('a'), entry('a')), BatchEntryIdsNotDistinct],
  ['an id with a space', () => batch(entry('a b')), InvalidBatchEntryId],
  ['an id of 81 letters', () => batch(entry('a'.repeat(81))), InvalidBatchEntryId],
  ['a batch of more than 1 MiB', () => batch(entry('a', 'x'.repeat(MIB)), entry('b', 'x')), BatchRequestTooLong],
  [
    'a receipt handle that is none',
    () => fixture.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'garbage' })),
    ReceiptHandleIsInvalid,
  ],
])("answers with the SDK's own class to %s", async (_what, call, type) => {
  await expect(call()).rejects.toBeInstanceOf(type);
});

it.each([
  [
    'an empty body',
    () => send({ MessageBody: '' }),
    'MissingParameter',
    'The request must contain the parameter MessageBody.',
  ],
  [
    'more than 1 MiB',
    () => send({ MessageBody: 'x'.repeat(MIB + 1) }),
    'InvalidParameterValue',
    'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
  ],
  [
    'attributes that make it more',
    () =>
      send({ MessageBody: 'x'.repeat(MIB - 7), MessageAttributes: { k: { DataType: 'String', StringValue: 'x' } } }),
    'InvalidParameterValue',
    'Message must be shorter than',
  ],
  [
    'a delay of more than 15 minutes',
    () => send({ DelaySeconds: 901 }),
    'InvalidParameterValue',
    'Value 901 for parameter DelaySeconds',
  ],
  [
    'a deduplication id',
    () => send({ MessageDeduplicationId: 'a' }),
    'InvalidParameterValue',
    'not valid for this queue type.',
  ],
  [
    'a group with a space',
    () => send({ MessageGroupId: 'group 123' }),
    'InvalidParameterValue',
    'Value group 123 for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
  ],
  [
    'a system attribute that there is not',
    () => send({ MessageSystemAttributes: { Other: { DataType: 'String', StringValue: 'x' } } }),
    'InvalidParameterValue',
    "'Other' is invalid",
  ],
  [
    'a trace header that is no text',
    () => send({ MessageSystemAttributes: { AWSTraceHeader: { DataType: 'Number', StringValue: '1' } } }),
    'InvalidParameterValue',
    "must be of type 'String'",
  ],
  [
    'eleven messages',
    () => receive({ MaxNumberOfMessages: 11 }),
    'InvalidParameterValue',
    'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
  ],
  [
    'a wait of 21 seconds',
    () => receive({ WaitTimeSeconds: 21 }),
    'InvalidParameterValue',
    'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
  ],
  [
    'a visibility of more than 12 hours',
    () => receive({ VisibilityTimeout: 43_201 }),
    'InvalidParameterValue',
    'VisibilityTimeout',
  ],
])('refuses %s in the words of SQS', async (_what, call, name, message) => {
  const refused = call();
  await expect(refused).rejects.toBeInstanceOf(SQSServiceException);
  await expect(refused).rejects.toMatchObject({
    name,
    message: expect.stringContaining(message) as string,
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
  });
});

it('takes exactly 1 MiB', async () => {
  await expect(send({ MessageBody: 'x'.repeat(MIB) })).resolves.toBeDefined();
  await expect(batch(entry('a', 'x'.repeat(MIB - 1)), entry('b', 'x'))).resolves.toMatchObject({ Failed: [] });
});

it('refuses the handle of a message of another queue', async () => {
  const other = fixture.queueUrl('other');
  await send({ QueueUrl: other });
  const ReceiptHandle = (await receive({ QueueUrl: other })).Messages?.[0]?.ReceiptHandle;
  const wrong = [
    new DeleteMessageCommand({ QueueUrl, ReceiptHandle }),
    new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 1 }),
  ] as const;
  await expect(fixture.client.send(wrong[0])).rejects.toBeInstanceOf(ReceiptHandleIsInvalid);
  await expect(fixture.client.send(wrong[1])).rejects.toBeInstanceOf(ReceiptHandleIsInvalid);
});

it('has nothing to complain of when a message is deleted twice', async () => {
  const url = fixture.queueUrl('other');
  await send({ QueueUrl: url, MessageBody: 'twice' });
  const ReceiptHandle = (await receive({ QueueUrl: url })).Messages?.[0]?.ReceiptHandle;
  const remove = () => fixture.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
  await remove();
  await remove();
});
