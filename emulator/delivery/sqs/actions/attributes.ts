import { storeName } from '../names.js';
import { describeQueue, readQueueAttributes } from '../queue-attributes.js';
import { queueOf, type Action } from './types.js';

export const GetQueueAttributes: Action = async (input, parts) => {
  const queue = queueOf(input, parts);
  const wanted = input.texts('AttributeNames');
  if (wanted.length === 0) return {};
  const counts = await parts.store.counts(storeName(queue.name));
  return { Attributes: describeQueue(queue, counts, wanted) };
};

/** Changes last as long as the emulator runs, or until the queue is edited in the config. */
export const SetQueueAttributes: Action = (input, parts) => {
  const { name } = queueOf(input, parts);
  const exists = (other: string): boolean => parts.queues.find(other) !== undefined;
  parts.queues.change(name, readQueueAttributes(input.map('Attributes'), exists));
  return {};
};
