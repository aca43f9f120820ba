/** How long an event waits before it is tried again, in ms of the functions' time. */

const MINUTE_MS = 60_000;
const LONGEST_MS = 5 * MINUTE_MS;

/**
 * After a function error: one minute, then two [D: invocation-async-error-handling].
 * @param attempts that have failed, from 1
 */
export function retryDelay(attempts: number): number {
  return attempts * MINUTE_MS;
}

/**
 * After a throttle or a failure of the emulator: one second, doubling up to five minutes [D].
 * @param before how many came before this one
 */
export function throttleDelay(before: number): number {
  return Math.min(1_000 * 2 ** before, LONGEST_MS);
}
