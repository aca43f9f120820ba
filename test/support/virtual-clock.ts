import type { Clock, Timer } from '../../emulator/clock.js';

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Rounds of the microtask queue that promise chains get after each timer. */
const SETTLE_ROUNDS = 20;

/** Time that passes only when a test says so: hours in milliseconds. */
export class VirtualClock implements Clock {
  private elapsed = 0;
  private order = 0;
  private readonly entries = new Set<Entry>();

  /** @param epoch what `now()` is at the start, epoch ms */
  constructor(private readonly epoch = Date.UTC(2025, 0, 1)) {}

  /** Timers that have not fired yet. */
  get pending(): number {
    return this.entries.size;
  }

  now(): number {
    return this.epoch + Math.floor(this.elapsed);
  }

  monotonic(): number {
    return this.elapsed;
  }

  after(ms: number, callback: () => void): Timer {
    const entry: Entry = { at: this.elapsed + Math.max(ms, 0), order: this.order++, callback };
    this.entries.add(entry);
    return { cancel: () => void this.entries.delete(entry) };
  }

  /**
   * Lets `ms` pass. Timers fire in the order of their times, then of their making; after each, the promises that it
   * settled are followed before the next fires, also into timers that they start.
   */
  async advance(ms: number): Promise<void> {
    const end = this.elapsed + ms;
    await settle();
    for (let next = this.next(end); next; next = this.next(end)) {
      this.entries.delete(next);
      this.elapsed = Math.max(this.elapsed, next.at);
      next.callback();
      await settle();
    }
    this.elapsed = end;
    await settle();
  }

  private next(end: number): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of this.entries) {
      if (entry.at > end) continue;
      if (!first || entry.at < first.at || (entry.at === first.at && entry.order < first.order)) first = entry;
    }
    return first;
  }
}

async function settle(): Promise<void> {
  for (let round = 0; round < SETTLE_ROUNDS; round++) await Promise.resolve();
}
