import { MAX_PAYLOAD_BYTES } from '../contract/config.js';
import { REGION } from '../dispatch/types.js';
import { spoiltText, type Poison } from './spoil.js';
import { isBinary, md5, md5OfAttributes, type MessageAttribute } from './sqs/message-attributes.js';
import { queueArn } from './sqs/names.js';
import { systemAttributes } from './sqs/system-attributes.js';
import type { ReceivedMessage } from './sqs/types.js';
import type { Passenger } from './transit.js';

/** A message as a record of the event that a function gets. */
export interface BatchItem extends Passenger {
  readonly message: ReceivedMessage;
  /** JSON text of the record. */
  readonly record: string;
  /** Of the record and the comma after it. */
  readonly bytes: number;
  /** Epoch ms when the message was received. */
  readonly receivedAt: number;
  /** Which one of the queue it is; shared with its copies. */
  readonly place?: Place;
}

export interface Place {
  /** Nth message of the queue that this function got, from 1, whenever it comes again. */
  readonly number: number;
  /** Invocations that it was the first message of. */
  invoked: number;
}

const HEAD = '{"Records":[';
const TAIL = ']}';

/** Bytes that the records of one event have at most, commas counted [D: a batch is closed at 6 MB]. */
export const MAX_RECORD_BYTES = MAX_PAYLOAD_BYTES - HEAD.length - TAIL.length;

/**
 * @param window whether the mapping gathers batches: then a record without message attributes says so with null, where
 *   otherwise it says nothing [R]
 */
export function batchItem(message: ReceivedMessage, queue: string, window: boolean, receivedAt: number): BatchItem {
  const digest = md5OfAttributes(message.attributes);
  // Fields and their order [R].
  const record = JSON.stringify({
    messageId: message.id,
    receiptHandle: message.handle,
    body: message.body,
    attributes: systemAttributes(message),
    messageAttributes: attributesOf(message),
    md5OfMessageAttributes: digest ?? (window ? null : undefined),
    md5OfBody: md5(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn(queue),
    awsRegion: REGION,
  });
  return { message, record, bytes: Buffer.byteLength(record) + 1, receivedAt };
}

/** The message as it arrives with its body spoilt, as if it had been sent like that; in the queue it stays as it is. */
export function spoiltItem(item: BatchItem, queue: string, window: boolean, poison: Poison): BatchItem {
  const { message, receivedAt } = item;
  const { record, bytes } = batchItem(
    { ...message, body: spoiltText(message.body, poison) },
    queue,
    window,
    receivedAt,
  );
  return { ...item, record, bytes };
}

function attributesOf({ attributes }: ReceivedMessage): object {
  return Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, eventAttribute(attribute)]));
}

/** [R]; binary values are base64 */
function eventAttribute(attribute: MessageAttribute): object {
  return {
    [isBinary(attribute) ? 'binaryValue' : 'stringValue']: attribute.value,
    stringListValues: [],
    binaryListValues: [],
    dataType: attribute.type,
  };
}

/** JSON text of the event. */
export function batchEvent(items: readonly BatchItem[]): Buffer {
  return Buffer.from(HEAD + items.map(({ record }) => record).join(',') + TAIL);
}
