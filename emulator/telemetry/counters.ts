import type { FaultHit } from '../contract/faults.js';
import type { ErrorKind, InvocationRecord } from '../contract/records.js';
import { ERROR_KINDS } from '../contract/records.js';

/** Upper bounds in seconds, 1 ms to 30 s: what Prometheus computes quantiles from. */
export const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

/** Counts per bucket, not cumulative; the last one is for what is above every bound. */
export class Distribution {
  readonly counts = new Float64Array(DURATION_BUCKETS.length + 1);
  sum = 0;

  /** @param seconds the observed value */
  observe(seconds: number): void {
    this.sum += seconds;
    let i = 0;
    while (i < DURATION_BUCKETS.length && seconds > (DURATION_BUCKETS[i] ?? 0)) i++;
    this.counts[i] = (this.counts[i] ?? 0) + 1;
  }
}

/** Faults told apart in one function's counts; the hits of further ones are counted by kind alone. */
const MAX_FAULTS = 1_000;

export interface FaultCount {
  readonly kind: string;
  /** Empty beyond MAX_FAULTS. */
  readonly fault: string;
  hits: number;
}

/**
 * The counters of one function. Plain numbers, so that an invocation costs nanoseconds; they become metrics when
 * somebody scrapes.
 */
export class Counters {
  invocations = 0;
  /** Function errors and HTTP answers of 500 or more. */
  failed = 0;
  readonly errors: Record<ErrorKind, number> = Object.fromEntries(ERROR_KINDS.map((kind) => [kind, 0])) as Record<
    ErrorKind,
    number
  >;
  /** HTTP answers by status class, 1xx at 1 to 5xx at 5. */
  readonly answers = new Float64Array(6);
  readonly duration = new Distribution();
  readonly queueWait = new Distribution();
  /** By fault, or by kind. They outlive the faults: a counter that vanishes is a gap in every graph. */
  readonly faults = new Map<string, FaultCount>();

  add(record: InvocationRecord): void {
    this.invocations++;
    if (failed(record)) this.failed++;
    if (record.error) this.errors[record.error.kind]++;
    if (record.status !== undefined) this.#answer(record.status);
    if (hasRun(record)) this.duration.observe(record.durationMs / 1_000);
    this.queueWait.observe(record.queueMs / 1_000);
    for (const hit of record.faults) this.#faultOf(hit).hits++;
  }

  #faultOf({ fault, kind }: FaultHit): FaultCount {
    const named = this.faults.has(fault) || this.faults.size < MAX_FAULTS;
    const key = named ? fault : `/${kind}`;
    let count = this.faults.get(key);
    if (!count) this.faults.set(key, (count = { kind, fault: named ? fault : '', hits: 0 }));
    return count;
  }

  #answer(status: number): void {
    const statusClass = Math.min(Math.max(Math.floor(status / 100), 1), 5);
    this.answers[statusClass] = (this.answers[statusClass] ?? 0) + 1;
  }
}

/** An HTTP answer of 500 or more counts as failed, though the handler returned it on purpose. */
export function failed(record: InvocationRecord): boolean {
  return record.error !== undefined || (record.status !== undefined && record.status >= 500);
}

/** A throttled invocation reached no instance: its duration would make the function look fast. */
export function hasRun(record: InvocationRecord): boolean {
  return record.error?.kind !== 'throttled';
}
