import { describe, expect, it } from 'vitest';
import { keyedDraw } from '../rng.js';
import { lognormal, normal, pareto, percentiles, uniform, type Draw } from './distributions.js';

const COUNT = 20_000;

/** Quantiles of many values, each drawn as the fault draws it. */
function quantiles(of: (draw: Draw) => number) {
  const values = Array.from({ length: COUNT }, (_, i) =>
    of((name) => keyedDraw('seed', 'latency-1', 'counter', i, name)),
  );
  values.sort((a, b) => a - b);
  return (q: number): number => values[Math.floor(q * COUNT)] as number;
}

// Standard normal quantiles, from any table.
const Z = { 0.05: -1.6449, 0.5: 0, 0.9: 1.2816, 0.95: 1.6449, 0.99: 2.3263 };

/** @param share of the value that it may be off, some standard errors of a quantile of so many draws */
const near = (actual: number, expected: number, share = 0.04): void => {
  expect(Math.abs(actual - expected)).toBeLessThan(Math.max(1, Math.abs(expected) * share));
};

describe('distributions have the quantiles that their formulas give', () => {
  it('uniform', () => {
    const at = quantiles((draw) => uniform(100, 40, draw));
    for (const q of [0.1, 0.5, 0.9]) near(at(q), 60 + 80 * q);
  });

  it('normal: mean and standard deviation', () => {
    const at = quantiles((draw) => normal(1_000, 0.2, draw));
    for (const [q, z] of Object.entries(Z)) near(at(Number(q)), 1_000 + 200 * z);
  });

  it('lognormal: the median, and a tail of e to the sigma z', () => {
    const at = quantiles((draw) => lognormal(100, 0.8, draw));
    for (const [q, z] of Object.entries(Z)) near(at(Number(q)), 100 * Math.exp(0.8 * z), 0.06);
  });

  it('pareto: the median, and a tail by its shape', () => {
    const at = quantiles((draw) => pareto(100, 2, draw));
    const least = 100 / Math.SQRT2;
    for (const q of [0.01, 0.5, 0.9, 0.99]) near(at(q), least / Math.sqrt(1 - q), 0.08);
    expect(at(0)).toBeGreaterThanOrEqual(least);
  });

  it('percentiles: those of the table, and straight lines between', () => {
    const at = quantiles((draw) => percentiles({ 50: 100, 95: 800, 99: 3_000 }, draw));
    near(at(0.25), 50);
    near(at(0.5), 100, 0.06);
    near(at(0.725), 450);
    near(at(0.95), 800, 0.1);
    near(at(0.97), 1_900, 0.1);
    expect(at(0.9999)).toBe(3_000);
  });
});

describe('a table of percentiles', () => {
  const of = (table: Record<string, number>, draw: number) => percentiles(table, () => draw);

  it('begins at 0 ms unless it says otherwise, and ends at its highest', () => {
    expect(of({ 50: 100 }, 0)).toBe(0);
    expect(of({ 0: 80, 50: 100 }, 0)).toBe(80);
    expect(of({ 0: 80, 50: 100 }, 0.25)).toBe(90);
    expect(of({ 50: 100, 100: 900 }, 0.75)).toBe(500);
    expect(of({ 50: 100 }, 0.99)).toBe(100);
  });

  it('takes fractions of percents, in any order', () => {
    expect(of({ '99.9': 1_000, '50': 0 }, 0.7495)).toBeCloseTo(500);
  });
});
