import type { Clock, Timer } from '../clock.js';
import type { BatchItem } from './mapping-record.js';

/** So long before its end a lease is extended at the latest, ms. */
const MARGIN_MS = 5_000;

/**
 * Keeps the messages of a mapping hidden while they wait for an instance or a handler works on them. The function's timeout
 * is within the lease, so only what Lambda does not count takes longer: waiting for an instance, a cold start, a debugger.
 * A lease is extended shortly before its end and not earlier, so that a message that has failed is seen again when its
 * visibility timeout says.
 */
export class Leases {
  /** By receipt: items and the epoch ms when their leases end. */
  readonly #held = new Map<string, { readonly item: BatchItem; until: number }>();
  #timer: Timer | undefined;
  /** Epoch ms. */
  #timerAt = Infinity;

  /** @param extend hides a message for `ms` from now. @returns false when it is gone */
  constructor(
    private readonly clock: Clock,
    private readonly extend: (item: BatchItem, ms: number) => Promise<boolean>,
    private ms: number,
  ) {}

  setMs(ms: number): void {
    this.ms = ms;
  }

  hold(items: readonly BatchItem[]): void {
    for (const item of items) {
      const until = item.receivedAt + this.ms;
      this.#held.set(item.message.receipt, { item, until });
      this.#arm(until - this.#margin());
    }
  }

  /** Copies have no lease. */
  letGo(items: readonly BatchItem[]): void {
    for (const { message, copy } of items) if (!copy) this.#held.delete(message.receipt);
    if (this.#held.size > 0) return;
    this.#timer?.cancel();
    this.#timerAt = Infinity;
  }

  /** One timer, for the lease that ends first; it may ring for one that is held no more. */
  #arm(at: number): void {
    if (at >= this.#timerAt) return;
    this.#timer?.cancel();
    this.#timerAt = at;
    this.#timer = this.clock.after(at - this.clock.now(), () => {
      this.#timerAt = Infinity;
      this.#extendDue();
    });
  }

  #extendDue(): void {
    const now = this.clock.now();
    for (const held of this.#held.values()) {
      // Timers may be a fraction of a millisecond early.
      if (held.until - this.#margin() <= now + 1) {
        held.until = now + this.ms;
        this.#extend(held.item);
      }
      this.#arm(held.until - this.#margin());
    }
  }

  #extend(item: BatchItem): void {
    this.extend(item, this.ms).then(
      (there) => void (there || this.letGo([item])),
      // A store that fails just now: the message may come again, as at-least-once allows.
      () => undefined,
    );
  }

  #margin(): number {
    return Math.min(MARGIN_MS, this.ms / 4);
  }
}
