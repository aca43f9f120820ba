import type { Clock } from '../clock.js';
import { Deadline } from './deadline.js';
import { throttled } from './outcomes.js';
import type { AcquireFailure, Instance } from './types.js';

/** More than this wait at once only when something is wrong; further ones are throttled at once. */
export const MAX_WAITING = 1_000;

interface Waiter {
  readonly resolve: (outcome: Instance | AcquireFailure) => void;
  /** clock.monotonic() when it began to wait. */
  readonly since: number;
}

/** Invocations that wait for an instance, first come, first served; each for a bounded time. */
export class WaitQueue {
  /** How many have ever begun to wait, and how many of them no longer do. */
  entered = 0;
  left = 0;
  private waiters: Waiter[] = [];
  private head = 0;
  private readonly deadline: Deadline;

  /**
   * @param limitMs how long one may wait, asked when it is about to be sent away
   * @param refused called for everyone who does not get an instance
   */
  constructor(
    private readonly clock: Clock,
    private readonly limitMs: () => number,
    private readonly refused: () => void = () => undefined,
  ) {
    this.deadline = new Deadline(clock, () => this.expire());
  }

  get size(): number {
    return this.waiters.length - this.head;
  }

  /** clock.monotonic() since when somebody waits; Infinity when nobody does. */
  get waitsSince(): number {
    return this.size === 0 ? Infinity : this.first().since;
  }

  wait(): Promise<Instance | AcquireFailure> {
    if (this.size >= MAX_WAITING) {
      this.refused();
      return Promise.resolve(throttled());
    }
    this.entered++;
    return new Promise((resolve) => {
      this.waiters.push({ resolve, since: this.clock.monotonic() });
      if (this.size === 1) this.deadline.set(this.limitMs());
    });
  }

  /** Gives the instance to the one that has waited longest. @returns false when nobody waits */
  serve(instance: Instance): boolean {
    const waiter = this.shift();
    waiter?.resolve(instance);
    return waiter !== undefined;
  }

  /** Tells the one that has waited longest that there is none for it. */
  failFirst(failure: AcquireFailure): void {
    if (this.size > 0) this.refuse(failure);
  }

  failAll(failure: AcquireFailure): void {
    while (this.size > 0) this.refuse(failure);
  }

  dispose(): void {
    this.deadline.dispose();
  }

  private refuse(failure: AcquireFailure): void {
    this.shift()?.resolve(failure);
    this.refused();
  }

  private shift(): Waiter | undefined {
    if (this.size === 0) return undefined;
    this.left++;
    const waiter = this.waiters[this.head++];
    if (this.head === this.waiters.length) {
      this.waiters = [];
      this.head = 0;
      this.deadline.clear();
    } else if (this.head > MAX_WAITING) {
      this.waiters = this.waiters.slice(this.head);
      this.head = 0;
    }
    return waiter;
  }

  private expire(): void {
    const limit = this.limitMs();
    const now = this.clock.monotonic();
    // A timer may be a fraction of a millisecond early.
    while (this.size > 0 && now - this.first().since >= limit - 1) this.refuse(throttled());
    if (this.size > 0) this.deadline.set(this.first().since + limit - now);
  }

  private first(): Waiter {
    return this.waiters[this.head] as Waiter;
  }
}
