import { batchEntries, eachEntry } from '../batch.js';
import type { Input } from '../input.js';
import type { Queue } from '../queues.js';
import { parseReceiptHandle } from '../receipts.js';
import { queueOf, type Action, type Parts } from './types.js';

/** Deleting what is gone, or was received again since, is no error [D, R]. */
export const DeleteMessage: Action = async (input, parts) => {
  return remove(input, queueOf(input, parts), parts);
};

export const DeleteMessageBatch: Action = async (input, parts) => {
  const queue = queueOf(input, parts);
  const entries = batchEntries(input, 'DeleteMessageBatchRequestEntry');
  return eachEntry(entries, (entry) => remove(entry, queue, parts));
};

async function remove(input: Input, queue: Queue, { engine }: Parts): Promise<object> {
  const { receipt } = parseReceiptHandle(input.text('ReceiptHandle'), queue.name);
  await engine.remove(queue, [receipt]);
  return {};
}
