import { describe, expect, it } from 'vitest';
import { POINT_SECONDS, Points } from './points.js';

const one = (value: number) => ({ count: 1, sum: value, min: value, max: value });

describe('points', () => {
  it('adds up the values of a second', () => {
    const points = new Points();
    points.add(100, 100, one(3));
    points.add(100, 100, { count: 4, sum: 6, min: -1, max: 2 });
    points.add(101, 101, one(7));
    expect(points.list(101)).toEqual([
      { at: 100, count: 5, sum: 9, min: -1, max: 3 },
      { at: 101, count: 1, sum: 7, min: 7, max: 7 },
    ]);
  });

  it('puts what comes late into its place', () => {
    const points = new Points();
    for (const at of [10, 30, 20, 30, 5]) points.add(at, 30, one(at));
    expect(points.list(30).map(({ at, count }) => [at, count])).toEqual([
      [5, 1],
      [10, 1],
      [20, 1],
      [30, 2],
    ]);
  });

  it('keeps 15 minutes, and nothing of the future', () => {
    const points = new Points();
    for (let at = 1; at <= 3_000; at++) points.add(at, at, one(at));
    points.add(2_100, 3_000, one(1));
    points.add(3_001, 3_000, one(1));
    const list = points.list(3_000);
    expect(list).toHaveLength(POINT_SECONDS);
    expect([list[0]?.at, list.at(-1)?.at]).toEqual([2_101, 3_000]);
    expect(points.list(3_899)).toEqual([{ at: 3_000, count: 1, sum: 3_000, min: 3_000, max: 3_000 }]);
    expect(points.list(10_000)).toEqual([]);
  });
});
