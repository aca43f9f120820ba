import type { Clock, Timer } from '../clock.js';
import type { MessageStore } from './store.js';

/** Time that a function may be late with its end before its event is thought lost, ms. */
const MARGIN_MS = 30_000;

/** How long an event of this function is hidden while it runs: when the emulator dies, it comes back after it. */
export const leaseOf = (timeoutMs: number): number => timeoutMs + MARGIN_MS;

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
