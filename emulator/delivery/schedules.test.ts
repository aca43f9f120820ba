import { describe, expect, test } from 'vitest';
import { functionConfig } from '../../test/support/function-config.js';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import type { ScheduleConfig } from '../contract/config.js';
import { FaultlineError } from '../contract/errors.js';
import { ScaledTime } from './scaled-time.js';
import { Schedules } from './schedules.js';
import type { AsyncEvent } from './types.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const BEGIN = Date.UTC(2025, 0, 1, 0, 0, 30);

const schedule = (expression: string, more: Partial<ScheduleConfig> = {}): ScheduleConfig => ({
  expression,
  timezone: 'UTC',
  enabled: true,
  ...more,
});
const counter = (...schedules: ScheduleConfig[]) => functionConfig({ schedules });

/** Schedules in virtual time, and the events that they sent: when (seconds after the begin), and what. */
function testSchedules(scale = 1) {
  const clock = new VirtualClock(BEGIN);
  const fired: { at: number; event: AsyncEvent }[] = [];
  const logs: string[] = [];
  const state = { accept: () => Promise.resolve() };
  let ids = 0;
  const schedules = new Schedules({
    clock,
    time: new ScaledTime(clock, scale),
    newId: () => `id-${String(++ids)}`,
    accept(event) {
      fired.push({ at: (clock.now() - BEGIN) / 1_000, event });
      return state.accept();
    },
    log: (message) => logs.push(message),
  });
  const times = (): number[] => fired.map(({ at }) => at);
  return { clock, schedules, fired, times, logs, state };
}

describe('events', () => {
  test("EventBridge's own", async () => {
    const { clock, schedules, fired } = testSchedules();
    schedules.configure([counter(schedule('rate(5 minutes)'), schedule('cron(0/1 * * * ? *)'))]);
    await clock.advance(30_000);
    expect(fired).toEqual([
      {
        at: 30,
        event: { requestId: 'id-2', function: 'counter', payload: expect.any(Buffer) as Buffer, source: 'schedule' },
      },
    ]);
    expect(fired[0]?.event.payload.toString()).toBe(
      '{"version":"0","id":"id-1","detail-type":"Scheduled Event","source":"aws.events","account":"000000000000",' +
        '"time":"2025-01-01T00:01:00Z","region":"us-east-1",' +
        '"resources":["arn:aws:events:us-east-1:000000000000:rule/counter-schedule-2"],"detail":{}}',
    );
  });

  test.each([[{ a: 1 }, '{"a":1}'] as const, [null, 'null'] as const, ['text', '"text"'] as const])(
    'an input of its own: %j',
    async (input, payload) => {
      const { clock, schedules, fired } = testSchedules();
      schedules.configure([counter(schedule('rate(1 minute)', { input }))]);
      await clock.advance(MINUTE);
      expect(fired.map(({ event }) => event.payload.toString())).toEqual([payload]);
    },
  );
});

describe('times', () => {
  test('a rate counts from the begin, a cron by the clock', async () => {
    const { clock, schedules, fired } = testSchedules();
    schedules.configure([
      counter(schedule('rate(1 minute)')),
      functionConfig({ name: 'other', schedules: [schedule('*/2 * * * *')] }),
    ]);
    await clock.advance(4 * MINUTE);
    expect(fired.map(({ at, event }) => [event.function, at])).toEqual([
      ['counter', 60],
      ['other', 90],
      ['counter', 120],
      ['counter', 180],
      ['other', 210],
      ['counter', 240],
    ]);
  });

  test('in their zone', async () => {
    const { clock, schedules, fired } = testSchedules();
    schedules.configure([counter(schedule('cron(0 8 * * ? *)', { timezone: 'Europe/Berlin' }))]);
    await clock.advance(24 * HOUR);
    expect(fired.map(({ event }) => (JSON.parse(event.payload.toString()) as { time: string }).time)).toEqual([
      '2025-01-01T07:00:00Z',
    ]);
  });

  test('at a time scale of 60 an hour takes a minute; the event has the time of the schedule', async () => {
    const { clock, schedules, times, fired } = testSchedules(60);
    schedules.configure([counter(schedule('rate(1 hour)'))]);
    await clock.advance(2 * MINUTE + 1);
    expect(times()).toEqual([60, 120]);
    expect(JSON.parse(fired[1]?.event.payload.toString() ?? '')).toMatchObject({ time: '2025-01-01T02:00:30Z' });
  });

  test('those that passed while the computer slept are not made up for', async () => {
    const { clock, schedules, times } = testSchedules();
    schedules.configure([counter(schedule('rate(1 minute)'))]);
    await clock.advance(MINUTE);
    const awake = clock.now.bind(clock);
    clock.now = () => awake() + 5 * HOUR;
    await clock.advance(2 * MINUTE);
    // The one that was waited for comes late, the others go on in their phase.
    expect(times().map((at) => at - 5 * 3_600)).toEqual([60 - 5 * 3_600, 120, 180]);
  });

  test('a long wait notices that the computer slept', async () => {
    const { clock, schedules, fired } = testSchedules();
    schedules.configure([counter(schedule('rate(8 hours)'))]);
    const awake = clock.now.bind(clock);
    clock.now = () => awake() + 9 * HOUR;
    await clock.advance(MINUTE);
    expect(fired).toHaveLength(1);
  });

  test('a clock that is set back does not bring one twice', async () => {
    const { clock, schedules, fired } = testSchedules();
    schedules.configure([counter(schedule('cron(0 * * * ? *)'))]);
    const right = clock.now.bind(clock);
    await clock.advance(HOUR - MINUTE);
    clock.now = () => right() - 10 * MINUTE;
    await clock.advance(5 * MINUTE);
    expect(fired).toEqual([]);
    await clock.advance(10 * MINUTE);
    expect(fired).toHaveLength(1);
  });

  test('one that never comes again is waited for no more', async () => {
    const { clock, schedules, fired } = testSchedules();
    schedules.configure([counter(schedule('cron(0 0 1 1 ? 2024)'))]);
    expect(clock.pending).toBe(0);
    expect(schedules.snapshot('counter')).toEqual([
      { expression: 'cron(0 0 1 1 ? 2024)', timezone: 'UTC', enabled: true },
    ]);
    await clock.advance(HOUR);
    expect(fired).toEqual([]);
  });
});

describe('an edit', () => {
  test('leaves the phase of what it does not change', async () => {
    const { clock, schedules, times } = testSchedules();
    schedules.configure([counter(schedule('rate(2 minutes)'))]);
    await clock.advance(90_000);
    schedules.configure([counter(schedule('rate(1 hour)'), schedule('rate(2 minutes)', { input: 1 }))]);
    await clock.advance(MINUTE);
    expect(times()).toEqual([120]);
  });

  test('ends what it removes, and begins what it adds', async () => {
    const { clock, schedules, times } = testSchedules();
    schedules.configure([counter(schedule('rate(1 minute)'))]);
    await clock.advance(30_000);
    schedules.configure([counter(schedule('rate(3 minutes)'))]);
    await clock.advance(4 * MINUTE);
    expect(times()).toEqual([210]);
    schedules.configure([]);
    expect(clock.pending).toBe(0);
  });

  test('switches off and on', async () => {
    const { clock, schedules, times } = testSchedules();
    schedules.configure([counter(schedule('rate(1 minute)', { enabled: false }))]);
    await clock.advance(90_000);
    expect(times()).toEqual([]);
    schedules.configure([counter(schedule('rate(1 minute)'))]);
    await clock.advance(30_000);
    expect(times()).toEqual([120]);
  });

  test('may list one twice', async () => {
    const { clock, schedules, fired } = testSchedules();
    schedules.configure([counter(schedule('rate(1 minute)', { input: 1 }), schedule('rate(1 minute)', { input: 2 }))]);
    await clock.advance(MINUTE);
    expect(fired.map(({ event }) => event.payload.toString())).toEqual(['1', '2']);
  });
});

test('snapshots tell when it will be by the clock', async () => {
  const { clock, schedules } = testSchedules(60);
  schedules.configure([
    counter(schedule('rate(1 hour)'), schedule('0 0 1 1 *', { timezone: 'Europe/Berlin', enabled: false })),
  ]);
  await clock.advance(10_000);
  expect(schedules.snapshot('counter')).toEqual([
    { expression: 'rate(1 hour)', timezone: 'UTC', enabled: true, next: BEGIN + MINUTE },
    { expression: '0 0 1 1 *', timezone: 'Europe/Berlin', enabled: false },
  ]);
  expect(schedules.snapshot('nobody')).toEqual([]);
});

test('one that is not accepted is told of, and the next one comes', async () => {
  const { clock, schedules, times, logs, state } = testSchedules();
  schedules.configure([counter(schedule('rate(1 minute)'))]);
  state.accept = () => Promise.reject(new FaultlineError('STORE_UNAVAILABLE', 'the disk is full'));
  await clock.advance(MINUTE);
  expect(logs).toEqual(['delivery: counter-schedule-1 was not accepted: the disk is full']);
  state.accept = () => Promise.reject(new FaultlineError('STOPPING', 'The emulator is stopping'));
  await clock.advance(MINUTE);
  expect(logs).toHaveLength(1);
  expect(times()).toEqual([60, 120]);
});

test('stopped, nothing is waited for', () => {
  const { clock, schedules } = testSchedules();
  schedules.configure([counter(schedule('rate(1 minute)'))]);
  schedules.stop();
  expect(clock.pending).toBe(0);
});
