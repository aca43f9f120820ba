import { describe, expect, it } from 'vitest';
import { figuresOf, quantile } from './figures.js';

const to = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

describe('quantile', () => {
  // Nearest rank: always a value that was measured.
  it.each([
    [[], 0.5, 0],
    [[7], 0.99, 7],
    [[1, 2], 0.5, 1],
    [to(20), 0.95, 19],
    [to(100), 0.99, 99],
    [to(100), 0.5, 50],
    [to(101), 0.99, 100],
    [to(10), 0.95, 10],
  ])('of %j at %f is %i', (sorted, q, value) => {
    expect(quantile(sorted, q)).toBe(value);
  });
});

describe('figuresOf', () => {
  it('counts as failed what is 500 or more, a function error, or no answer', () => {
    const figures = figuresOf('during', [
      { dueAt: 0, status: 200, latencyMs: 30 },
      { dueAt: 0, status: 404, latencyMs: 10 },
      { dueAt: 0, status: 503, latencyMs: 20 },
      { dueAt: 0, status: 'function error', latencyMs: 40 },
      { dueAt: 0, status: 'no answer', latencyMs: 50 },
    ]);
    expect(figures).toEqual({
      phase: 'during',
      requests: 5,
      failed: 3,
      statuses: { 200: 1, 404: 1, 503: 1, 'function error': 1, 'no answer': 1 },
      p50: 30,
      p95: 50,
      p99: 50,
    });
  });
});
