import type { Message, Meta, NewMessage } from '../store.js';
import type { Placed } from './heap.js';

/** A message as the stores keep it in memory. */
export interface Entry extends Placed {
  /** Counts up within a store: the order of messages that were sent in the same millisecond. */
  readonly order: number;
  readonly id: string;
  readonly body: string;
  meta: Meta;
  /** Epoch ms, as are all times here. */
  readonly sentAt: number;
  readonly expiresAt: number;
  visibleAt: number;
  /** How often it was handed out. */
  receives: number;
  firstReceivedAt?: number;
  /** Of the latest receive. */
  receipt?: string;
}

/** The latest time that a Date can hold, for those who keep messages for ever. */
const END_OF_TIME = 8.64e15;

/** @param now epoch ms */
export function newEntry(message: NewMessage, order: number, now: number): Entry {
  const sentAt = message.sentAt ?? now;
  return {
    order,
    id: message.id,
    body: message.body,
    meta: message.meta,
    sentAt,
    expiresAt: Math.min(sentAt + message.retentionMs, END_OF_TIME),
    visibleAt: now + message.delayMs,
    receives: 0,
    places: [-1, -1, -1],
  };
}

/** What the receiver of an entry is given. */
export function handedOut(entry: Entry): Message {
  return {
    id: entry.id,
    body: entry.body,
    meta: entry.meta,
    sentAt: entry.sentAt,
    firstReceivedAt: entry.firstReceivedAt ?? entry.sentAt,
    receives: entry.receives,
    receipt: entry.receipt ?? '',
  };
}
