/**
 * A log-linear histogram of milliseconds: 32 linear steps per power of two, so that a value is told to within 1.6 % at a
 * fixed, small size (the layout of HdrHistogram). Below 64 µs the resolution is 1 µs.
 */

const STEP_BITS = 5;
const STEPS = 1 << STEP_BITS;
/** Values are kept in µs; 2^30 µs is 17.9 minutes, above Lambda's longest timeout of 15. */
const MAX_MICROS = 2 ** 30 - 1;

/** Slots of a histogram. */
export const HISTOGRAM_SLOTS = indexOf(MAX_MICROS / 1_000) + 1;

/** Slot of a value in ms. */
export function indexOf(ms: number): number {
  const micros = Math.min(Math.max(Math.round(ms * 1_000), 0), MAX_MICROS);
  const shift = Math.max(0, 31 - STEP_BITS - Math.clz32(micros));
  return shift * STEPS + (micros >>> shift);
}

/** Middle of a slot, in ms: never further than 1.6 % from any value that fell into it. */
export function valueOf(index: number): number {
  if (index < 2 * STEPS) return index / 1_000;
  const shift = Math.floor(index / STEPS) - 1;
  const low = (index - shift * STEPS) * 2 ** shift;
  return (low + (2 ** shift - 1) / 2) / 1_000;
}

/** Counts per slot; add up several with `addTo`. */
export type HistogramCounts = Uint32Array;

export function newHistogram(): HistogramCounts {
  return new Uint32Array(HISTOGRAM_SLOTS);
}

/** Adds the counts of `from` to `sum`. */
export function addTo(sum: HistogramCounts, from: HistogramCounts): void {
  for (let i = 0; i < HISTOGRAM_SLOTS; i++) {
    const count = from[i] ?? 0;
    if (count !== 0) sum[i] = (sum[i] ?? 0) + count;
  }
}

/**
 * Quantiles by nearest rank: the smallest value that at least `q` of all values do not exceed.
 * @param quantiles ascending, each in (0, 1]
 * @returns ms, one per quantile, or undefined when nothing was counted
 */
export function quantilesOf(counts: HistogramCounts, quantiles: readonly number[]): number[] | undefined {
  let total = 0;
  for (const count of counts) total += count;
  if (total === 0) return undefined;
  const found: number[] = [];
  let seen = 0;
  for (let i = 0; i < HISTOGRAM_SLOTS && found.length < quantiles.length; i++) {
    seen += counts[i] ?? 0;
    for (let q = quantiles[found.length]; q !== undefined && seen >= rank(q, total); q = quantiles[found.length]) {
      found.push(valueOf(i));
    }
  }
  return found;
}

/** 0.95 × 20 is 19.000000000000004 in binary: without the tolerance the rank would be one too high. */
function rank(q: number, total: number): number {
  return Math.max(1, Math.ceil(q * total - 1e-9));
}
