import { describe, expect, it } from 'vitest';
import { durationText, isoDuration, parseIsoDuration } from './durations.js';

describe('ISO 8601 durations', () => {
  it.each([
    ['PT1M', 60_000],
    ['PT90S', 90_000],
    ['PT1H30M', 5_400_000],
    ['PT0.5S', 500],
    ['P1D', 86_400_000],
    ['P1DT12H', 129_600_000],
    ['P2W', 1_209_600_000],
    ['PT0S', 0],
  ])('%s is %d ms', (text, ms) => {
    expect(parseIsoDuration(text)).toBe(ms);
  });

  it.each(['', 'P', 'PT', 'P1DT', '5m', 'PT5', 'P1M', 'P1Y', 'PT1M2H', 'pt1m', ' PT1M', '-PT1M', 'PT1.5M'])(
    '%j is none',
    (text) => {
      expect(parseIsoDuration(text)).toBeUndefined();
    },
  );

  it.each([
    [60_000, 'PT1M'],
    [90_000, 'PT1M30S'],
    [43_200_000, 'PT12H'],
    [1_500, 'PT1.5S'],
    [0, 'PT0S'],
  ])('%d ms is written %s, and read back', (ms, text) => {
    expect(isoDuration(ms)).toBe(text);
    expect(parseIsoDuration(text)).toBe(ms);
  });

  it.each([
    [250, '250ms'],
    [0, '0s'],
    [90_000, '90s'],
    [300_000, '5m'],
    [7_200_000, '2h'],
  ])('%d ms is %s in our files', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
