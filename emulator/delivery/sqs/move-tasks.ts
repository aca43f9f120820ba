import { delay, type Clock } from '../../clock.js';
import type { NewId } from '../../dispatch/types.js';
import type { Message, MessageStore } from '../store.js';
import { invalidValue } from './errors.js';
import { nameOfArn, queueArn, storeName } from './names.js';
import type { Queue, Queues } from './queues.js';
import { redriven, sourceOf } from './stored.js';

/** How long a message is hidden while it is moved, ms. */
const LEASE_MS = 30_000;
/** Messages taken at once. */
const STEP = 10;
/** Tasks that are told of a queue [D: ListMessageMoveTasks, up to 10]. */
const KEPT = 10;

type Status = 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

interface Task {
  readonly handle: string;
  readonly source: string;
  readonly to: string | undefined;
  readonly perSecond: number | undefined;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly cancel: AbortController;
  status: Status;
  moved: number;
  toMove: number;
  failure?: string;
}

export interface MoveTasksOptions {
  readonly store: MessageStore;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly newId: NewId;
  /** The counts of a queue are not what they were. */
  touched(queue: string): void;
}

/** Redrives of dead-letter queues (StartMessageMoveTask), one at a time of each queue [D, R]. They end with the emulator. */
export class MoveTasks {
  readonly #options: MoveTasksOptions;
  #tasks: readonly Task[] = [];

  constructor(options: MoveTasksOptions) {
    this.#options = options;
  }

  /**
   * @param to where the messages go; undefined: each to the queue that it comes from
   * @returns the task's handle
   * @throws SqsError when one is running
   */
  start(source: string, to: string | undefined, perSecond: number | undefined): string {
    const { clock, newId } = this.#options;
    const others = this.#tasks.filter((task) => task.source === source);
    if (others.some(({ status }) => status === 'RUNNING')) {
      throw invalidValue(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    const handle = Buffer.from(JSON.stringify({ taskId: newId(), sourceArn: queueArn(source) })).toString('base64');
    const progress = { status: 'RUNNING' as const, moved: 0, toMove: 0 };
    const task = { handle, source, to, perSecond, startedAt: clock.now(), cancel: new AbortController(), ...progress };
    this.#tasks = [task, ...this.#tasks.filter((each) => !others.slice(KEPT - 1).includes(each))];
    void this.#run(task);
    return handle;
  }

  /** As ListMessageMoveTasks tells them, the most recent first. */
  list(source: string): readonly object[] {
    return this.#tasks.filter((task) => task.source === source).map(described);
  }

  /** @returns messages moved so far; undefined when there is no such task */
  cancel(handle: string): number | 'ended' | undefined {
    const task = this.#tasks.find((each) => each.handle === handle);
    if (task && task.status !== 'RUNNING') return 'ended';
    task?.cancel.abort();
    return task?.moved;
  }

  close(): void {
    for (const { cancel } of this.#tasks) cancel.abort();
  }

  async #run(task: Task): Promise<void> {
    const { store, clock } = this.#options;
    const { signal } = task.cancel;
    try {
      task.toMove = (await store.counts(storeName(task.source))).visible;
      while (!signal.aborted && task.moved < task.toMove) {
        const max = Math.min(task.perSecond ?? STEP, STEP, task.toMove - task.moved);
        const messages = await store.receive(storeName(task.source), max, LEASE_MS);
        if (messages.length === 0) break;
        for (const message of messages) await this.#move(task, message);
        if (task.perSecond !== undefined) await delay(clock, (messages.length / task.perSecond) * 1_000, signal);
      }
      task.status = signal.aborted ? 'CANCELLED' : 'COMPLETED';
    } catch (error) {
      task.status = 'FAILED';
      task.failure = error instanceof MoveFailure ? error.message : 'InternalFailure';
    }
  }

  async #move(task: Task, message: Message): Promise<void> {
    const { store, newId, touched } = this.#options;
    try {
      const to = this.#destination(task, message);
      const copy = redriven(newId(), message, to);
      if (await store.move(storeName(task.source), message.receipt, storeName(to.name), copy)) task.moved++;
      touched(to.name);
    } catch (error) {
      await store.release(storeName(task.source), message.receipt, 0);
      throw error;
    } finally {
      touched(task.source);
    }
  }

  #destination({ to }: Task, message: Message): Queue {
    const name = to ?? nameOfArn(sourceOf(message) ?? '');
    if (name === undefined) throw new MoveFailure('CouldNotDetermineMessageSource');
    const queue = this.#options.queues.find(name);
    if (!queue) throw new MoveFailure('AWS.SimpleQueueService.NonExistentQueue');
    return queue;
  }
}

/** Why a task ends before its time; the message is its FailureReason [R: NonExistentQueue]. */
class MoveFailure extends Error {}

/** Name of the dead-letter queue of a task. @returns undefined when it is no handle */
export function queueOfHandle(handle: string): string | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(handle, 'base64').toString());
    const arn = typeof value === 'object' && value !== null && 'sourceArn' in value ? value.sourceArn : undefined;
    return typeof arn === 'string' ? nameOfArn(arn) : undefined;
  } catch {
    return undefined;
  }
}

/** The handle is told while the task runs, a destination and a rate where they were given [D]. */
function described({ handle, source, to, perSecond, startedAt, status, moved, toMove, failure }: Task): object {
  return {
    ...(status === 'RUNNING' && { TaskHandle: handle }),
    Status: status,
    SourceArn: queueArn(source),
    ...(to !== undefined && { DestinationArn: queueArn(to) }),
    ...(perSecond !== undefined && { MaxNumberOfMessagesPerSecond: perSecond }),
    ApproximateNumberOfMessagesMoved: moved,
    ApproximateNumberOfMessagesToMove: toMove,
    ...(failure !== undefined && { FailureReason: failure }),
    StartedTimestamp: startedAt,
  };
}
