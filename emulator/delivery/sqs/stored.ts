import type { Message, NewMessage } from '../store.js';
import type { MessageAttributes } from './message-attributes.js';
import { queueArn } from './names.js';
import type { Queue } from './queues.js';
import { receiptHandle } from './receipts.js';
import type { OutgoingMessage, ReceivedMessage } from './types.js';

/** What a message of a queue has in the store besides its body; absent fields are not written. */
interface Stored {
  readonly attributes?: MessageAttributes;
  readonly trace?: string;
  readonly group?: string;
  /** Of a dead letter: the ARN of the queue that it comes from, and what it has been through there. */
  readonly source?: string;
  readonly sentAt?: number;
  readonly firstReceivedAt?: number;
  readonly receives?: number;
}

const stored = (message: Message): Stored => message.meta;

/** A message on its way into a queue. */
export function newMessage(id: string, queue: Queue, message: OutgoingMessage): NewMessage {
  const { body, attributes, delayMs, trace, group } = message;
  const meta: Stored = {
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(trace !== undefined && { trace }),
    ...(group !== undefined && { group }),
  };
  return {
    id,
    body,
    meta: { ...meta },
    delayMs: delayMs ?? queue.settings.delayMs,
    retentionMs: queue.settings.retentionMs,
  };
}

/**
 * A message that was received too often, on its way into the dead-letter queue: the same id, and its age goes on, so that it
 * expires by when it was first sent [D: dead-letter queues and message retention]. The receive that moves it does not count [R].
 */
export function deadLetter(message: Message, from: Queue, to: Queue, now: number): NewMessage {
  const before = stored(message);
  const sentAt = before.sentAt ?? message.sentAt;
  const meta: Stored = {
    ...before,
    source: queueArn(from.name),
    sentAt,
    firstReceivedAt: before.firstReceivedAt ?? message.firstReceivedAt,
    receives: (before.receives ?? 0) + message.receives - 1,
  };
  const retentionMs = Math.max(0, to.settings.retentionMs - (now - sentAt));
  return { id: message.id, body: message.body, meta: { ...meta }, delayMs: 0, retentionMs };
}

/** A dead letter on its way back, by StartMessageMoveTask: a new message, with an id and an age of its own [D]. */
export function redriven(id: string, message: Message, to: Queue): NewMessage {
  const { attributes, trace, group } = stored(message);
  return newMessage(id, to, {
    body: message.body,
    attributes: attributes ?? {},
    delayMs: 0,
    ...(trace !== undefined && { trace }),
    ...(group !== undefined && { group }),
  });
}

/** ARN of the queue that a message is a dead letter of. */
export function sourceOf(message: Message): string | undefined {
  return stored(message).source;
}

/** @param now epoch ms of the receive */
export function received(message: Message, queue: Queue, now: number): ReceivedMessage {
  const { attributes = {}, trace, group, source, sentAt, firstReceivedAt, receives = 0 } = stored(message);
  return {
    id: message.id,
    body: message.body,
    attributes,
    receipt: message.receipt,
    handle: receiptHandle(queue.name, message.receipt, now),
    sentAt: sentAt ?? message.sentAt,
    firstReceivedAt: firstReceivedAt ?? message.firstReceivedAt,
    receives: receives + message.receives,
    ...(trace !== undefined && { trace }),
    ...(group !== undefined && { group }),
    ...(source !== undefined && { source }),
  };
}
