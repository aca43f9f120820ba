import type { Clock } from '../../clock.js';

/** Takes messages for one who waits; empty when there are none. */
export type Take<T> = () => Promise<readonly T[]>;

interface Waiter<T> {
  readonly take: Take<T>;
  end(messages: readonly T[]): void;
}

/**
 * Those who wait for messages of one queue, in the order of their coming:
 *
 *   a message may be visible ──▶ the first takes ──some──▶ it goes, the next one takes
 *                                      └─none──▶ all wait on
 *
 * One at a time, since a hundred long polls that all take at every message would be a hundred reads of the store.
 */
export class Waiters<T> {
  readonly #waiting = new Set<Waiter<T>>();
  #unsubscribe: (() => void) | undefined;
  #taking = false;
  #again = false;

  /**
   * @param onVisible the store's, for this queue
   * @param giveBack for what was taken for one that has gone meanwhile
   * @param failed told of a store that fails; those who wait get nothing
   */
  constructor(
    private readonly clock: Clock,
    private readonly onVisible: (callback: () => void) => () => void,
    private readonly giveBack: (messages: readonly T[]) => void,
  ) {}

  /**
   * Waits for messages.
   * @param ms at most
   * @param signal ends the wait
   * @returns none when time was up
   * @throws Error what `take` throws
   */
  wait(ms: number, take: Take<T>, signal?: AbortSignal): Promise<readonly T[]> {
    if (signal?.aborted) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        timer.cancel();
        signal?.removeEventListener('abort', gone);
        this.#leave(waiter);
      };
      const end = (messages: readonly T[]): void => {
        leave();
        resolve(messages);
      };
      const gone = (): void => end([]);
      const guarded: Take<T> = () =>
        take().catch((error: unknown) => {
          leave();
          reject(error as Error);
          return [];
        });
      const waiter: Waiter<T> = { take: guarded, end };
      const timer = this.clock.after(ms, gone);
      signal?.addEventListener('abort', gone, { once: true });
      this.#waiting.add(waiter);
      // Before the first look, so that a message between the two is not missed.
      this.#unsubscribe ??= this.onVisible(() => void this.#serve());
      void this.#serve();
    });
  }

  /** Everyone goes with nothing. */
  endAll(): void {
    for (const waiter of [...this.#waiting]) waiter.end([]);
  }

  #leave(waiter: Waiter<T>): void {
    this.#waiting.delete(waiter);
    if (this.#waiting.size > 0) return;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  async #serve(): Promise<void> {
    this.#again = true;
    if (this.#taking) return;
    this.#taking = true;
    while (this.#again) {
      this.#again = false;
      for (const waiter of this.#waiting) {
        const messages = await waiter.take();
        if (messages.length > 0 && !this.#waiting.has(waiter)) this.giveBack(messages);
        else if (messages.length > 0) waiter.end(messages);
        else if (this.#waiting.has(waiter)) break;
      }
    }
    this.#taking = false;
  }
}
