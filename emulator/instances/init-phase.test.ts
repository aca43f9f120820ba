import { describe, expect, it } from 'vitest';
import { functionConfig } from '../../test/support/function-config.js';
import { initDelayMs, initLimitMs, initReport } from './init-phase.js';

describe('the init phase', () => {
  it.each([
    ['init', 3_000, 10_000],
    ['init', 60_000, 10_000],
    ['invoke', 3_000, 3_000],
    ['provisioned', 3_000, 130_000],
    ['provisioned', 600_000, 600_000],
  ] as const)('%s of a function with a timeout of %d ms has %d ms', (kind, timeoutMs, limit) => {
    expect(initLimitMs(kind, timeoutMs)).toBe(limit);
  });

  it('is held up once for an instance, not when it is tried again', () => {
    const fn = functionConfig({ coldStartMs: 800 });
    expect((['init', 'provisioned', 'invoke'] as const).map((kind) => initDelayMs(kind, fn))).toEqual([800, 800, 0]);
  });

  it.each([
    [
      'init',
      { errorType: 'Runtime.ImportModuleError' },
      'Phase: init\tStatus: error\tError Type: Runtime.ImportModuleError',
    ],
    ['invoke', { errorType: 'Runtime.ExitError' }, 'Phase: invoke\tStatus: error\tError Type: Runtime.ExitError'],
    ['init', { errorType: 'TypeError' }, 'Phase: init\tStatus: error\tError Type: Runtime.Unknown'],
    ['init', { errorType: 'Function.x' }, 'Phase: init\tStatus: error\tError Type: Function.Unknown'],
    ['init', 'timeout', 'Phase: init\tStatus: timeout'],
    ['invoke', 'timeout', 'Phase: invoke\tStatus: error\tError Type: Runtime.Unknown'],
    ['provisioned', 'success', 'Phase: init'],
  ] as const)('%s %j is reported as on Lambda', (kind, outcome, rest) => {
    expect(initReport(kind, 150.789, outcome)).toBe(`INIT_REPORT Init Duration: 150.79 ms\t${rest}`);
  });
});
