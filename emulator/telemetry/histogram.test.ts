import { describe, expect, it } from 'vitest';
import { seededRng } from '../rng.js';
import { addTo, HISTOGRAM_SLOTS, indexOf, newHistogram, quantilesOf, valueOf } from './histogram.js';

const QUANTILES = [0.5, 0.9, 0.95, 0.99, 1];

function exact(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(q * sorted.length - 1e-9) - 1] ?? NaN;
}

function filled(values: readonly number[]): Uint32Array {
  const counts = newHistogram();
  for (const value of values) counts[indexOf(value)] = (counts[indexOf(value)] ?? 0) + 1;
  return counts;
}

describe('histogram', () => {
  it('tells every value from 33 µs to 15 minutes to within 2 %', () => {
    for (let ms = 0.033; ms <= 900_000; ms *= 1.003) {
      expect(Math.abs(valueOf(indexOf(ms)) - ms) / ms).toBeLessThanOrEqual(0.02);
    }
  });

  it('has slots in ascending order without gaps', () => {
    for (let i = 1; i < HISTOGRAM_SLOTS; i++) {
      expect(valueOf(i)).toBeGreaterThan(valueOf(i - 1));
      expect(indexOf(valueOf(i))).toBe(i);
    }
  });

  it('takes zero, negative and huge values', () => {
    expect(indexOf(0)).toBe(0);
    expect(indexOf(-5)).toBe(0);
    expect(indexOf(1e12)).toBe(HISTOGRAM_SLOTS - 1);
  });

  it.each([
    ['uniform', (u: number) => 1 + u * 99],
    ['exponential', (u: number) => -20 * Math.log(1 - u)],
    ['two humps', (u: number) => (u < 0.9 ? 3 + u : 800 + u * 100)],
    ['heavy tail', (u: number) => 2 / (1 - u) ** 1.5],
  ])('%s: quantiles are within 2 % of the exact ones', (_name, draw) => {
    const rng = seededRng('histogram');
    const values = Array.from({ length: 5_000 }, () => Math.min(draw(rng.next()), 900_000));
    const found = quantilesOf(filled(values), QUANTILES) ?? [];
    for (const [i, q] of QUANTILES.entries()) {
      const truth = exact(values, q);
      // Below 64 µs a slot is 1 µs wide, which is more than 2 %.
      expect(Math.abs((found[i] ?? NaN) - truth)).toBeLessThanOrEqual(Math.max(0.02 * truth, 0.001));
    }
  });

  it('takes the rank exactly where binary fractions would miss it', () => {
    const values = Array.from({ length: 20 }, (_, i) => i + 1);
    expect(quantilesOf(filled(values), [0.95])?.[0]).toBeCloseTo(19, 0);
  });

  it('gives nothing for nothing, and the one value for one', () => {
    expect(quantilesOf(newHistogram(), QUANTILES)).toBeUndefined();
    expect(quantilesOf(filled([0.02]), [0.5, 0.99])).toEqual([0.02, 0.02]);
  });

  it('adds up', () => {
    const sum = newHistogram();
    addTo(sum, filled([1, 2]));
    addTo(sum, filled([2, 3]));
    expect(sum).toEqual(filled([1, 2, 2, 3]));
  });
});
