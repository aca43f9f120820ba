import { describe, expect, it } from 'vitest';
import type { InvocationRecord } from '../contract/records.js';
import { endLine, platformErrorLines, reportLine, startLine } from './report.js';

const record: InvocationRecord = {
  requestId: '3f2c',
  function: 'counter',
  source: 'http',
  number: 1,
  attempt: 1,
  at: 1_700_000_000_000,
  queueMs: 0,
  durationMs: 3.01,
  memoryMb: 128,
  maxMemoryMb: 36,
  faults: [],
  operations: [],
};

describe('platform lines', () => {
  it('are written as on Lambda', () => {
    expect(startLine('3f2c')).toBe('START RequestId: 3f2c Version: $LATEST');
    expect(endLine('3f2c')).toBe('END RequestId: 3f2c');
    expect(reportLine({ ...record, initMs: 110.1 })).toBe(
      'REPORT RequestId: 3f2c\tDuration: 3.01 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\tInit Duration: 110.10 ms\t',
    );
  });

  it('leave out the init of a warm start and a peak that nobody knows', () => {
    const { maxMemoryMb: _, ...killed } = record;
    expect(reportLine(record)).toBe(
      'REPORT RequestId: 3f2c\tDuration: 3.01 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\t',
    );
    expect(reportLine(killed)).not.toContain('Max Memory Used');
  });

  it('bill at least one millisecond', () => {
    expect(reportLine({ ...record, durationMs: 0 })).toContain('\tDuration: 0.00 ms\tBilled Duration: 1 ms\t');
  });

  it('tell why the platform ended it', () => {
    const timeout = {
      kind: 'timeout',
      type: 'Sandbox.Timedout',
      message: 'RequestId: 3f2c Error: Task timed out after 1.00 seconds',
    } as const;
    expect(platformErrorLines({ ...record, error: timeout }, record.at)).toEqual([
      '2023-11-14T22:13:20.000Z 3f2c Task timed out after 1.00 seconds',
    ]);
    const exit = { kind: 'exit', type: 'Runtime.ExitError', message: 'RequestId: 3f2c Error: Runtime exited' } as const;
    expect(platformErrorLines({ ...record, error: exit }, 0)).toEqual([exit.message, exit.type]);
    const own = { kind: 'function', type: 'TypeError', message: 'x is not a function' } as const;
    expect(platformErrorLines({ ...record, error: own }, 0)).toEqual([]);
  });
});
