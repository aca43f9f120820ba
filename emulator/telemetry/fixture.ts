import type { Clock, Timer } from '../clock.js';
import type { InvocationRecord } from '../contract/records.js';

/** For tests: a record of a quick, successful invocation, changed as asked. */
export function recordOf(change: Partial<InvocationRecord> = {}): InvocationRecord {
  return {
    requestId: 'r',
    function: 'counter',
    source: 'http',
    number: 1,
    instance: 'i1',
    version: 1,
    at: 1_700_000_000_000,
    queueMs: 0,
    durationMs: 3.01,
    memoryMb: 128,
    faults: [],
    operations: [],
    ...change,
  };
}

/** For tests: time that stands still until it is told to pass. */
export class TestClock implements Clock {
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  #now: number;

  constructor(now = 1_700_000_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): Timer {
    const timer = { at: this.#now + Math.max(ms, 0), callback };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  /** Runs every timer that falls due, in order. */
  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.delete(due);
      this.#now = due.at;
      due.callback();
    }
    this.#now = end;
  }

  get pending(): number {
    return this.#timers.size;
  }
}
