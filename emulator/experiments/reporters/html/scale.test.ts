import { describe, expect, it } from 'vitest';
import { clockTime, columnsOf, MAX_COLUMNS, ticks, timeTicks } from './scale.js';

describe('ticks', () => {
  it.each([
    [1, 4, [0, 0.5, 1]],
    [4, 3, [0, 2, 4]],
    [7, 4, [0, 2, 4, 6, 8]],
    [1_530, 4, [0, 500, 1_000, 1_500, 2_000]],
    [0.3, 3, [0, 0.1, 0.2, 0.3]],
    [0, 4, [0]],
  ])('up to %d in about %d steps', (max, wanted, expected) => {
    const all = ticks(max, wanted);
    if (max === 0) return expect(all[0]).toBe(0);
    expect(all).toEqual(expected);
    expect(all.at(-1)).toBeGreaterThanOrEqual(max);
  });
});

describe('time', () => {
  it.each([
    [12, '0 1 2 3 4 5 6 7 8 9 10 11 12'],
    [17, '0 2 4 6 8 10 12 14 16'],
    [90, '0 10 20 30 40 50 60 70 80 90'],
    [600, '0 60 120 180 240 300 360 420 480 540 600'],
  ])('%d s', (seconds, expected) => {
    expect(timeTicks(seconds, 12).join(' ')).toBe(expected);
  });

  it('is told in minutes once there are more than two', () => {
    expect([clockTime(90, 120), clockTime(90, 300), clockTime(3_605, 7_200)]).toEqual(['90 s', '1:30', '60:05']);
  });
});

describe('columns', () => {
  const series = (seconds: number) => {
    const at = Array.from({ length: seconds }, (_, i) => i);
    return {
      at,
      requests: at.map(() => 2),
      failed: at.map((i) => i % 2),
      p50: at.map((i) => (i % 3 ? i : null)),
      p95: at,
      p99: at,
    };
  };

  it('is a second each', () => {
    expect(columnsOf(series(3))).toEqual([
      { from: 0, to: 1, requests: 2, failed: 0, p50: null, p95: 0 },
      { from: 1, to: 2, requests: 2, failed: 1, p50: 1, p95: 1 },
      { from: 2, to: 3, requests: 2, failed: 0, p50: 2, p95: 2 },
    ]);
  });

  it('of a long run is several, with the worst of them', () => {
    const columns = columnsOf(series(2 * MAX_COLUMNS - 1));
    expect(columns).toHaveLength(MAX_COLUMNS);
    expect(columns[1]).toEqual({ from: 2, to: 4, requests: 4, failed: 1, p50: 2, p95: 3 });
    expect(columns.at(-1)).toMatchObject({ from: 2 * MAX_COLUMNS - 2, to: 2 * MAX_COLUMNS - 1, requests: 2 });
  });

  it('of nothing are none', () => {
    expect(columnsOf(series(0))).toEqual([]);
  });
});
