import { describe, expect, it } from 'vitest';
import type { Expectation, PhaseFigures } from '../contract/experiment.js';
import { checksOf } from './checks.js';

const figures: PhaseFigures = {
  phase: 'during',
  requests: 20,
  failed: 5,
  statuses: { 200: 12, 201: 3, 'no answer': 5 },
  p50: 4.25,
  p95: 812.4,
  p99: 1_500,
};

/** expectation, in words, measured, passed */
const table: readonly [Expectation, string, string, boolean][] = [
  [{ status: 200 }, 'status 200', '200 × 12, no answer × 5, 201 × 3', false],
  [{ status: [200, 201] }, 'status 200 or 201', '200 × 12, no answer × 5, 201 × 3', false],
  [{ errorShare: { max: 0.25 } }, 'error share ≤ 25 %', '25 % (5 of 20)', true],
  [{ errorShare: { max: 0.2499 } }, 'error share ≤ 25 %', '25 % (5 of 20)', false],
  [{ errorShare: { min: 0.1, max: 0.2 } }, '10 % ≤ error share ≤ 20 %', '25 % (5 of 20)', false],
  [{ p50: { max: 5 } }, 'p50 ≤ 5 ms', '4.3 ms', true],
  [{ p95: { max: 500 } }, 'p95 ≤ 500 ms', '812 ms', false],
  [{ p99: { min: 1_500 } }, 'p99 ≥ 1500 ms', '1500 ms', true],
];

describe('checksOf', () => {
  it.each(table)('%j', (expectation, words, measured, passed) => {
    expect(checksOf(expectation, figures)).toEqual([{ phase: 'during', expectation: words, measured, passed }]);
  });

  it('makes one check for each thing expected, in a fixed order', () => {
    const checks = checksOf({ p99: { max: 1 }, status: 200, p50: { max: 1 }, errorShare: { max: 0 } }, figures);
    expect(checks.map((check) => check.expectation)).toEqual([
      'status 200',
      'error share ≤ 0 %',
      'p50 ≤ 1 ms',
      'p99 ≤ 1 ms',
    ]);
  });

  it('does not take no requests at all for the right status', () => {
    const none = { ...figures, requests: 0, failed: 0, statuses: {} };
    expect(checksOf({ status: 200 }, none)[0]).toMatchObject({ passed: false, measured: 'no requests' });
  });
});
