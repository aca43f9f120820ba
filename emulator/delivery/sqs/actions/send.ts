import { attempt, batchEntries, batchResult } from '../batch.js';
import { checkSize, MAX_MESSAGE_BYTES } from '../contents.js';
import { SqsError } from '../errors.js';
import { readMessage, type Draft } from '../outgoing.js';
import type { Queue } from '../queues.js';
import { queueOf, type Action } from './types.js';

export const SendMessage: Action = async (input, parts, call) => {
  const queue = queueOf(input, parts);
  const { message, size, digests } = readMessage(input, call.trace);
  checkSize(size, queue.settings.maxBytes, 'are invalid');
  const [id] = await parts.engine.send(queue, [message]);
  return { MessageId: id, ...digests };
};

/** All that are in order are kept in one step. */
export const SendMessageBatch: Action = async (input, parts, call) => {
  const queue = queueOf(input, parts);
  const entries = batchEntries(input, 'SendMessageBatchRequestEntry');
  const drafts = entries.map((entry) => attempt(() => readMessage(entry, call.trace)));
  checkTotal(drafts.filter(isDraft));
  const checked = drafts.map((draft) => (isDraft(draft) ? attempt(() => sized(draft, queue)) : draft));
  const messages = checked.filter(isDraft).map(({ message }) => message);
  const ids = messages.length === 0 ? [] : [...(await parts.engine.send(queue, messages))];
  return batchResult(
    entries,
    checked.map((draft) => (isDraft(draft) ? { MessageId: ids.shift(), ...draft.digests } : draft)),
  );
};

const isDraft = (draft: Draft | SqsError): draft is Draft => !(draft instanceof SqsError);

function sized(draft: Draft, queue: Queue): Draft {
  checkSize(draft.size, queue.settings.maxBytes, 'cannot be validated');
  return draft;
}

/** All messages together; the queue's own MaximumMessageSize is for each of them [R]. */
function checkTotal(drafts: readonly Draft[]): void {
  const total = drafts.reduce((sum, { size }) => sum + size, 0);
  if (total <= MAX_MESSAGE_BYTES) return;
  throw new SqsError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${String(MAX_MESSAGE_BYTES)} bytes. You have sent ${String(total)} bytes.`,
  );
}
