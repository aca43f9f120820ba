import { expect, it } from 'vitest';
import { batchEvent, batchItem } from './mapping-record.js';
import type { ReceivedMessage } from './sqs/types.js';

const message = (given: Partial<ReceivedMessage> = {}): ReceivedMessage => ({
  id: 'm1',
  body: '{"sku":"a"}',
  attributes: {},
  receipt: 'r1',
  handle: 'h1',
  sentAt: 1_000,
  firstReceivedAt: 2_000,
  receives: 1,
  ...given,
});

const event = (...messages: ReceivedMessage[]): string =>
  batchEvent(messages.map((each) => batchItem(each, 'jobs', false, 0))).toString();

it('is the event that Lambda sends', () => {
  const first = {
    messageId: 'm1',
    receiptHandle: 'h1',
    body: '{"sku":"a"}',
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1000',
      SenderId: 'AIDAFAULTLINELOCAL000',
      ApproximateFirstReceiveTimestamp: '2000',
    },
    messageAttributes: {},
    md5OfBody: 'bcace4326fca14f8bec0b7bcf09e1c91',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:jobs',
    awsRegion: 'us-east-1',
  };
  expect(event(message(), message({ id: 'm2' }))).toBe(
    JSON.stringify({ Records: [first, { ...first, messageId: 'm2' }] }),
  );
});

it('has message attributes with their digest, texts and bytes', () => {
  const attributes = {
    WeeksOn: { type: 'Number', value: '6' },
    Author: { type: 'String', value: 'John Grisham' },
    Title: { type: 'String', value: 'The Whistler' },
  };
  const { Records } = JSON.parse(event(message({ attributes }))) as { Records: [object] };
  expect(Records[0]).toMatchObject({
    messageAttributes: {
      WeeksOn: { stringValue: '6', stringListValues: [], binaryListValues: [], dataType: 'Number' },
      Author: { stringValue: 'John Grisham', stringListValues: [], binaryListValues: [], dataType: 'String' },
    },
    md5OfMessageAttributes: 'd25a6aea97eb8f585bfa92d314504a92',
  });
  const bytes = { bytes: { type: 'Binary', value: 'AP8=' } };
  expect(event(message({ attributes: bytes }))).toContain(
    '"bytes":{"binaryValue":"AP8=","stringListValues":[],"binaryListValues":[],"dataType":"Binary"}',
  );
});

it('says that there are no message attributes where batches are gathered', () => {
  const text = batchItem(message(), 'jobs', true, 0).record;
  expect(text).toContain('"md5OfMessageAttributes":null,');
});

it('has the trace header and where a dead letter comes from', () => {
  expect(event(message({ trace: 'Root=1', source: 'arn:x', group: 'g' }))).toContain(
    '"attributes":{"ApproximateReceiveCount":"1","AWSTraceHeader":"Root=1","SentTimestamp":"1000","SenderId":"AIDAFAULTLINELOCAL000","ApproximateFirstReceiveTimestamp":"2000","MessageGroupId":"g","DeadLetterQueueSourceArn":"arn:x"}',
  );
});

it('counts the bytes of its record and the comma', () => {
  const item = batchItem(message({ body: 'ä' }), 'jobs', false, 0);
  expect(item.bytes).toBe(Buffer.byteLength(item.record) + 1);
});
