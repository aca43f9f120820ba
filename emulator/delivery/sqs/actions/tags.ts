import { queueOf, type Action } from './types.js';

/** Tags of a queue, for this run. */
export const TagQueue: Action = (input, parts) => {
  const { name, tags } = queueOf(input, parts);
  parts.queues.setTags(name, { ...tags, ...input.map('Tags') });
  return {};
};

export const UntagQueue: Action = (input, parts) => {
  const { name, tags } = queueOf(input, parts);
  const keys = input.texts('TagKeys');
  parts.queues.setTags(name, Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key))));
  return {};
};

/** Without tags there is no map at all [R]. */
export const ListQueueTags: Action = (input, parts) => {
  const { tags } = queueOf(input, parts);
  return Object.keys(tags).length === 0 ? {} : { Tags: tags };
};
