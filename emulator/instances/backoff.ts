import type { Clock } from '../clock.js';
import type { AcquireFailure } from './types.js';

/** Development wants a retry soon; a broken handler must not burn the machine either (FACTS section 8). */
const FIRST_MS = 100;
const MAX_MS = 10_000;

/** Starts that fail one after another are tried ever more slowly. */
export class Backoff {
  private failures = 0;
  private until = 0;
  private last: AcquireFailure | undefined;

  constructor(private readonly clock: Clock) {}

  /** ms until the next start may be tried; 0 when it may be now. */
  get remainingMs(): number {
    return this.failures === 0 ? 0 : Math.max(0, this.until - this.clock.monotonic());
  }

  /** Why starts are held back at this moment. */
  get failure(): AcquireFailure | undefined {
    return this.remainingMs > 0 ? this.last : undefined;
  }

  fail(failure: AcquireFailure): void {
    this.last = failure;
    this.until = this.clock.monotonic() + Math.min(MAX_MS, FIRST_MS * 2 ** this.failures);
    this.failures++;
  }

  reset(): void {
    this.failures = 0;
    this.last = undefined;
  }
}
