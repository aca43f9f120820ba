import { describe, expect, it } from 'vitest';
import type { ErrorKind, InvocationRecord } from '../contract/records.js';
import { endLine, platformErrorLines, reportLines, startLine } from './report.js';

const reportLine = (of: InvocationRecord): string | undefined => reportLines(of)[0];

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

  it('tell in REPORT how the platform ended it, not what the handler reported itself', () => {
    const report = (kind: ErrorKind, type: string) => reportLine({ ...record, error: { kind, type, message: '' } });
    expect(report('timeout', 'Sandbox.Timedout')).toMatch(/\tMax Memory Used: 36 MB\tStatus: timeout$/);
    expect(report('init', 'Sandbox.Timedout')).toMatch(/\tStatus: timeout$/);
    expect(report('exit', 'Runtime.ExitError')).toMatch(/\tStatus: error\tError Type: Runtime.ExitError$/);
    expect(report('init', 'Runtime.ImportModuleError')).toMatch(/\tError Type: Runtime.ImportModuleError$/);
    expect(report('function', 'TypeError')).toMatch(/\tMax Memory Used: 36 MB\t$/);
  });

  it('name the trace after REPORT when it is sampled', () => {
    const traceId = '1-5759e988-bd862e3fe1be46a994272793';
    const requestId = '01234567-89ab-4cde-8f01-23456789abcd';
    expect(reportLines({ ...record, requestId, traceId, sampled: true })[1]).toBe(
      `XRAY TraceId: ${traceId}\tSegmentId: 8f0123456789abcd\tSampled: true\t`,
    );
    expect(reportLines({ ...record, traceId })).toHaveLength(1);
  });
});
