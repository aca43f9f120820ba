import { describe, expect, test } from 'vitest';
import type { RunResult } from '../instances/types.js';
import type { QueuedEvent } from './event.js';
import { judgeAfter, judgeBefore } from './verdict.js';

const MINUTE = 60_000;
const rules = { retries: { attempts: 2, maxAgeMs: 360 * MINUTE } };
const event: QueuedEvent = {
  requestId: 'id-1',
  function: 'counter',
  payload: Buffer.from('{}'),
  source: 'sdk-async',
  acceptedAt: 0,
  attempts: 0,
  throttles: 0,
};
const ok: RunResult = { ok: true, payload: Buffer.from('1') };
const failed = (kind: Extract<RunResult, { ok: false }>['kind']): RunResult => ({
  ok: false,
  kind,
  type: 'E',
  message: 'm',
  payload: Buffer.from('{"errorMessage":"m"}'),
});
const response = { ok: false, payload: '{"errorMessage":"m"}' };

describe('before an attempt', () => {
  test('nothing stands in the way of a young event', () => {
    expect(judgeBefore(event, rules, 360 * MINUTE - 1)).toBeUndefined();
  });

  test('an event of the maximum age has ended', () => {
    expect(judgeBefore({ ...event, attempts: 1, response }, rules, 360 * MINUTE)).toEqual({
      kind: 'end',
      condition: 'EventAgeExceeded',
      progress: { attempts: 1, throttles: 0, response },
    });
  });

  test('reserved concurrency of 0 ends it without an attempt', () => {
    expect(judgeBefore(event, { ...rules, reserved: 0 }, 0)).toEqual({
      kind: 'end',
      condition: 'ZeroReservedConcurrency',
      progress: { attempts: 0, throttles: 0 },
    });
    expect(judgeBefore(event, { ...rules, reserved: 1 }, 0)).toBeUndefined();
  });
});

describe('after an attempt', () => {
  test('a success ends it, however old it is', () => {
    expect(judgeAfter(event, ok, rules, 999 * MINUTE)).toEqual({
      kind: 'end',
      condition: 'Success',
      progress: { attempts: 1, throttles: 0, response: { ok: true, payload: '1' } },
    });
  });

  test.each(['function', 'timeout', 'exit', 'init', 'response'] as const)(
    '%s: again in one minute, then two',
    (kind) => {
      const once = { attempts: 1, throttles: 0, response };
      expect(judgeAfter(event, failed(kind), rules, 0)).toEqual({ kind: 'retry', delayMs: MINUTE, progress: once });
      const twice = { ...once, attempts: 2 };
      expect(judgeAfter({ ...event, ...once }, failed(kind), rules, MINUTE)).toEqual({
        kind: 'retry',
        delayMs: 2 * MINUTE,
        progress: twice,
      });
      expect(judgeAfter({ ...event, ...twice }, failed(kind), rules, 3 * MINUTE)).toEqual({
        kind: 'end',
        condition: 'RetriesExhausted',
        progress: { ...once, attempts: 3 },
      });
    },
  );

  test.each([
    [0, 'end'],
    [1, 'retry'],
  ])('%i retries: %s', (attempts, kind) => {
    expect(judgeAfter(event, failed('function'), { retries: { ...rules.retries, attempts } }, 0)).toMatchObject({
      kind,
    });
  });

  test('a retry that would come too late is not waited for', () => {
    const short = { retries: { attempts: 2, maxAgeMs: MINUTE } };
    expect(judgeAfter(event, failed('function'), short, 0)).toMatchObject({ condition: 'EventAgeExceeded' });
    const longer = { retries: { attempts: 2, maxAgeMs: 90_000 } };
    expect(judgeAfter(event, failed('function'), longer, 0)).toMatchObject({ kind: 'retry' });
    expect(judgeAfter({ ...event, attempts: 1 }, failed('function'), longer, MINUTE)).toMatchObject({
      condition: 'EventAgeExceeded',
      progress: { attempts: 2 },
    });
  });

  test.each([['a throttle', failed('throttled')] as const, ['a failure of the emulator', undefined] as const])(
    '%s uses up no attempt, and waits twice as long each time',
    (_, result) => {
      const waited: number[] = [];
      let now = event;
      for (let n = 0; n < 11; n++) {
        const verdict = judgeAfter(now, result, rules, 0);
        if (verdict.kind === 'retry') waited.push(verdict.delayMs / 1_000);
        now = { ...now, ...verdict.progress };
      }
      expect(waited).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
      expect(now).toMatchObject({ attempts: 0, throttles: 11 });
    },
  );

  test('the last wait of a throttled event is cut short by its age', () => {
    const late = { ...event, throttles: 20 };
    expect(judgeAfter(late, failed('throttled'), rules, 359 * MINUTE)).toMatchObject({ delayMs: MINUTE });
    expect(judgeAfter(late, failed('throttled'), rules, 360 * MINUTE)).toMatchObject({ condition: 'EventAgeExceeded' });
  });

  test('throttles count anew after an attempt, and keep what the last attempt said', () => {
    expect(judgeAfter({ ...event, throttles: 7 }, failed('function'), rules, 0).progress.throttles).toBe(0);
    expect(judgeAfter({ ...event, response }, failed('throttled'), rules, 0).progress.response).toBe(response);
  });
});
