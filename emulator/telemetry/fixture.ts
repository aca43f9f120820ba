import type { InvocationRecord } from '../contract/records.js';

/** For tests: a record of a quick, successful invocation, changed as asked. */
export function recordOf(change: Partial<InvocationRecord> = {}): InvocationRecord {
  return {
    requestId: 'r',
    function: 'counter',
    source: 'http',
    number: 1,
    attempt: 1,
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
