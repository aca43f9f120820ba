import { batchEntries, eachEntry } from '../batch.js';
import { invalidParameter, invalidValue, missingParameter } from '../errors.js';
import type { Input } from '../input.js';
import type { Queue } from '../queues.js';
import { parseReceiptHandle } from '../receipts.js';
import { queueOf, type Action, type Parts } from './types.js';

/** 12 hours, from when the message was received [D]. Seconds. */
const MAX_VISIBILITY = 43_200;

export const ChangeMessageVisibility: Action = async (input, parts) => {
  return change(input, queueOf(input, parts), parts);
};

export const ChangeMessageVisibilityBatch: Action = async (input, parts) => {
  const queue = queueOf(input, parts);
  const entries = batchEntries(input, 'ChangeMessageVisibilityBatchRequestEntry');
  return eachEntry(entries, (entry) => change(entry, queue, parts));
};

async function change(input: Input, queue: Queue, { engine, clock }: Parts): Promise<object> {
  const handle = input.text('ReceiptHandle');
  const reason = `Must be between 0 and ${String(MAX_VISIBILITY)}.`;
  const seconds = input.integer('VisibilityTimeout', 0, MAX_VISIBILITY, reason);
  if (seconds === undefined) throw missingParameter('VisibilityTimeout');
  const { receipt, receivedAt } = parseReceiptHandle(handle, queue.name);
  const ms = seconds * 1_000;
  if (clock.now() + ms > receivedAt + MAX_VISIBILITY * 1_000) {
    throw invalidValue(
      `Total VisibilityTimeout for the message is beyond the limit [${String(MAX_VISIBILITY)} seconds]`,
    );
  }
  if (await engine.show(queue, receipt, ms)) return {};
  // [R], where the API reference says MessageNotInflight
  const gone = 'Message does not exist or is not available for visibility timeout change.';
  throw invalidParameter('ReceiptHandle', handle, gone);
}
