/**
 * Why an invocation is throttled, in the words of the service's ThrottleReason [S]. Which of them the scale-out rate has is not
 * documented; the names leave this one.
 */
const REASONS = {
  /** The function's own limit is reached: `concurrency.reserved`, or nobody became free under `scaling.max` in time [R]. */
  reserved: 'ReservedFunctionConcurrentInvocationLimitExceeded',
  /** What the account has unreserved is used up. */
  account: 'ConcurrentInvocationLimitExceeded',
  /** The function may start no further instance now. */
  scaleOut: 'FunctionInvocationRateLimitExceeded',
} as const;

export type ThrottleReason = keyof typeof REASONS;
export const THROTTLE_REASONS = ['reserved', 'account', 'scaleOut'] as const satisfies readonly ThrottleReason[];

export interface Throttle {
  readonly kind: 'throttled';
  readonly type: 'TooManyRequestsException';
  readonly message: string;
  /** The body of the 429 of the Invoke API [R]. */
  readonly payload: Buffer;
}

/** How Lambda throttles an invocation for this reason; shared by those whom it hits, since it tells nothing of the request. */
export const throttles = Object.fromEntries(
  Object.entries(REASONS).map(([reason, Reason]) => [reason, throttleOf(Reason)]),
) as Record<ThrottleReason, Throttle>;

function throttleOf(Reason: string): Throttle {
  return {
    kind: 'throttled',
    type: 'TooManyRequestsException',
    message: 'Rate Exceeded.',
    payload: Buffer.from(JSON.stringify({ Reason, Type: 'User', message: 'Rate Exceeded.' })),
  };
}
