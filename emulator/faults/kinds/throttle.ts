import { z } from 'zod';
import type { Clock } from '../../clock.js';
import { THROTTLE_REASONS, throttles } from '../../throttles.js';
import { EVERYWHERE } from '../reach.js';
import type { FaultKind } from '../types.js';

const params = z.strictObject({
  perSecond: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(1)
    .describe('Invocations a second that pass, of each function; 0 throttles all'),
  burst: z.number().int().min(1).max(1_000_000).default(1).describe('How many pass at once after a pause'),
  reason: z
    .enum(THROTTLE_REASONS)
    .default('reserved')
    .describe('Reason of the 429: the function’s own concurrency, the account’s, or the rate of its scale-out'),
});

type Params = z.output<typeof params>;

/** Tokens of one function: refilled continuously, never more than `burst` of them. */
class Bucket {
  #tokens: number;
  #at: number;

  constructor(
    private readonly clock: Clock,
    private readonly limits: Params,
  ) {
    this.#tokens = limits.burst;
    this.#at = clock.monotonic();
  }

  take(): boolean {
    const { perSecond, burst } = this.limits;
    const now = this.clock.monotonic();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) * perSecond) / 1_000);
    this.#at = now;
    // Refilled in fractions: a sum of them may be a hair below the whole.
    if (perSecond === 0 || this.#tokens < 1 - 1e-6) return false;
    this.#tokens--;
    return true;
  }
}

/** What Lambda does above a function's limits: `TooManyRequestsException` before there is an instance (FACTS section 1 [R]). */
export const throttle: FaultKind<Params> = {
  title: 'Throttle',
  summary: 'Invocations beyond a rate are refused with 429, as Lambda does at its limits.',
  group: 'answer',
  reach: EVERYWHERE,
  params,
  describe: ({ perSecond, burst }) =>
    perSecond === 0 ? 'throttles all (429)' : `429 beyond ${String(perSecond)} a second, ${String(burst)} at once`,
  admit(limits, context) {
    const buckets = context.memory(() => new Map<string, Bucket>());
    let bucket = buckets.get(context.function);
    if (!bucket) buckets.set(context.function, (bucket = new Bucket(context.clock, limits)));
    if (bucket.take()) return undefined;
    const { type, ...throttled } = throttles[limits.reason];
    context.hit({ where: 'at admission', saw: `429 ${type}` });
    return { ok: false, type, ...throttled };
  },
};
