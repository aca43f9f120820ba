import type { FunctionConfig } from '../contract/config.js';
import type { RunResult } from '../instances/types.js';
import { retryDelay, throttleDelay } from './backoff.js';
import { responseOf, type Condition, type Progress, type QueuedEvent } from './event.js';

/** What becomes of an event. */
export type Verdict =
  | { readonly kind: 'end'; readonly condition: Condition; readonly progress: Progress }
  /** Tried again after `delayMs` of the functions' time. */
  | { readonly kind: 'retry'; readonly delayMs: number; readonly progress: Progress };

type Rules = Pick<FunctionConfig, 'retries' | 'reserved'>;

/**
 * Before an attempt: whether there is to be one.
 * @param ageMs since the event was accepted, in the functions' time
 */
export function judgeBefore(event: QueuedEvent, rules: Rules, ageMs: number): Verdict | undefined {
  // Sent on without any attempt and without retries [D: invocation-async-retain-records, R].
  if (rules.reserved === 0) return end('ZeroReservedConcurrency', event);
  if (ageMs >= rules.retries.maxAgeMs) return end('EventAgeExceeded', event);
  return undefined;
}

/**
 * After an attempt.
 * @param result undefined when the emulator failed before the handler was reached
 */
export function judgeAfter(event: QueuedEvent, result: RunResult | undefined, rules: Rules, ageMs: number): Verdict {
  if (!result || (!result.ok && result.kind === 'throttled')) return judgeThrottled(event, rules, ageMs);
  const progress = { attempts: event.attempts + 1, throttles: 0, response: responseOf(result) };
  if (result.ok) return end('Success', progress);
  if (progress.attempts > rules.retries.attempts) return end('RetriesExhausted', progress);
  const delayMs = retryDelay(progress.attempts);
  // What would be too old by then is given up at once, not after the wait [R].
  if (ageMs + delayMs >= rules.retries.maxAgeMs) return end('EventAgeExceeded', progress);
  return { kind: 'retry', delayMs, progress };
}

/** Neither uses up an attempt; the last wait is cut short by the event's end. */
function judgeThrottled(event: QueuedEvent, rules: Rules, ageMs: number): Verdict {
  const left = rules.retries.maxAgeMs - ageMs;
  const progress = { ...progressOf(event), throttles: event.throttles + 1 };
  if (left <= 0) return end('EventAgeExceeded', progress);
  return { kind: 'retry', delayMs: Math.min(throttleDelay(event.throttles), left), progress };
}

function end(condition: Condition, from: Progress): Verdict {
  return { kind: 'end', condition, progress: progressOf(from) };
}

function progressOf({ attempts, throttles, response }: Progress): Progress {
  return { attempts, throttles, ...(response ? { response } : {}) };
}
