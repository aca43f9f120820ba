import type { QueueSnapshot } from '../../contract/snapshot.js';
import type { AwsService } from '../../gateway/types.js';
import type { MessageAttributes } from './message-attributes.js';
import type { Queue } from './queues.js';

/** The queues of the emulator and their endpoint. */
export interface Sqs {
  /** The SQS-compatible endpoint. */
  readonly service: AwsService;
  /** What passes between the endpoint, the event source mappings and the store. */
  readonly engine: QueueEngine;
  /** Counts what an earlier run has left in the queues. */
  open(): Promise<void>;
  /**
   * A message from the emulator itself: a dead letter, the record of a destination.
   * @param attributes message attributes; a text becomes a String, a number a Number; empty texts are left out
   * @throws SqsError when there is no such queue, or SQS would refuse the message
   */
  send(queue: string, body: string, attributes: Readonly<Record<string, string | number>>): Promise<void>;
  /** Counts are at most a second old. */
  snapshot(): readonly QueueSnapshot[];
  /** Which functions each queue invokes, for the snapshot. */
  setConsumers(consumers: ReadonlyMap<string, readonly string[]>): void;
  /** Receives that wait for a message end at once, and no more wait. */
  drain(): void;
  /** Ends what runs in the background; the store stays open. */
  close(): void;
}

/** A message on its way in. */
export interface OutgoingMessage {
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** ms; the queue's own when absent. */
  readonly delayMs?: number;
  /** AWSTraceHeader. */
  readonly trace?: string;
  /** MessageGroupId: kept and told, without effect on a standard queue. */
  readonly group?: string;
}

/** A message that was received. */
export interface ReceivedMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** What to change and remove it by, inside of the emulator. */
  readonly receipt: string;
  /** The same for a client: opaque. */
  readonly handle: string;
  /** Epoch ms. */
  readonly sentAt: number;
  readonly firstReceivedAt: number;
  /** This one included, also those from the queue that it is a dead letter of. */
  readonly receives: number;
  readonly trace?: string;
  readonly group?: string;
  /** ARN of the queue that it is a dead letter of. */
  readonly source?: string;
}

export interface ReceiveOptions {
  /** Messages at most. */
  readonly max: number;
  /** How long to wait for the first one, ms; 0: not at all. */
  readonly waitMs: number;
  /** How long they are hidden from others, ms. */
  readonly visibilityMs: number;
  /** Ends the wait; what comes too late is visible again at once. */
  readonly signal?: AbortSignal;
}

export interface QueueEngine {
  /** @throws SqsError QueueDoesNotExist */
  queue(name: string): Queue;
  /** @returns their ids, once all are kept */
  send(queue: Queue, messages: readonly OutgoingMessage[]): Promise<readonly string[]>;
  /** The oldest first. Messages that were received too often go to the dead-letter queue instead. */
  receive(queue: Queue, options: ReceiveOptions): Promise<readonly ReceivedMessage[]>;
  /** Removes messages by their receipts; those that are gone already are skipped. */
  remove(queue: Queue, receipts: readonly string[]): Promise<void>;
  /** Shows a received message again after `ms`. @returns false when it is gone, or was received again since */
  show(queue: Queue, receipt: string, ms: number): Promise<boolean>;
}
