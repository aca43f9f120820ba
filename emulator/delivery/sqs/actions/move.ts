import { invalidParameter, invalidValue, SqsError } from '../errors.js';
import type { Input } from '../input.js';
import { nameOfArn } from '../names.js';
import type { Queue } from '../queues.js';
import { queueOfHandle } from '../move-tasks.js';
import type { Action, Parts } from './types.js';

/** @throws SqsError ResourceNotFoundException [R] */
function queueOfArn(input: Input, member: 'SourceArn' | 'DestinationArn', { queues }: Parts): Queue {
  const arn = input.text(member);
  const name = nameOfArn(arn);
  if (name === undefined) {
    throw invalidValue(
      `You must use this format to specify the ${member}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>`,
    );
  }
  return queues.find(name) ?? notFound(`The resource that you specified for the ${member} parameter doesn't exist.`);
}

function notFound(message: string): never {
  throw new SqsError('ResourceNotFoundException', message);
}

/** Sends the messages of a dead-letter queue back to where they came from, or elsewhere. */
export const StartMessageMoveTask: Action = (input, parts) => {
  const source = queueOfArn(input, 'SourceArn', parts);
  const reason = 'Must be between 1 and 500, if provided.';
  const perSecond = input.integer('MaxNumberOfMessagesPerSecond', 1, 500, reason);
  if (parts.queues.sourcesOf(source.name).length === 0)
    throw invalidValue('Source queue must be configured as a Dead Letter Queue.');
  const to = input.has('DestinationArn') ? queueOfArn(input, 'DestinationArn', parts) : undefined;
  return { TaskHandle: parts.moves.start(source.name, to?.name, perSecond) };
};

/** The most recent first. */
export const ListMessageMoveTasks: Action = (input, parts) => {
  const { name } = queueOfArn(input, 'SourceArn', parts);
  const max = input.integer('MaxResults', 1, 10, 'Must be between 1 and 10, if provided.') ?? 1;
  return { Results: parts.moves.list(name).slice(0, max) };
};

export const CancelMessageMoveTask: Action = (input, parts) => {
  const handle = input.text('TaskHandle');
  const source = queueOfHandle(handle);
  if (source === undefined) throw invalidValue('Value for parameter TaskHandle is invalid.');
  if (!parts.queues.find(source))
    notFound("The resource that you specified for the SourceArn parameter doesn't exist.");
  const moved = parts.moves.cancel(handle) ?? notFound('Task does not exist.');
  if (moved === 'ended') throw invalidParameter('TaskHandle', handle, 'Only active tasks can be cancelled.');
  return { ApproximateNumberOfMessagesMoved: moved };
};
