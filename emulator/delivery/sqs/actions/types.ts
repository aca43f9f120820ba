import type { Clock } from '../../../clock.js';
import type { NewId } from '../../../dispatch/types.js';
import type { MessageStore } from '../../store.js';
import { nameOfUrl } from '../names.js';
import type { Input } from '../input.js';
import type { MoveTasks } from '../move-tasks.js';
import type { Queue, Queues } from '../queues.js';
import type { QueueEngine } from '../types.js';

/** What actions work with. */
export interface Parts {
  readonly store: MessageStore;
  readonly engine: QueueEngine;
  readonly queues: Queues;
  readonly moves: MoveTasks;
  readonly clock: Clock;
  readonly newId: NewId;
  /** URL of the gateway, without a slash at the end. */
  gateway(): string;
  /** The counts of a queue are not what they were. */
  touched(queue: string): void;
  /** When each queue was purged last, epoch ms. */
  readonly purged: Map<string, number>;
}

/** One request. */
export interface Call {
  /** Aborted when the client hangs up. */
  readonly signal: AbortSignal;
  /** X-Amzn-Trace-Id of the request. */
  readonly trace: string | undefined;
}

/**
 * An action of the SQS API. @returns the JSON of the answer; undefined members are left out
 * @throws SqsError
 */
export type Action = (input: Input, parts: Parts, call: Call) => Promise<object> | object;

/** The queue that QueueUrl names. @throws SqsError MissingParameter, QueueDoesNotExist */
export function queueOf(input: Input, { queues }: Parts): Queue {
  return queues.get(nameOfUrl(input.text('QueueUrl')));
}
