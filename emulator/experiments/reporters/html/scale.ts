import type { ExperimentSeries } from '../../../contract/experiment.js';

/** Axes and columns of a chart: pure arithmetic. */

/** More columns than this would be thinner than two pixels. */
export const MAX_COLUMNS = 400;

/** One column: a second, or several that share one. */
export interface Column {
  /** Seconds from the start of the run. */
  readonly from: number;
  readonly to: number;
  readonly requests: number;
  readonly failed: number;
  /** ms; of several seconds the highest. Null without requests. */
  readonly p50: number | null;
  readonly p95: number | null;
}

export function columnsOf({ at, requests, failed, p50, p95 }: ExperimentSeries): readonly Column[] {
  const size = Math.max(1, Math.ceil(at.length / MAX_COLUMNS));
  return Array.from({ length: Math.ceil(at.length / size) }, (_, i) => {
    const [start, end] = [i * size, Math.min((i + 1) * size, at.length)];
    return {
      from: at[start] ?? start,
      to: (at[end - 1] ?? end - 1) + 1,
      requests: sum(requests.slice(start, end)),
      failed: sum(failed.slice(start, end)),
      p50: highest(p50.slice(start, end)),
      p95: highest(p95.slice(start, end)),
    };
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function highest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/**
 * Round numbers from 0 to at least `max`: 1, 2 or 5 times a power of ten apart.
 * @param wanted about so many steps
 */
export function ticks(max: number, wanted: number): readonly number[] {
  const rough = Math.max(max, 1e-9) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough - 1e-12) ?? 10) * power;
  const count = Math.max(1, Math.ceil(max / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

/** Whole seconds that a person counts in: 1, 2, 5, 10, 15, 30 s, then minutes. @param seconds of the whole axis */
export function timeTicks(seconds: number, wanted: number): readonly number[] {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600];
  const step = steps.find((each) => seconds / each <= wanted) ?? 86_400;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, i) => i * step);
}

/** `45 s`, `2:30`. */
export function clockTime(seconds: number, whole: number): string {
  if (whole <= 120) return `${String(seconds)} s`;
  return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, '0')}`;
}
