import type { Counts } from '../store.js';
import type { Entry } from './entry.js';
import { Heap } from './heap.js';

const older = (a: Entry, b: Entry): boolean => (a.sentAt === b.sentAt ? a.order < b.order : a.sentAt < b.sentAt);
const visibleEarlier = (a: Entry, b: Entry): boolean =>
  a.visibleAt === b.visibleAt ? older(a, b) : a.visibleAt < b.visibleAt;
const expiresEarlier = (a: Entry, b: Entry): boolean => a.expiresAt < b.expiresAt;

/** Slots of an entry's places: it is ready, delayed or in flight; among all by age; and may be due to expire. */
const [STATE, AGE, EXPIRY] = [0, 1, 2];

/** What time has changed. */
export interface Passed {
  /** Some of what was hidden is visible now. */
  readonly shown: boolean;
  /** Kept for too long, and gone. */
  readonly dropped: readonly Entry[];
}

/**
 * One queue in memory, without a clock of its own: whoever asks tells the time, and calls `pass` first. Every step costs
 * O(log n), however many messages wait.
 */
export class Queue {
  private readonly ready = new Heap<Entry>(STATE, older);
  private readonly delayed = new Heap<Entry>(STATE, visibleEarlier);
  private readonly inFlight = new Heap<Entry>(STATE, visibleEarlier);
  private readonly ages = new Heap<Entry>(AGE, older);
  /** Those that may be dropped: not what somebody has received and holds. */
  private readonly expiries = new Heap<Entry>(EXPIRY, expiresEarlier);
  private readonly receipts = new Map<string, Entry>();

  get size(): number {
    return this.ages.size;
  }

  /** Epoch ms of the next time that `pass` has something to do. */
  get nextAt(): number {
    return Math.min(
      this.delayed.first?.visibleAt ?? Infinity,
      this.inFlight.first?.visibleAt ?? Infinity,
      this.expiries.first?.expiresAt ?? Infinity,
    );
  }

  counts(): Counts {
    const oldest = this.ages.first;
    return {
      visible: this.ready.size,
      inFlight: this.inFlight.size,
      delayed: this.delayed.size,
      ...(oldest ? { oldestAt: oldest.sentAt } : {}),
    };
  }

  /** @returns whether it is visible at once */
  insert(entry: Entry, now: number): boolean {
    this.ages.add(entry);
    if (entry.receipt !== undefined) this.receipts.set(entry.receipt, entry);
    return this.show(entry, now);
  }

  /** Makes visible what has become so, and drops what has been kept for too long. */
  pass(now: number): Passed {
    let shown = false;
    for (const hidden of [this.delayed, this.inFlight]) {
      for (let { first } = hidden; first && first.visibleAt <= now; first = hidden.first) {
        hidden.remove(first);
        shown = this.show(first, now) || shown;
      }
    }
    const dropped: Entry[] = [];
    for (let { first } = this.expiries; first && first.expiresAt <= now; first = this.expiries.first) {
      this.delete(first);
      dropped.push(first);
    }
    return { shown, dropped };
  }

  /** Hands out the oldest that are visible, under new receipts, and hides them until `until`. */
  take(max: number, now: number, until: number, newReceipt: () => string): readonly Entry[] {
    const taken: Entry[] = [];
    for (let { first } = this.ready; first && taken.length < max; first = this.ready.first) {
      this.ready.remove(first);
      if (first.receipt !== undefined) this.receipts.delete(first.receipt);
      first.receives++;
      first.firstReceivedAt ??= now;
      first.receipt = newReceipt();
      first.visibleAt = until;
      this.receipts.set(first.receipt, first);
      taken.push(first);
    }
    // Only now, so that a lease of no time at all does not hand the same one out twice.
    for (const entry of taken) this.show(entry, now);
    return taken;
  }

  received(receipt: string): Entry | undefined {
    return this.receipts.get(receipt);
  }

  /** @returns whether it is visible at once */
  hide(entry: Entry, until: number, now: number): boolean {
    this.leaveState(entry);
    entry.visibleAt = until;
    return this.show(entry, now);
  }

  delete(entry: Entry): void {
    this.leaveState(entry);
    this.ages.remove(entry);
    if (this.expiries.has(entry)) this.expiries.remove(entry);
    if (entry.receipt !== undefined) this.receipts.delete(entry.receipt);
  }

  /** Takes everything out, the oldest first. */
  clear(): readonly Entry[] {
    const all: Entry[] = [];
    for (let { first } = this.ages; first; first = this.ages.first) {
      this.delete(first);
      all.push(first);
    }
    return all;
  }

  /** Puts an entry that is in no state into its own; whether that is the visible one. */
  private show(entry: Entry, now: number): boolean {
    const visible = entry.visibleAt <= now;
    const held = !visible && entry.receives > 0;
    (visible ? this.ready : held ? this.inFlight : this.delayed).add(entry);
    if (this.expiries.has(entry) === held) {
      if (held) this.expiries.remove(entry);
      else this.expiries.add(entry);
    }
    return visible;
  }

  private leaveState(entry: Entry): void {
    [this.ready, this.delayed, this.inFlight].find((heap) => heap.has(entry))?.remove(entry);
  }
}
