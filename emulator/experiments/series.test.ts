import { expect, it } from 'vitest';
import { seriesOf } from './series.js';
import type { Sample } from './types.js';

const sample = (dueAt: number, latencyMs: number, status: Sample['status'] = 200): Sample => ({
  dueAt,
  latencyMs,
  status,
});

it('tells what was due in each second, also of one in which nothing was', () => {
  const samples = [sample(1_000, 5), sample(1_400, 15), sample(1_999, 2_500, 'no answer'), sample(3_100, 7)];
  expect(seriesOf(samples, 1_000)).toEqual({
    at: [0, 1, 2],
    requests: [3, 0, 1],
    failed: [1, 0, 0],
    p50: [15, null, 7],
    p95: [2_500, null, 7],
    p99: [2_500, null, 7],
  });
});

it('has no seconds before the first request, and no request before the start', () => {
  expect(seriesOf([], 5).at).toEqual([]);
  expect(seriesOf([sample(4, 1)], 5).requests).toEqual([1]);
});
