import type { Clock, Timer } from '../clock.js';
import { functionOf, queueOf } from './event.js';
import type { MessageStore } from './store.js';
import { Tally } from './tally.js';

/** How often counts are compared with the store's, ms. */
const COMPARE_MS = 5_000;

/** Comparisons that are put off because something is going on; then one is made all the same. */
const MAX_PUT_OFF = 6;

export interface TalliesParts {
  readonly clock: Clock;
  readonly store: MessageStore;
  /** Told of every change. */
  changed(): void;
}

/** Counts of all functions' events; compared with the store now and then, which other emulators may share. */
export class Tallies {
  readonly #byName = new Map<string, Tally>();
  readonly #putOff = new Map<Tally, number>();
  #timer: Timer | undefined;
  #stopped = false;

  constructor(private readonly parts: TalliesParts) {}

  /** Counts what an earlier run has left. */
  async open(): Promise<void> {
    for (const queue of await this.parts.store.names()) {
      const name = functionOf(queue);
      if (name !== undefined) this.of(name).is(await this.parts.store.counts(queue));
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  of(name: string): Tally {
    let tally = this.#byName.get(name);
    if (!tally) this.#byName.set(name, (tally = new Tally(() => this.#changed())));
    return tally;
  }

  /** Undefined for a function that never had an event. */
  get(name: string): Tally | undefined {
    return this.#byName.get(name);
  }

  entries(): Iterable<[string, Tally]> {
    return this.#byName;
  }

  #changed(): void {
    this.parts.changed();
    this.#arm();
  }

  #arm(): void {
    if (this.#timer || this.#stopped) return;
    this.#timer = this.parts.clock.after(COMPARE_MS, () => {
      void this.#compareAll().finally(() => {
        this.#timer = undefined;
        if ([...this.#byName.values()].some((tally) => tally.doubtful)) this.#arm();
      });
    });
  }

  async #compareAll(): Promise<void> {
    for (const [name, tally] of this.#byName) if (tally.doubtful) await this.#compare(name, tally);
  }

  /** Only what the store says while nothing goes on is exact. */
  async #compare(name: string, tally: Tally): Promise<void> {
    const { changes, busy } = tally;
    const counts = await this.parts.store.counts(queueOf(name)).catch(() => undefined);
    if (!counts) return;
    const putOff = this.#putOff.get(tally) ?? 0;
    if (busy + tally.busy > 0 || tally.changes !== changes) {
      this.#putOff.set(tally, putOff + 1);
      if (putOff < MAX_PUT_OFF) return;
    }
    this.#putOff.delete(tally);
    tally.is(counts);
  }
}
