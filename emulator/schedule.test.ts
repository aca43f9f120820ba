import { describe, expect, test } from 'vitest';
import { parseSchedule } from './schedule.js';

const START = Date.parse('2025-01-01T00:00:00Z');

/** The next times, without the seconds that are always zero. */
function times(expression: string, count: number, after = '2025-01-01T00:00Z', zone = 'UTC'): string[] {
  const schedule = parseSchedule(expression, zone);
  const found: string[] = [];
  let at: number | undefined = Date.parse(after);
  while (found.length < count && (at = schedule.next(at, START)) !== undefined)
    found.push(new Date(at).toISOString().replace(':00.000Z', 'Z'));
  return found;
}

describe('rate', () => {
  test('counts from the start', () => {
    expect(times('rate(1 minute)', 2)).toEqual(['2025-01-01T00:01Z', '2025-01-01T00:02Z']);
    expect(times('rate(5 minutes)', 2, '2025-01-01T00:07Z')).toEqual(['2025-01-01T00:10Z', '2025-01-01T00:15Z']);
    expect(times('rate(2 hours)', 1, '2025-01-01T01:00Z')).toEqual(['2025-01-01T02:00Z']);
    expect(times('rate(1 day)', 2)).toEqual(['2025-01-02T00:00Z', '2025-01-03T00:00Z']);
  });

  test('a day has 24 hours, whatever clocks do', () => {
    expect(times('rate(1 day)', 2, '2025-03-29T12:00Z', 'Europe/Berlin')).toEqual([
      '2025-03-30T00:00Z',
      '2025-03-31T00:00Z',
    ]);
  });

  // What EventBridge's PutRule refuses [R].
  test.each([
    ['rate(10 seconds)', 'minutes, hours or days'],
    ['rate(10 years)', 'minutes, hours or days'],
    ['rate(1 minutes)', 'write rate(1 minute)'],
    ['rate(1 hours)', 'write rate(1 hour)'],
    ['rate(1 days)', 'write rate(1 day)'],
    ['rate(10 minute)', 'write rate(10 minutes)'],
    ['rate(10 hour)', 'write rate(10 hours)'],
    ['rate(10 day)', 'write rate(10 days)'],
    ['rate()', 'a whole number'],
    ['rate(10)', 'a whole number'],
    ['rate(10 minutess)', 'minutes, hours or days'],
    ['rate(foo minutes)', 'a whole number'],
    ['rate(0 minutes)', 'the value is 1 or more'],
    ['rate(-10 minutes)', 'a whole number'],
    ['rate(10 MINUTES)', 'minutes, hours or days'],
    ['rate( 10 minutes )', 'a whole number'],
    [' rate(10 minutes)', 'is not a schedule'],
    ['rate(99999999999999999999 days)', 'too large'],
  ])('"%s" is refused: %s', (expression, message) => {
    expect(() => parseSchedule(expression, 'UTC')).toThrow(message);
  });
});

describe('cron(…)', () => {
  // What EventBridge's PutRule takes [R], and what its page of examples says of them [D].
  test.each([
    ['cron(0 2 ? * SAT *)', '2025-01-04T02:00Z', '2025-01-11T02:00Z'],
    ['cron(0 12 * * ? *)', '2025-01-01T12:00Z', '2025-01-02T12:00Z'],
    ['cron(5,35 14 * * ? *)', '2025-01-01T14:05Z', '2025-01-01T14:35Z'],
    ['cron(0 2 ? * SAT#3 *)', '2025-01-18T02:00Z', '2025-02-15T02:00Z'],
    ['cron(* * ? * SAT#3 *)', '2025-01-18T00:00Z', '2025-01-18T00:01Z'],
    ['cron(15 12 * * ? *)', '2025-01-01T12:15Z', '2025-01-02T12:15Z'],
    ['cron(0 18 ? * MON-FRI *)', '2025-01-01T18:00Z', '2025-01-02T18:00Z'],
    ['cron(0 8 1 * ? *)', '2025-01-01T08:00Z', '2025-02-01T08:00Z'],
    ['cron(0/15 * * * ? *)', '2025-01-01T00:15Z', '2025-01-01T00:30Z'],
    ['cron(0/30 20-23 ? * MON-FRI *)', '2025-01-01T20:00Z', '2025-01-01T20:30Z'],
    ['cron(15 10 ? * 6L *)', '2025-01-31T10:15Z', '2025-02-28T10:15Z'],
    ['cron(0 9 L * ? *)', '2025-01-31T09:00Z', '2025-02-28T09:00Z'],
    ['cron(0 9 15W * ? *)', '2025-01-15T09:00Z', '2025-02-14T09:00Z'],
    ['cron(0 9 ? * 1 *)', '2025-01-05T09:00Z', '2025-01-12T09:00Z'],
    ['cron(0 9 1 1 ? 2026-2027)', '2026-01-01T09:00Z', '2027-01-01T09:00Z'],
  ])('%s', (expression, ...expected) => {
    expect(times(expression, 2)).toEqual(expected);
  });

  test('one whose years are over never comes', () => {
    expect(times('cron(15 10 ? * 6L 2002-2005)', 1)).toEqual([]);
    expect(times('cron(0 0 31 2 ? *)', 1)).toEqual([]);
  });

  // What EventBridge's PutRule refuses [R].
  test.each([
    ['cron(0 1 * * * *)', 'must be ?'],
    ['cron(7 20 * * NOT *)', 'must be ?'],
    ['cron(INVALID)', '6 fields are needed'],
    ['cron(0 dummy ? * MON-FRI *)', 'hour dummy'],
    ['cron(71 8 1 * ? *)', 'cron(71 8 1 * ? *): minute 71'],
  ])('%s is refused: %s', (expression, message) => {
    expect(() => parseSchedule(expression, 'UTC')).toThrow(message);
  });
});

describe('five fields', () => {
  test('Sunday is 0 and 7', () => {
    expect(times('0 8 * * 0', 1)).toEqual(['2025-01-05T08:00Z']);
    expect(times('0 8 * * 7', 1)).toEqual(['2025-01-05T08:00Z']);
    expect(times('0 8 * * 1-5', 3)).toEqual(['2025-01-01T08:00Z', '2025-01-02T08:00Z', '2025-01-03T08:00Z']);
  });

  test('with both days given, either counts', () => {
    expect(times('0 0 3 * 0', 2)).toEqual(['2025-01-03T00:00Z', '2025-01-05T00:00Z']);
  });

  test.each([
    ['60 * * * *', '60 * * * *: minute 60'],
    ['0 8 * * * *', 'cron(…)'],
    ['every day', 'is not a schedule'],
    ['', 'is not a schedule'],
    ['at(2026-01-01T00:00:00)', 'is not a schedule'],
  ])('"%s" is refused: %s', (expression, message) => {
    expect(() => parseSchedule(expression, 'UTC')).toThrow(message);
  });
});

describe('time zones', () => {
  test('a cron is read in its zone', () => {
    expect(times('cron(0 8 ? * MON-FRI *)', 1, '2025-07-01T00:00Z', 'Europe/Berlin')).toEqual(['2025-07-01T06:00Z']);
    expect(times('cron(0 8 ? * MON-FRI *)', 1, '2025-01-01T00:00Z', 'Europe/Berlin')).toEqual(['2025-01-01T07:00Z']);
    expect(times('30 0 * * *', 1, '2025-01-01T00:00Z', 'Asia/Kolkata')).toEqual(['2025-01-01T19:00Z']);
  });

  test('an hour that clocks skip is left out', () => {
    // 30 March 2025, 02:00 to 03:00 in Berlin; 9 March, 02:00 to 03:00 in New York.
    expect(times('cron(30 2 * * ? *)', 2, '2025-03-29T00:00Z', 'Europe/Berlin')).toEqual([
      '2025-03-29T01:30Z',
      '2025-03-31T00:30Z',
    ]);
    expect(times('30 2 * * *', 2, '2025-03-08T00:00Z', 'America/New_York')).toEqual([
      '2025-03-08T07:30Z',
      '2025-03-10T06:30Z',
    ]);
    expect(times('cron(0/30 * * * ? *)', 3, '2025-03-30T00:30Z', 'Europe/Berlin')).toEqual([
      '2025-03-30T01:00Z',
      '2025-03-30T01:30Z',
      '2025-03-30T02:00Z',
    ]);
  });

  test('an hour that clocks show twice counts once, the first time', () => {
    // 26 October 2025, 03:00 back to 02:00 in Berlin; 2 November, 02:00 back to 01:00 in New York.
    expect(times('cron(30 2 * * ? *)', 2, '2025-10-25T22:00Z', 'Europe/Berlin')).toEqual([
      '2025-10-26T00:30Z',
      '2025-10-27T01:30Z',
    ]);
    expect(times('30 1 * * *', 2, '2025-11-02T00:00Z', 'America/New_York')).toEqual([
      '2025-11-02T05:30Z',
      '2025-11-03T06:30Z',
    ]);
    expect(times('cron(0/30 * * * ? *)', 3, '2025-10-26T00:00Z', 'Europe/Berlin')).toEqual([
      '2025-10-26T00:30Z',
      '2025-10-26T02:00Z',
      '2025-10-26T02:30Z',
    ]);
  });

  test('asked within the second showing, the first is over', () => {
    expect(times('cron(30 2 * * ? *)', 1, '2025-10-26T01:10Z', 'Europe/Berlin')).toEqual(['2025-10-27T01:30Z']);
  });

  test('one that is not known', () => {
    expect(() => parseSchedule('rate(1 day)', 'Europe/Berln')).toThrow('did you mean Europe/Berlin?');
    expect(() => parseSchedule('0 8 * * *', 'Mars/Base')).toThrow('there is no time zone "Mars/Base"');
  });
});
