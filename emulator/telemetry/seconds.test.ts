import { describe, expect, it } from 'vitest';
import { Seconds, SERIES_SECONDS } from './seconds.js';

const T0 = 1_700_000_000_000;

describe('seconds', () => {
  it('shows an invocation in the figures at once', () => {
    const seconds = new Seconds(T0);
    seconds.record(T0 + 500, 20, false);
    const figures = seconds.figures(T0 + 500);
    expect(figures.rate).toBeCloseTo(1 / 9.5);
    expect(figures.errorShare).toBe(0);
    expect(figures.p50).toBeCloseTo(20, 0);
  });

  it('shows a steady load as a steady rate, whatever the moment', () => {
    const seconds = new Seconds(T0);
    for (let ms = 0; ms < 30_000; ms += 50) seconds.record(T0 + ms, 5, false);
    for (const moment of [30_000, 30_001, 30_400, 30_999]) {
      const more = new Seconds(T0);
      for (let ms = 0; ms < moment; ms += 50) more.record(T0 + ms, 5, false);
      expect(more.figures(T0 + moment).rate).toBeCloseTo(20, 0);
    }
    expect(seconds.figures(T0 + 29_999).rate).toBeCloseTo(20, 0);
  });

  it('forgets what lies before the window', () => {
    const seconds = new Seconds(T0);
    seconds.record(T0, 900, true);
    expect(seconds.figures(T0 + 9_999)).toMatchObject({ errorShare: 1 });
    expect(seconds.figures(T0 + 10_000)).toEqual({ rate: 0, errorShare: 0 });
  });

  it('has no quantiles for what never ran', () => {
    const seconds = new Seconds(T0);
    seconds.record(T0, undefined, true);
    expect(seconds.figures(T0 + 500)).toEqual({ rate: expect.closeTo(1 / 9.5) as number, errorShare: 1 });
  });

  it('gives whole seconds, oldest first, of equal length, null without an invocation', () => {
    const seconds = new Seconds(T0);
    seconds.record(T0 + 100, 10, false);
    seconds.record(T0 + 200, 30, true);
    seconds.record(T0 + 2_100, 50, false);
    const series = seconds.series(T0 + 3_500, 4);
    expect(series.at).toEqual([-1, 0, 1, 2].map((offset) => T0 / 1_000 + offset));
    expect(series.rate).toEqual([0, 2, 0, 1]);
    expect(series.errors).toEqual([0, 1, 0, 0]);
    expect(series.p50).toEqual([null, expect.closeTo(10, 0), null, expect.closeTo(50, 0)]);
    expect(series.p99).toEqual([null, expect.closeTo(30, 0), null, expect.closeTo(50, 0)]);
  });

  it('holds a sample until the next', () => {
    const seconds = new Seconds(T0);
    seconds.sample(T0, 2);
    seconds.sample(T0 + 3_000, 5);
    expect(seconds.series(T0 + 5_000, 5).instances).toEqual([2, 2, 2, 5, 5]);
  });

  it('reaches back 900 seconds and no further', () => {
    const seconds = new Seconds(T0);
    for (let s = 0; s < 2_000; s++) seconds.record(T0 + s * 1_000, s, false);
    const series = seconds.series(T0 + 2_000_000, 10_000);
    expect(series.at).toHaveLength(SERIES_SECONDS);
    expect(series.rate.every((rate) => rate === 1)).toBe(true);
    expect(series.p50[0]).toBeCloseTo(1_100, -2);
  });

  it('survives a sleep longer than the ring and a clock that goes back', () => {
    const seconds = new Seconds(T0);
    seconds.record(T0, 5, false);
    seconds.record(T0 + 7_200_000, 5, false);
    seconds.record(T0 + 7_100_000, 5, true);
    expect(seconds.series(T0 + 7_201_000, SERIES_SECONDS).rate.reduce((a, b) => a + b)).toBe(2);
    expect(seconds.figures(T0 + 7_200_500).errorShare).toBe(0.5);
  });
});
