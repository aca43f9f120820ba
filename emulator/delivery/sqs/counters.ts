import type { Clock, Timer } from '../../clock.js';
import type { Counts, MessageStore } from '../store.js';
import { storeName } from './names.js';

/** While a queue is worked on, its counts are read so often at most, ms: as often as views are refreshed. */
const BUSY_MS = 250;
/** And so old they may be when somebody asks, ms: with a shared store other emulators change them. */
const STALE_MS = 1_000;

const NOTHING: Counts = { visible: 0, inFlight: 0, delayed: 0 };

interface Counter {
  counts: Counts;
  /** Monotonic ms. */
  readAt: number;
  reading: boolean;
  again: Timer | undefined;
  /** Ends the subscription to the store. */
  readonly unwatch: () => void;
}

/** The counts of every queue as the store tells them, kept so that a snapshot need not wait. */
export class Counters {
  readonly #counters = new Map<string, Counter>();
  #closed = false;

  /** @param changed called when counts differ from those before */
  constructor(
    private readonly store: MessageStore,
    private readonly clock: Clock,
    private readonly changed: () => void,
  ) {}

  /** @returns counts a second old at most, or those before, while newer ones are read */
  read(queue: string): Counts {
    const counter = this.#counter(queue);
    if (this.clock.monotonic() - counter.readAt >= STALE_MS) void this.refresh(queue);
    return counter.counts;
  }

  /** Something was done with the queue. */
  touch(queue: string): void {
    if (this.#closed) return;
    const counter = this.#counter(queue);
    if (counter.again) return;
    const wait = counter.readAt + BUSY_MS - this.clock.monotonic();
    if (wait <= 0 && !counter.reading) void this.refresh(queue);
    else {
      counter.again = this.clock.after(Math.max(wait, BUSY_MS / 2), () => {
        counter.again = undefined;
        void this.refresh(queue);
      });
    }
  }

  /** Reads them now. A store that fails leaves those before. */
  async refresh(queue: string): Promise<Counts> {
    const counter = this.#counter(queue);
    if (counter.reading || this.#closed) return counter.counts;
    counter.reading = true;
    counter.readAt = this.clock.monotonic();
    const before = counter.counts;
    try {
      counter.counts = await this.store.counts(storeName(queue));
    } catch {
      // Whoever works with the queue sees the error; the next read is for the next second.
    }
    counter.reading = false;
    if (!same(before, counter.counts)) this.changed();
    return counter.counts;
  }

  close(): void {
    this.#closed = true;
    for (const { again, unwatch } of this.#counters.values()) {
      again?.cancel();
      unwatch();
    }
    this.#counters.clear();
  }

  #counter(queue: string): Counter {
    const known = this.#counters.get(queue);
    if (known) return known;
    const unwatch = this.#closed ? () => undefined : this.store.onVisible(storeName(queue), () => this.touch(queue));
    const counter = { counts: NOTHING, readAt: -Infinity, reading: false, again: undefined, unwatch };
    this.#counters.set(queue, counter);
    return counter;
  }
}

function same(one: Counts, other: Counts): boolean {
  return one.visible === other.visible && one.inFlight === other.inFlight && one.delayed === other.delayed;
}
