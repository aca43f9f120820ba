import type { Clock } from '../clock.js';

/** Batches at the same time while there is little to do [D: services-sqs-scaling]. */
const START = 5;
/** More in each step while messages wait: 300 in a minute [D]. */
const STEP = 5;
const STEP_MS = 1_000;
/** Failures do not bring it below [D: as few as 2 concurrent batches]. */
const FLOOR = 2;

/** A mapping has so many batches at the same time at most [D: 1 000, and ScalingConfig's MaximumConcurrency]. */
export const MAX_BATCHES = 1_000;

/**
 * How many batches of a mapping run at the same time: 5 at first, 5 more every second while messages wait, fewer when
 * invocations fail or are throttled [D: backoff strategy for failed invocations].
 */
export class Scale {
  #cap: number;
  #limit: number;
  #steppedAt: number;

  /** @param cap batches at most */
  constructor(
    private readonly clock: Clock,
    cap: number,
  ) {
    this.#cap = cap;
    this.#limit = Math.min(START, cap);
    this.#steppedAt = clock.monotonic();
  }

  get limit(): number {
    return this.#limit;
  }

  /** Until there may be more, ms. */
  get untilStep(): number {
    return Math.max(this.#steppedAt + STEP_MS - this.clock.monotonic(), 0);
  }

  setCap(cap: number): void {
    this.#cap = cap;
    this.#limit = Math.min(this.#limit, cap);
  }

  /** Messages wait. */
  backlog(): void {
    const now = this.clock.monotonic();
    if (now - this.#steppedAt < STEP_MS) return;
    this.#steppedAt = now;
    this.#limit = Math.min(this.#limit + STEP, this.#cap);
  }

  /** Nothing waits. */
  idle(): void {
    this.#steppedAt = this.clock.monotonic();
    this.#limit = Math.min(START, this.#cap);
  }

  /** An invocation has failed, or was throttled. */
  failed(): void {
    this.#steppedAt = this.clock.monotonic();
    this.#limit = Math.max(Math.min(FLOOR, this.#cap), Math.floor(this.#limit / 2));
  }
}
