import { describeAttributes, md5, md5OfAttributes, selectAttributes } from '../message-attributes.js';
import { systemAttributes } from '../system-attributes.js';
import type { ReceivedMessage } from '../types.js';
import { queueOf, type Action } from './types.js';

/** Bounds and words [R]. */
const MAX_MESSAGES = 'Must be between 1 and 10, if provided.';
const WAIT = 'Must be >= 0 and <= 20, if provided.';
const VISIBILITY = 'Must be between 0 and 43200, if provided.';

/** ReceiveRequestAttemptId is for FIFO queues, and skipped. */
export const ReceiveMessage: Action = async (input, parts, { signal }) => {
  const queue = queueOf(input, parts);
  const max = input.integer('MaxNumberOfMessages', 1, 10, MAX_MESSAGES) ?? 1;
  const wait = input.integer('WaitTimeSeconds', 0, 20, WAIT);
  const visibility = input.integer('VisibilityTimeout', 0, 43_200, VISIBILITY);
  const system = [...input.texts('AttributeNames'), ...input.texts('MessageSystemAttributeNames')];
  const names = input.texts('MessageAttributeNames');
  const messages = await parts.engine.receive(queue, {
    max,
    waitMs: wait === undefined ? queue.settings.waitMs : wait * 1_000,
    visibilityMs: visibility === undefined ? queue.settings.visibilityMs : visibility * 1_000,
    signal,
  });
  // Without messages there is no list at all [R].
  return messages.length === 0 ? {} : { Messages: messages.map((message) => described(message, system, names)) };
};

function described(message: ReceivedMessage, system: readonly string[], names: readonly string[]): object {
  const attributes = selectAttributes(message.attributes, names);
  const digest = md5OfAttributes(attributes);
  const told = Object.entries(systemAttributes(message));
  const wanted = system.includes('All') ? told : told.filter(([name]) => system.includes(name));
  return {
    MessageId: message.id,
    ReceiptHandle: message.handle,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(wanted.length > 0 && { Attributes: Object.fromEntries(wanted) }),
    // The digest is of those that are returned [R].
    ...(digest !== undefined && { MessageAttributes: describeAttributes(attributes), MD5OfMessageAttributes: digest }),
  };
}
