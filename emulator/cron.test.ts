import { describe, expect, test } from 'vitest';
import { cronPattern } from './cron.js';

describe('six fields, as AWS has them', () => {
  test.each([
    ['0 12 * * ? *', '0 0 12 * * * *'],
    ['0/15 8-10 * * ? *', '0 0,15,30,45 8,9,10 * * * *'],
    ['*/20 0 1,15 1-12/6 ? 2025-2026', '0 0,20,40 0 1,15 1,7 * 2025,2026'],
    ['0 18 ? jan,Mar MON-FRI *', '0 0 18 * 1,3 2,3,4,5,6 *'],
    ['0 0 ? * SAT-MON *', '0 0 0 * * 7,1,2 *'],
    ['0 22-2 * * ? *', '0 0 22,23,0,1,2 * * * *'],
    ['0 0 L * ? *', '0 0 0 L * * *'],
    ['0 0 LW * ? *', '0 0 0 LW * * *'],
    ['0 0 15W * ? *', '0 0 0 15W * * *'],
    ['0 0 ? * L *', '0 0 0 * * 7 *'],
    ['0 0 ? * 6L *', '0 0 0 * * 6#L *'],
    ['0 0 ? * FRIL *', '0 0 0 * * 6#L *'],
    ['0 0 ? * TUE#2 *', '0 0 0 * * 3#2 *'],
    ['  0   0 1 * ?   * ', '0 0 0 1 * * *'],
  ])('%s', (text, pattern) => {
    expect(cronPattern(text, 'aws')).toBe(pattern);
  });

  test.each([
    ['0 8 * * *', '6 fields are needed', 'without cron(…)'],
    ['0 8 * * ? * *', 'not 7'],
    ['0 1 * * * *', 'day-of-month (*) or day-of-week (*) must be ?'],
    ['0 1 1 * MON *', 'day-of-month (1) or day-of-week (MON) must be ?'],
    ['0 1 ? * ? *', 'only one of day-of-month and day-of-week may be ?'],
    ['? 1 1 * ? *', 'minute "?" is not understood'],
    ['71 8 1 * ? *', 'minute 71 is not 0 to 59'],
    ['0 24 1 * ? *', 'hour 24 is not 0 to 23'],
    ['0 8 0 * ? *', 'day-of-month 0 is not 1 to 31'],
    ['0 8 1 13 ? *', 'month 13 is not 1 to 12 or JAN to DEC'],
    ['7 20 ? * NOT *', 'day-of-week NOT is not 1 to 7 or SUN to SAT'],
    ['0 8 ? * 0 *', 'day-of-week 0 is not 1 to 7'],
    ['0 8 1 * ? 1969', 'year 1969 is not 1970 to 2199'],
    ['0/0 8 1 * ? *', 'minute 0/0: after / comes a number from 1'],
    ['0 8 ? * SAT#6 *', 'day-of-week SAT#6: after # comes 1 to 5'],
    ['0 8 ? * 3#1,6#3 *', 'day-of-week 3#1,6#3: # stands alone'],
    ['0 L * * ? *', 'hour L is not 0 to 23'],
    ['0 8 32W * ? *', 'day-of-month 32 is not 1 to 31'],
    ['0 8 1-2-3 * ? *', 'day-of-month "1-2-3" is not understood'],
    ['0 8 1, * ? *', 'day-of-month "" is not understood'],
  ])('%s: %s', (text, ...messages) => {
    const attempt = (): string => cronPattern(text, 'aws');
    for (const message of messages) expect(attempt).toThrow(message);
  });
});

describe('five fields', () => {
  test.each([
    ['0 8 * * 1-5', '0 0 8 * * 1,2,3,4,5 *'],
    ['*/30 * 1 * *', '0 0,30 * 1 * * *'],
    ['0 0 * * 7', '0 0 0 * * 7 *'],
    ['0 0 * * SUN', '0 0 0 * * 0 *'],
    ['0 0 * dec sat', '0 0 0 * 12 6 *'],
  ])('%s', (text, pattern) => {
    expect(cronPattern(text, 'unix')).toBe(pattern);
  });

  test.each([
    ['0 8 * *', '5 fields are needed (minute hour day-of-month month day-of-week), not 4'],
    ['0 8 * * ? *', 'the six of AWS are written as cron(…)'],
    ['0 8 ? * 1', 'day-of-month "?" is not understood'],
    ['0 8 L * *', 'day-of-month L is not 1 to 31'],
    ['0 8 * * 8', 'day-of-week 8 is not 0 to 7'],
  ])('%s: %s', (text, message) => {
    expect(() => cronPattern(text, 'unix')).toThrow(message);
  });
});
