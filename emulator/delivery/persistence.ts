import { delay, type Clock } from '../clock.js';
import { throttleDelay } from './backoff.js';

/** Steps of the store that must not be given up because a disk is full or a Redis is away for a while. */
export class Persistence {
  readonly #stopping = new AbortController();
  #failing = 0;

  constructor(
    private readonly clock: Clock,
    private readonly log: (message: string) => void,
  ) {}

  /** From now on a failure is final: what was not written comes again in the next run. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Tries until it succeeds, ever more slowly. @returns undefined when it failed and everything is being stopped */
  async insist<T>(step: () => Promise<T>): Promise<T | undefined> {
    for (let tries = 0; ; tries++) {
      try {
        const result = await step();
        if (tries > 0) this.#succeeded();
        return result;
      } catch (error) {
        if (tries === 0) this.#failed(error);
        if (!(await delay(this.clock, throttleDelay(tries), this.#stopping.signal))) return undefined;
      }
    }
  }

  /** One line when it begins, one when it is over, however many wait for it. */
  #failed(error: unknown): void {
    if (this.#failing++ > 0) return;
    const why = error instanceof Error ? error.message : String(error);
    this.log(`delivery: the store fails, events wait until it works again: ${why}`);
  }

  #succeeded(): void {
    if (--this.#failing === 0) this.log('delivery: the store works again');
  }
}
