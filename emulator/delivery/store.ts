/**
 * Where messages are kept. All of delivery stands on this: the queue of a function's asynchronous events is one of these
 * queues, and so is every queue of the config. Time is real milliseconds (whoever scales time divides before asking).
 *
 * Every store keeps what it has confirmed over a SIGKILL at any point (`memory` aside), and may hand a message out twice
 * after one: at-least-once, like the services. A lease outlives whoever held it: what a killed emulator had received shows
 * again when its lease is over.
 *
 * Whatever changes the store throws FaultlineError STORE_UNAVAILABLE when the change cannot be kept (a full disk, a Redis
 * that is gone); what only asks (`receive`, `counts`, `names`) then sees less, and the store recovers by itself. A removal
 * that a full disk does not take is made up for later, and is no error.
 */
export interface MessageStore {
  /**
   * Resolves once all of them are kept, and rejects when none is. Any queue name; a queue exists by being used.
   * @throws FaultlineError STORE_UNAVAILABLE
   */
  add(queue: string, messages: readonly NewMessage[]): Promise<void>;
  /**
   * Hands out up to `max` messages that are visible, the oldest first, and hides them for `leaseMs`. Each counts one more
   * receive. Resolves at once, with none when there are none.
   */
  receive(queue: string, max: number, leaseMs: number): Promise<readonly Message[]>;
  /** Removes messages by their latest receipts, also when their leases are over. @returns for each whether it was there */
  remove(queue: string, receipts: readonly string[]): Promise<readonly boolean[]>;
  /**
   * Shows a received message again after `ms` (0: at once). Its receipt stays good until it is received again, so this also
   * makes a lease longer.
   * @param meta replaces the message's when given
   * @returns false when the receipt is not its latest, or the message is gone
   */
  release(queue: string, receipt: string, ms: number, meta?: Meta): Promise<boolean>;
  /**
   * Removes a received message from one queue and adds another message elsewhere, in one step: neither lost nor doubled.
   * @returns false, and nothing is added, when the receipt is not its latest, or the message is gone
   */
  move(queue: string, receipt: string, to: string, message: NewMessage): Promise<boolean>;
  counts(queue: string): Promise<Counts>;
  /** @returns how many messages were removed */
  purge(queue: string): Promise<number>;
  /** Queues with messages. */
  names(): Promise<readonly string[]>;
  /**
   * Calls back whenever a message may have become visible: added, released, its lease or delay over. Spurious calls are
   * allowed, missed ones are not. @returns ends it
   */
  onVisible(queue: string, callback: () => void): () => void;
  close(): Promise<void>;
}

/** What belongs to a message besides its body; JSON. */
export type Meta = Readonly<Record<string, unknown>>;

export interface NewMessage {
  /** Unique; made by the caller. */
  readonly id: string;
  readonly body: string;
  readonly meta: Meta;
  /** Held back for so long, ms. */
  readonly delayMs: number;
  /** Dropped when it has been kept for so long, ms from `sentAt`; not while it is received and hidden. */
  readonly retentionMs: number;
  /** Epoch ms, for a message that is moved and keeps its age; now when absent. */
  readonly sentAt?: number;
}

/** A message that was handed out. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly meta: Meta;
  /** Epoch ms. */
  readonly sentAt: number;
  readonly firstReceivedAt: number;
  /** This one included, from 1. */
  readonly receives: number;
  /** What to release or remove it by. */
  readonly receipt: string;
}

export interface Counts {
  readonly visible: number;
  /** Received, and hidden since: leased, or released with a time to wait. */
  readonly inFlight: number;
  /** Not received yet, and held back. */
  readonly delayed: number;
  /** Epoch ms when the oldest of them all was sent. */
  readonly oldestAt?: number;
}
