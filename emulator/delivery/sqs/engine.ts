import type { Clock } from '../../clock.js';
import type { NewId } from '../../dispatch/types.js';
import type { Message, MessageStore } from '../store.js';
import type { Counters } from './counters.js';
import { SqsError } from './errors.js';
import { storeName } from './names.js';
import type { Queue, Queues } from './queues.js';
import { deadLetter, newMessage, received } from './stored.js';
import type { OutgoingMessage, QueueEngine, ReceivedMessage, ReceiveOptions } from './types.js';
import { Waiters } from './waiters.js';

/** A standard queue has so many messages in flight at most [D]. */
export const MAX_IN_FLIGHT = 120_000;

export interface EngineOptions {
  readonly store: MessageStore;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly queues: Queues;
  readonly counters: Counters;
}

/** Queues over the message store: long polls, the move to the dead-letter queue, counts. */
export class Engine implements QueueEngine {
  readonly #options: EngineOptions;
  readonly #waiters = new Map<string, Waiters<ReceivedMessage>>();
  #draining = false;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  queue(name: string): Queue {
    return this.#options.queues.get(name);
  }

  async send(queue: Queue, messages: readonly OutgoingMessage[]): Promise<readonly string[]> {
    const { store, newId, counters } = this.#options;
    const added = messages.map((message) => newMessage(newId(), queue, message));
    await store.add(storeName(queue.name), added);
    counters.touch(queue.name);
    return added.map(({ id }) => id);
  }

  async receive(queue: Queue, options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    const take = (): Promise<readonly ReceivedMessage[]> => this.#take(queue.name, options);
    const messages = await take();
    if (options.signal?.aborted) {
      this.#giveBack(queue, messages);
      return [];
    }
    if (messages.length > 0 || options.waitMs === 0 || this.#draining) return messages;
    return this.#waitersOf(queue).wait(options.waitMs, take, options.signal);
  }

  async remove(queue: Queue, receipts: readonly string[]): Promise<void> {
    await this.#options.store.remove(storeName(queue.name), receipts);
    this.#options.counters.touch(queue.name);
  }

  async show(queue: Queue, receipt: string, ms: number): Promise<boolean> {
    const there = await this.#options.store.release(storeName(queue.name), receipt, ms);
    this.#options.counters.touch(queue.name);
    return there;
  }

  /** Those who wait get nothing; from now on nobody waits. */
  drain(): void {
    this.#draining = true;
    for (const waiters of this.#waiters.values()) waiters.endAll();
  }

  /** One look, or several while all that it finds goes to the dead-letter queue. */
  async #take(name: string, { max, waitMs, visibilityMs }: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    const { store, clock, counters, queues } = this.#options;
    const queue = queues.get(name);
    if (await this.#isFull(name)) {
      if (waitMs > 0) return [];
      throw overLimit();
    }
    for (;;) {
      const messages = await store.receive(storeName(name), max, visibilityMs);
      if (messages.length === 0) return [];
      counters.touch(name);
      const kept = await this.#redrive(queue, messages);
      if (kept.length > 0) return kept.map((message) => received(message, queue, clock.now()));
    }
  }

  /** Moves what was received too often [D: the ReceiveCount exceeds the maxReceiveCount]. @returns the others */
  async #redrive(queue: Queue, messages: readonly Message[]): Promise<readonly Message[]> {
    const { store, clock, queues, counters } = this.#options;
    const { redrive } = queue.settings;
    const to = redrive && queues.find(redrive.queue);
    if (!to) return messages;
    const kept: Message[] = [];
    for (const message of messages) {
      if (message.receives <= redrive.maxReceives) kept.push(message);
      else {
        const letter = deadLetter(message, queue, to, clock.now());
        await store.move(storeName(queue.name), message.receipt, storeName(to.name), letter);
        counters.touch(to.name);
      }
    }
    return kept;
  }

  async #isFull(name: string): Promise<boolean> {
    const { counters } = this.#options;
    if (counters.read(name).inFlight < MAX_IN_FLIGHT) return false;
    return (await counters.refresh(name)).inFlight >= MAX_IN_FLIGHT;
  }

  #giveBack(queue: Queue, messages: readonly ReceivedMessage[]): void {
    // A store that fails now shows them when their visibility timeout is over.
    for (const { receipt } of messages) this.show(queue, receipt, 0).catch(() => undefined);
  }

  #waitersOf(queue: Queue): Waiters<ReceivedMessage> {
    const { store, clock } = this.#options;
    const { name } = queue;
    let waiters = this.#waiters.get(name);
    if (!waiters) {
      waiters = new Waiters(
        clock,
        (callback) => store.onVisible(storeName(name), callback),
        (messages) => this.#giveBack(queue, messages),
      );
      this.#waiters.set(name, waiters);
    }
    return waiters;
  }
}

/** Answer to a short poll; a long poll gets no messages, and no error either [D]. */
function overLimit(): SqsError {
  return new SqsError('OverLimit', `The queue has its maximum of ${String(MAX_IN_FLIGHT)} messages in flight.`);
}
