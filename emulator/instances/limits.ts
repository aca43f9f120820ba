import type { Clock } from '../clock.js';
import type { Config, FunctionConfig } from '../contract/config.js';
import { throttled } from './outcomes.js';
import type { AcquireFailure } from './types.js';

/** Lambda counts new instances of a function over this time [D]. */
const SCALE_OUT_MS = 10_000;

type Account = Config['account'];
type Reservation = Pick<FunctionConfig, 'reserved' | 'provisioned'>;

/**
 * What the functions of an account share: its concurrency, less what some of them have reserved for themselves. Counters
 * only, so that an invocation costs an addition or two.
 */
export class AccountLimits {
  scaleOut = 0;
  private unreserved = 0;
  private inUse = 0;

  constructor(
    readonly clock: Clock,
    account: Account,
    functions: readonly Reservation[],
  ) {
    this.configure(account, functions);
  }

  /** The config has changed; what is running goes on. */
  configure({ concurrency, scaleOut }: Account, functions: readonly Reservation[]): void {
    // Provisioned instances are set aside too, within a reservation when there is one [D].
    const set = functions.reduce((sum, { reserved, provisioned }) => sum + (reserved ?? provisioned), 0);
    this.unreserved = concurrency - set;
    this.scaleOut = scaleOut;
  }

  /** The limits of one function's pool. */
  gate(fn: Reservation): Gate {
    return new Gate(this, fn);
  }

  take(): boolean {
    if (this.inUse >= this.unreserved) return false;
    this.inUse++;
    return true;
  }

  give(): void {
    this.inUse--;
  }
}

/** What bounds the invocations of one function, and how fast its instances multiply. */
export class Gate {
  private inFlight = 0;
  private readonly starts: TokenBucket;

  constructor(
    private readonly account: AccountLimits,
    private readonly fn: Reservation,
  ) {
    this.starts = new TokenBucket(account.clock, () => account.scaleOut, SCALE_OUT_MS);
  }

  /** One more invocation; `leave` must follow when it is over. @returns why it may not run */
  enter(): AcquireFailure | undefined {
    const { reserved, provisioned } = this.fn;
    if (reserved !== undefined) {
      if (this.inFlight >= reserved) return throttled('reserved');
    } else if (this.inFlight >= provisioned && !this.account.take()) return throttled('account');
    this.inFlight++;
    return undefined;
  }

  leave(): void {
    this.inFlight--;
    if (this.fn.reserved === undefined && this.inFlight >= this.fn.provisioned) this.account.give();
  }

  /** Whether so many more instances may start now. */
  mayStart(count: number): boolean {
    return count === 0 || this.starts.available >= count;
  }

  /** An instance starts because invocations wait. */
  started(): void {
    this.starts.take();
  }
}

/** At most so many in a time, refilled continuously; what is not used is not saved up beyond that [D]. */
class TokenBucket {
  private spent = 0;
  private at: number;

  constructor(
    private readonly clock: Clock,
    private readonly capacity: () => number,
    private readonly periodMs: number,
  ) {
    this.at = clock.monotonic();
  }

  get available(): number {
    this.refill();
    // Refilled in fractions: a sum of them may be a hair below the whole.
    return Math.floor(this.capacity() - this.spent + 1e-6);
  }

  take(): void {
    this.refill();
    this.spent++;
  }

  private refill(): void {
    const now = this.clock.monotonic();
    this.spent = Math.max(0, this.spent - ((now - this.at) * this.capacity()) / this.periodMs);
    this.at = now;
  }
}
