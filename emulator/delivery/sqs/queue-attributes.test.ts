import { expect, it } from 'vitest';
import { describeQueue, differingAttribute, readQueueAttributes, refuseFifo } from './queue-attributes.js';
import { DEFAULT_SETTINGS, type Queue, type QueueSettings } from './queues.js';

const queue = (settings: Partial<QueueSettings> = {}): Queue => ({
  name: 'jobs',
  declared: true,
  settings: { ...DEFAULT_SETTINGS, ...settings },
  createdAt: 1_700_000_000_900,
  modifiedAt: 1_700_000_060_000,
  tags: {},
});
const counts = { visible: 1, inFlight: 2, delayed: 3 };
const deadArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
const policy = (value: object): object => ({ RedrivePolicy: JSON.stringify(value) });
const read = (attributes: object) =>
  readQueueAttributes(attributes as Readonly<Record<string, string>>, (name) => name === 'dead');

it('reads seconds, bytes and the redrive policy', () => {
  const attributes = {
    VisibilityTimeout: '0',
    DelaySeconds: '900',
    MessageRetentionPeriod: '60',
    MaximumMessageSize: '1024',
    ReceiveMessageWaitTimeSeconds: '20',
    KmsMasterKeyId: 'key',
    ...policy({ deadLetterTargetArn: deadArn, maxReceiveCount: '5' }),
  };
  expect(read(attributes)).toEqual({
    visibilityMs: 0,
    delayMs: 900_000,
    retentionMs: 60_000,
    maxBytes: 1_024,
    waitMs: 20_000,
    redrive: { queue: 'dead', maxReceives: 5 },
    inert: { KmsMasterKeyId: 'key' },
  });
  expect(read({ RedrivePolicy: '' })).toEqual({ redrive: undefined });
});

it.each([
  [{ VisibilityTimeout: '43201' }, 'InvalidAttributeValue', 'Invalid value for the parameter VisibilityTimeout.'],
  [{ DelaySeconds: '-1' }, 'InvalidAttributeValue', 'DelaySeconds'],
  [{ MessageRetentionPeriod: '59' }, 'InvalidAttributeValue', 'MessageRetentionPeriod'],
  [{ MaximumMessageSize: '1048577' }, 'InvalidAttributeValue', 'MaximumMessageSize'],
  [{ ReceiveMessageWaitTimeSeconds: '1.5' }, 'InvalidAttributeValue', 'ReceiveMessageWaitTimeSeconds'],
  [{ FifoQueue: 'true' }, 'InvalidAttributeName', 'Unknown Attribute FifoQueue.'],
  [{ QueueArn: 'x' }, 'InvalidAttributeName', 'Unknown Attribute QueueArn.'],
  [{ Colour: 'x' }, 'InvalidAttributeName', 'Unknown Attribute Colour.'],
  [{ RedrivePolicy: '{' }, 'InvalidParameterValueException', 'not a valid JSON map'],
  [policy({ deadLetterTargetArn: deadArn }), 'InvalidParameterValueException', 'mandatory attribute: maxReceiveCount'],
  [policy({ maxReceiveCount: 1 }), 'InvalidParameterValueException', 'mandatory attribute: deadLetterTargetArn'],
  [policy({ deadLetterTargetArn: deadArn, maxReceiveCount: 0 }), 'InvalidParameterValueException', 'from 1 to 1000'],
  [policy({ deadLetterTargetArn: deadArn, maxReceiveCount: 'x' }), 'InvalidParameterValueException', 'from 1 to 1000'],
  [
    policy({ deadLetterTargetArn: 'dead', maxReceiveCount: 1 }),
    'InvalidParameterValueException',
    'deadLetterTargetArn',
  ],
  [
    policy({ deadLetterTargetArn: deadArn.replace('dead', 'none'), maxReceiveCount: 1 }),
    'InvalidParameterValueException',
    'Dead letter target does not exist.',
  ],
])('refuses %j', (attributes, type, message) => {
  expect(() => read(attributes)).toThrow(
    expect.objectContaining({ type, message: expect.stringContaining(message) as string }) as Error,
  );
});

it('tells every attribute as SQS does', () => {
  const redrive = { queue: 'dead', maxReceives: 3 };
  expect(describeQueue(queue({ redrive, visibilityMs: 1_500 }), counts, ['All'])).toEqual({
    QueueArn: 'arn:aws:sqs:us-east-1:000000000000:jobs',
    ApproximateNumberOfMessages: '1',
    ApproximateNumberOfMessagesNotVisible: '2',
    ApproximateNumberOfMessagesDelayed: '3',
    CreatedTimestamp: '1700000000',
    LastModifiedTimestamp: '1700000060',
    VisibilityTimeout: '2',
    DelaySeconds: '0',
    MessageRetentionPeriod: '345600',
    MaximumMessageSize: '1048576',
    ReceiveMessageWaitTimeSeconds: '0',
    RedrivePolicy: `{"deadLetterTargetArn":"${deadArn}","maxReceiveCount":3}`,
    SqsManagedSseEnabled: 'true',
  });
});

it('tells what was asked for, and nothing of what is not set', () => {
  expect(describeQueue(queue(), counts, ['DelaySeconds', 'RedrivePolicy', 'FifoQueue'])).toEqual({ DelaySeconds: '0' });
  expect(describeQueue(queue({ inert: { Policy: '' } }), counts, ['Policy'])).toEqual({});
  expect(() => describeQueue(queue(), counts, ['Colour'])).toThrow('Unknown Attribute Colour.');
});

it.each([
  [{ visibilityMs: 30_000 }, undefined],
  [{ delayMs: 1_000 }, 'DelaySeconds'],
  [{ redrive: { queue: 'dead', maxReceives: 1 } }, 'RedrivePolicy'],
  [{ inert: { Policy: '{}' } }, 'Policy'],
])('an existing queue differs from %j in %s', (settings, attribute) => {
  expect(differingAttribute(queue(), settings)).toBe(attribute);
});

it('has no FIFO queues', () => {
  expect(() => refuseFifo({ FifoQueue: 'true' })).toThrow('FIFO queues are not emulated');
  expect(() => refuseFifo({ FifoQueue: 'false' })).toThrow('Unknown Attribute FifoQueue.');
  expect(() => refuseFifo({})).not.toThrow();
});
