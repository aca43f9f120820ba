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
  #compared = 0;
  #busy = 0;

  /** @param changed told of every change */
  constructor(private readonly changed: () => void) {}

  get pending(): number {
    return this.#pending;
  }

  /** Steps of the store under way: it may count them already, or not yet. */
  get busy(): number {
    return this.#busy;
  }

  /** Grows with every change. */
  get changes(): number {
    return this.#changes;
  }

  /** Whether it may not be what the store says: other emulators may share it. */
  get doubtful(): boolean {
    return this.#pending > 0 || this.#changes !== this.#compared;
  }

  /** Keeps an event. @param keep returns false when it was not kept after all @param at epoch ms */
  async arrives<T>(keep: () => Promise<T>, at: number): Promise<T> {
    return this.#during(async () => {
      const kept = await keep();
      if (kept !== false) {
        if (this.#pending++ === 0) this.#oldestAt = at;
        this.#change();
      }
      return kept;
    });
  }

  /**
   * Takes an event out.
   * @param ended how it ended: `Lost` is none of the ends that are counted; undefined when it was not taken out after all
   */
  async leaves<T>(take: () => Promise<T>, ended: (taken: T) => Condition | 'Lost' | undefined): Promise<T> {
    return this.#during(async () => {
      const taken = await take();
      const condition = ended(taken);
      if (condition === undefined) return taken;
      // More than one emulator may work on a queue: this one may end what another has accepted.
      this.#pending = Math.max(0, this.#pending - 1);
      if (condition === 'Success') this.#succeeded++;
      else if (condition === 'EventAgeExceeded') this.#expired++;
      else if (condition !== 'Lost') this.#failed++;
      this.#change();
      return taken;
    });
  }

  /** What the store says. Rather too many than none while steps are under way. */
  is({ visible, inFlight, delayed, oldestAt }: Counts): void {
    const pending = visible + inFlight + delayed + this.#busy;
    const same = pending === this.#pending && oldestAt === this.#oldestAt;
    this.#pending = pending;
    this.#oldestAt = oldestAt;
    this.#compared = this.#changes;
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

  #change(): void {
    this.#changes++;
    this.changed();
  }

  async #during<T>(step: () => Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await step();
    } finally {
      this.#busy--;
    }
  }
}
