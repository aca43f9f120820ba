import { delay, type Clock } from '../clock.js';
import { throttleDelay } from './backoff.js';

/** Writes that must not be given up because a disk is full or a Redis is away for a while. */
export class Persistence {
  readonly #stopping = new AbortController();
  #failing = false;

  constructor(
    private readonly clock: Clock,
    private readonly log: (message: string) => void,
  ) {}

  /** From now on a failure is final: what was not written comes again in the next run. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Tries until it succeeds, ever more slowly. @returns undefined when it was stopped before */
  async insist<T>(write: () => Promise<T>): Promise<T | undefined> {
    for (let tries = 0; ; tries++) {
      try {
        const result = await write();
        this.#told(undefined);
        return result;
      } catch (error) {
        this.#told(error);
        if (!(await delay(this.clock, throttleDelay(tries), this.#stopping.signal))) return undefined;
      }
    }
  }

  /** One line when it begins, one when it is over. */
  #told(error: unknown): void {
    if (this.#failing === (error !== undefined)) return;
    this.#failing = error !== undefined;
    const why = error instanceof Error ? error.message : String(error);
    this.log(
      this.#failing
        ? `delivery: the store fails, events wait until it works again: ${why}`
        : 'delivery: the store works again',
    );
  }
}
