import type { Clock } from '../clock.js';

/** The same hint again only after this long, in ms. */
const QUIET_MS = 60_000;
/** Different hints within that time; the rest is not told. */
const MAX_HINTS = 50;

/** Hints to the engine's log about what handlers send, told once a minute at most: handlers repeat their mistakes. */
export class Hints {
  readonly #clock: Clock;
  readonly #log: (message: string) => void;
  /** When each was told. */
  readonly #told = new Map<string, number>();

  constructor(clock: Clock, log: (message: string) => void) {
    this.#clock = clock;
    this.#log = log;
  }

  tell(message: string): void {
    const now = this.#clock.monotonic();
    for (const [other, at] of this.#told) {
      if (now - at < QUIET_MS) break;
      this.#told.delete(other);
    }
    if (this.#told.has(message) || this.#told.size >= MAX_HINTS) return;
    this.#told.set(message, now);
    this.#log(message);
  }
}
