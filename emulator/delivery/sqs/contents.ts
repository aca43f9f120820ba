import { invalidValue, missingParameter, SqsError } from './errors.js';
import { sizeOfAttributes, type MessageAttributes } from './message-attributes.js';

/** 1 MiB, also for all messages of a batch together [D since August 2025, R]. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** Anything but tab, line feed, carriage return and what XML 1.0 calls a character [D: SendMessage]. */
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

/** Whether SQS takes the text as a message's body. */
export function isMessageText(text: string): boolean {
  return !FORBIDDEN.test(text);
}

/** Bytes that a message counts for: its body and its attributes [D]. */
export function sizeOfMessage(body: string, attributes: MessageAttributes): number {
  return Buffer.byteLength(body) + sizeOfAttributes(attributes);
}

/** @throws SqsError MissingParameter, InvalidMessageContents */
export function checkBody(body: string): void {
  if (body === '') throw missingParameter('MessageBody');
  if (isMessageText(body)) return;
  throw new SqsError(
    'InvalidMessageContents',
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
  );
}

/**
 * @param limit the queue's MaximumMessageSize, bytes
 * @param verdict a batch entry is refused in other words than a message [R]
 */
export function checkSize(size: number, limit: number, verdict: 'are invalid' | 'cannot be validated'): void {
  if (size <= limit) return;
  throw invalidValue(`One or more parameters ${verdict}. Reason: Message must be shorter than ${String(limit)} bytes.`);
}
