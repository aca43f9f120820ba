import type { AsyncSnapshot } from '../contract/snapshot.js';
import type { Condition } from './event.js';
import type { Counts } from './store.js';

/** Counts a function's events, so that a snapshot asks no store. */
export class Tally {
  #pending = 0;
  #succeeded = 0;
  #failed = 0;
  #expired = 0;
  #oldestAt: number | undefined;
  #changes = 0;

  /** @param changed told of every change */
  constructor(private readonly changed: () => void) {}

  get pending(): number {
    return this.#pending;
  }

  /** Grows with every change, so that counts that were asked for before one are known to be stale. */
  get changes(): number {
    return this.#changes;
  }

  /** @param at epoch ms */
  arrived(at: number): void {
    this.#changes++;
    if (this.#pending++ === 0) this.#oldestAt = at;
    this.changed();
  }

  /** One is in the store no more. */
  ended(condition: Condition): void {
    this.#changes++;
    // More than one emulator may work on a queue: this one may end what another has accepted.
    this.#pending = Math.max(0, this.#pending - 1);
    if (condition === 'Success') this.#succeeded++;
    else if (condition === 'EventAgeExceeded') this.#expired++;
    else this.#failed++;
    this.changed();
  }

  /** What the store says. */
  is({ visible, inFlight, delayed, oldestAt }: Counts): void {
    const pending = visible + inFlight + delayed;
    const same = pending === this.#pending && oldestAt === this.#oldestAt;
    this.#pending = pending;
    this.#oldestAt = oldestAt;
    if (!same) this.changed();
  }

  snapshot(): AsyncSnapshot {
    return {
      pending: this.#pending,
      succeeded: this.#succeeded,
      failed: this.#failed,
      expired: this.#expired,
      ...(this.#pending > 0 && this.#oldestAt !== undefined ? { oldestAt: this.#oldestAt } : {}),
    };
  }
}
