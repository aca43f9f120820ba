import { invalidParameter, invalidValue, noFifo, SqsError } from '../errors.js';
import type { Input } from '../input.js';
import { QUEUE_NAME, queueUrl, storeName } from '../names.js';
import { differingAttribute, readQueueAttributes, refuseFifo } from '../queue-attributes.js';
import type { Queue } from '../queues.js';
import { queueOf, type Action, type Parts } from './types.js';

/** Only one PurgeQueue in so long, ms [D, R]. */
const PURGE_MS = 60_000;

const url = (name: string, { gateway }: Parts): string => queueUrl(gateway(), name);

/** A queue for this run. The same name with the same attributes is that queue [D]. */
export const CreateQueue: Action = (input, parts) => {
  const name = input.text('QueueName');
  const attributes = input.map('Attributes');
  if (name.endsWith('.fifo')) throw noFifo();
  refuseFifo(attributes);
  if (!QUEUE_NAME.test(name))
    throw invalidValue('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
  const settings = readQueueAttributes(attributes, (other) => parts.queues.find(other) !== undefined);
  const known = parts.queues.find(name);
  const differing = known && differingAttribute(known, settings);
  if (differing !== undefined) {
    throw new SqsError(
      'QueueNameExists',
      `A queue already exists with the same name and a different value for attribute ${differing}`,
    );
  }
  if (!known) parts.queues.create(name, settings, input.map('tags'));
  return { QueueUrl: url(name, parts) };
};

/** Deletes the messages with it. */
export const DeleteQueue: Action = async (input, parts) => {
  const { name } = queueOf(input, parts);
  parts.queues.delete(name);
  await purge(name, parts);
  return {};
};

export const PurgeQueue: Action = async (input, parts) => {
  const { name } = queueOf(input, parts);
  const now = parts.clock.now();
  if (now - (parts.purged.get(name) ?? -Infinity) < PURGE_MS) {
    throw new SqsError('PurgeQueueInProgress', `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`);
  }
  parts.purged.set(name, now);
  await purge(name, parts);
  return {};
};

async function purge(name: string, { store, touched }: Parts): Promise<void> {
  await store.purge(storeName(name));
  touched(name);
}

/** QueueOwnerAWSAccountId is not looked at: there is one account here. */
export const GetQueueUrl: Action = (input, parts) => {
  const { name } = parts.queues.get(input.text('QueueName'));
  return { QueueUrl: url(name, parts) };
};

export const ListQueues: Action = (input, parts) => {
  const prefix = input.optionalText('QueueNamePrefix') ?? '';
  const named = parts.queues.all().filter(({ name }) => name.startsWith(prefix));
  const { urls, NextToken } = page(named, input, parts);
  // Without queues there is no list at all.
  return { ...(urls.length > 0 && { QueueUrls: urls }), NextToken };
};

export const ListDeadLetterSourceQueues: Action = (input, parts) => {
  const { name } = queueOf(input, parts);
  const { urls, NextToken } = page(parts.queues.sourcesOf(name), input, parts);
  return { queueUrls: urls, NextToken };
};

/** The token is the name of the last queue before; there is one only where MaxResults is given [D]. */
function page(queues: readonly Queue[], input: Input, parts: Parts): { urls: string[]; NextToken?: string } {
  const max = input.integer('MaxResults', 1, 1_000, 'MaxResults must be an integer between 1 and 1000.');
  const token = input.optionalText('NextToken');
  const after = token === undefined ? '' : Buffer.from(token, 'base64').toString();
  if (token !== undefined && !QUEUE_NAME.test(after))
    throw invalidParameter('NextToken', token, 'Invalid or expired next token.');
  const rest = queues.map(({ name }) => name).filter((name) => name > after);
  const names = rest.slice(0, max ?? 1_000);
  const last = names.at(-1);
  const more = max !== undefined && rest.length > names.length && last !== undefined;
  return {
    urls: names.map((name) => url(name, parts)),
    ...(more && { NextToken: Buffer.from(last).toString('base64') }),
  };
}
