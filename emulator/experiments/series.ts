import type { ExperimentSeries } from '../contract/experiment.js';
import { isFailure, quantile } from './figures.js';
import type { Sample } from './types.js';

/**
 * The samples of a run by the second in which each was due: a second in which the system stalled is charged for its own
 * requests, whenever they were answered.
 * @param startedAt of the run, monotonic ms
 */
export function seriesOf(samples: readonly Sample[], startedAt: number): ExperimentSeries {
  const bySecond: Sample[][] = [];
  for (const sample of samples) {
    const second = Math.max(0, Math.floor((sample.dueAt - startedAt) / 1_000));
    (bySecond[second] ??= []).push(sample);
  }
  const seconds = Array.from(bySecond, (own = []) => ({
    own,
    sorted: own.map((sample) => sample.latencyMs).sort((a, b) => a - b),
  }));
  const column = (q: number): (number | null)[] =>
    seconds.map(({ sorted }) => (sorted.length === 0 ? null : quantile(sorted, q)));
  return {
    at: seconds.map((_, i) => i),
    requests: seconds.map(({ own }) => own.length),
    failed: seconds.map(({ own }) => own.filter(isFailure).length),
    p50: column(0.5),
    p95: column(0.95),
    p99: column(0.99),
  };
}
