import type { Phase, PhaseFigures } from '../contract/experiment.js';
import type { Answer, Sample } from './types.js';

/** What was measured over the load of a phase. */

/** An answer of 500 or more, a function error, or none at all. */
export function isFailure({ status }: Answer): boolean {
  return typeof status !== 'number' || status >= 500;
}

/**
 * Exact quantile by nearest rank: the smallest sample that at least a share `q` of all samples do not exceed.
 * @param sorted ascending; 0 when empty
 */
export function quantile(sorted: readonly number[], q: number): number {
  if (sorted.length === 0) return 0;
  // 0.95 · 20 is 19.000000000000004 for some sizes: a rank must not go up for an error in the last place.
  const rank = Math.ceil(q * sorted.length - 1e-9);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] ?? 0;
}

export function figuresOf(phase: Phase, samples: readonly Sample[]): PhaseFigures {
  const sorted = samples.map((sample) => sample.latencyMs).sort((a, b) => a - b);
  const statuses: Record<string, number> = {};
  for (const { status } of samples) statuses[status] = (statuses[status] ?? 0) + 1;
  return {
    phase,
    requests: samples.length,
    failed: samples.filter(isFailure).length,
    statuses,
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
  };
}
