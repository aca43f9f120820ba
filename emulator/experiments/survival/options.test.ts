import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import { FaultlineError } from '../../contract/errors.js';
import { fakeEmulator } from './fixture.js';
import { checkEmulator, checkFaults, checkOptions } from './options.js';

const { emulator } = fakeEmulator(new VirtualClock(), () => ({}));

function thrown(work: () => unknown): FaultlineError {
  try {
    work();
  } catch (error) {
    if (error instanceof FaultlineError) return error;
  }
  throw new Error('it did not throw a FaultlineError');
}

describe('checkOptions', () => {
  it('has defaults that make sense at once', () => {
    expect(checkOptions('toSurvive', emulator, { request: 'GET /api' })).toMatchObject({
      requests: 10,
      concurrency: 1,
      status: [],
      withinMs: undefined,
    });
  });

  it('no more at a time than there are calls', () => {
    const options = { invoke: 'api', requests: 2, concurrency: 5, within: '1.5s', status: 201 };
    expect(checkOptions('toSurvive', emulator, options)).toMatchObject({
      concurrency: 2,
      withinMs: 1_500,
      status: [201],
    });
  });

  it.each<[unknown, string, string]>([
    [undefined, 'request', 'say what is called'],
    [{ request: 'POST /a', invoke: 'api' }, 'request', 'say what is called'],
    [{ request: '/orders' }, 'request', 'write METHOD /path'],
    [{ request: 'GET /a', body: {} }, 'body', 'a GET or HEAD request has no body'],
    [{ invoke: 'api', body: {} }, 'body', 'write event'],
    [{ request: 'POST /a', event: {} }, 'event', 'write body'],
    [{ request: 'POST /a', within: 500 }, 'within', 'with its unit'],
    [{ request: 'POST /a', within: 'soon' }, 'within', 'not a duration'],
    [{ request: 'POST /a', status: 99 }, 'status', ''],
    [{ request: 'POST /a', requests: 0 }, 'requests', ''],
    [{ request: 'POST /a', retries: 3 }, 'retries', 'there is no such option; there are request, invoke'],
  ])('%j names %s', (options, key, words) => {
    const { code, message, place, hint } = thrown(() => checkOptions('toSurvive', emulator, options));
    expect(code).toBe('USAGE');
    expect(place?.key).toBe(key);
    expect(message).toContain(`toSurvive: ${key}: `);
    expect(message).toContain(words);
    expect(hint).toContain('toSurvive(');
  });

  it('names the functions there are', () => {
    const error = thrown(() => checkOptions('toSurvive', emulator, { invoke: 'apy' }));
    expect([error.code, error.message, error.hint]).toEqual([
      'FUNCTION_NOT_FOUND',
      'toSurvive: invoke: there is no function "apy"',
      'Functions: api.',
    ]);
  });
});

describe('checkEmulator', () => {
  it.each<[unknown, string, string]>([
    [undefined, 'got undefined', 'give what startEmulator()'],
    [Promise.resolve(emulator), 'got a promise', 'write await startEmulator'],
    ['x', 'got a value of type string', 'give what startEmulator()'],
  ])('%s is none', (received, words, hint) => {
    const error = thrown(() => checkEmulator('toSurvive', received));
    expect(error.message).toContain(words);
    expect(error.hint).toContain(hint);
  });
});

describe('checkFaults', () => {
  it.each<[unknown, string]>([
    [[], 'no fault is given'],
    [undefined, 'a fault is an object'],
    ['latency', 'a fault is an object'],
    [{ kind: 'latency', dryRun: true }, 'a dry run breaks nothing'],
    [{ kind: 'latency', enabled: false }, 'a fault that is off breaks nothing'],
  ])('%j is refused', (given, words) => {
    expect(thrown(() => checkFaults('toSurvive', given)).message).toContain(words);
  });
});
