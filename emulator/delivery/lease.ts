import type { Clock, Timer } from '../clock.js';
import type { MessageStore } from './store.js';

/**
 * How long a received event is hidden, ms; extended for as long as it runs. When the emulator dies, the event comes back
 * after it, so it is short; only an emulator that is stuck for longer would run an event twice.
 */
export const LEASE_MS = 15_000;

/** Keeps a received message hidden for as long as the work on it takes. */
export class Lease {
  #timer: Timer | undefined;
  #extension: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly clock: Clock,
    private readonly store: MessageStore,
    private readonly queue: string,
    private readonly receipt: string,
    private readonly ms: number,
  ) {
    this.#arm();
  }

  /** Resolves when nothing more will be changed of the message. */
  async end(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.#extension;
  }

  #arm(): void {
    this.#timer = this.clock.after(this.ms / 2, () => {
      // A store that fails just now is asked again in time; at worst the event comes twice.
      this.#extension = this.store.release(this.queue, this.receipt, this.ms).catch(() => undefined);
      this.#arm();
    });
  }
}
