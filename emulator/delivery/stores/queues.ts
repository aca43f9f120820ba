import type { Clock, Timer } from '../../clock.js';
import type { Counts, Meta } from '../store.js';
import type { Entry } from './entry.js';
import { Listeners } from './listeners.js';
import { Queue } from './queue.js';

/** A timer is longer than setTimeout can wait: it is set again then. */
const LONGEST_WAIT_MS = 86_400_000;

/**
 * All queues of a store in memory, with the time: what the memory store is, and what the file store answers from. Nothing
 * here waits for anything; one timer, for the earliest of what is hidden or expires, in all queues.
 */
export class Queues {
  private readonly queues = new Map<string, Queue>();
  private readonly listeners = new Listeners();
  private timer: Timer | undefined;
  private timerAt = Infinity;

  /**
   * @param newReceipt makes a receipt that was never made before
   * @param dropped told what was kept for too long
   */
  constructor(
    private readonly clock: Clock,
    private readonly newReceipt: () => string,
    private readonly dropped: (entries: readonly Entry[]) => void = () => undefined,
  ) {}

  get names(): readonly string[] {
    for (const name of [...this.queues.keys()]) this.current(name);
    return [...this.queues.keys()];
  }

  insert(name: string, entries: readonly Entry[]): void {
    const now = this.clock.now();
    const queue = this.current(name, now) ?? new Queue();
    this.queues.set(name, queue);
    let visible = false;
    for (const entry of entries) visible = queue.insert(entry, now) || visible;
    this.changed(name, visible);
  }

  take(name: string, max: number, leaseMs: number): readonly Entry[] {
    const now = this.clock.now();
    const taken = this.current(name, now)?.take(max, now, now + leaseMs, this.newReceipt) ?? [];
    // Under a lease of no time it is visible still.
    this.changed(name, taken.length > 0 && leaseMs <= 0);
    return taken;
  }

  /** The message of this receipt, unless it was received again or is gone. */
  received(name: string, receipt: string): Entry | undefined {
    return this.current(name)?.received(receipt);
  }

  /** Hides an entry of this queue for `ms` from now. */
  hide(name: string, entry: Entry, ms: number, meta?: Meta): void {
    const now = this.clock.now();
    if (meta) entry.meta = meta;
    this.changed(name, this.queues.get(name)?.hide(entry, now + ms, now) ?? false);
  }

  /** Takes an entry of this queue out. */
  delete(name: string, entry: Entry): void {
    const queue = this.queues.get(name);
    queue?.delete(entry);
    if (queue?.size === 0) this.queues.delete(name);
  }

  clear(name: string): readonly Entry[] {
    const all = this.current(name)?.clear() ?? [];
    this.queues.delete(name);
    return all;
  }

  counts(name: string): Counts {
    return this.current(name)?.counts() ?? { visible: 0, inFlight: 0, delayed: 0 };
  }

  onVisible(name: string, callback: () => void): () => void {
    return this.listeners.add(name, callback);
  }

  close(): void {
    this.timer?.cancel();
    this.timerAt = -Infinity;
    this.queues.clear();
    this.listeners.close();
  }

  /** The queue as it is at this time; undefined when it is empty. */
  private current(name: string, now = this.clock.now()): Queue | undefined {
    const queue = this.queues.get(name);
    if (!queue) return undefined;
    if (queue.nextAt <= now) {
      const { shown, dropped } = queue.pass(now);
      if (dropped.length > 0) this.dropped(dropped);
      if (shown) this.listeners.tell(name);
    }
    if (queue.size > 0) return queue;
    this.queues.delete(name);
    return undefined;
  }

  private changed(name: string, visible: boolean): void {
    if (visible) this.listeners.tell(name);
    this.arm(this.queues.get(name)?.nextAt ?? Infinity);
  }

  /** Has the timer ring at `at`, epoch ms, or earlier. Ringing once for nothing is cheaper than being right always. */
  private arm(at: number): void {
    if (at >= this.timerAt) return;
    this.timer?.cancel();
    this.timerAt = at;
    this.timer = this.clock.after(Math.min(Math.max(at - this.clock.now(), 0), LONGEST_WAIT_MS), () => this.ring());
  }

  private ring(): void {
    this.timerAt = Infinity;
    const now = this.clock.now();
    let next = Infinity;
    for (const name of [...this.queues.keys()]) next = Math.min(next, this.current(name, now)?.nextAt ?? Infinity);
    // Timers may be a fraction of a millisecond early.
    this.arm(Math.max(next, now + 1));
  }
}
