/** How long a wait is drawn: from draws in [0, 1), so that the same draws give the same wait. */

export type Draw = (name: string) => number;

/** Percentiles (0 to 100, as keys) and their ms. */
export type PercentileTable = Readonly<Record<string, number>>;

/**
 * A standard normal variate, by the Box–Muller transform: √(−2 ln u) cos 2πv.
 * Source: Box and Muller, A Note on the Generation of Random Normal Deviates, Ann. Math. Statist. 29 (1958).
 */
export function standardNormal(draw: Draw): number {
  // 1 − u is in (0, 1]: its logarithm is finite.
  return Math.sqrt(-2 * Math.log(1 - draw('normal 1'))) * Math.cos(2 * Math.PI * draw('normal 2'));
}

/** Normal with this mean, which is its median too; `sigma` is the standard deviation as a part of it. */
export function normal(mean: number, sigma: number, draw: Draw): number {
  return mean + mean * sigma * standardNormal(draw);
}

/**
 * Lognormal: e^N(μ, σ²) with the median e^μ; what most measured latencies look like.
 * Source: Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1, chapter 14.
 */
export function lognormal(median: number, sigma: number, draw: Draw): number {
  return median * Math.exp(sigma * standardNormal(draw));
}

/**
 * Pareto, type I, by its inverse: m / (1 − u)^(1/α), whose median is m · 2^(1/α); m is chosen so that the median is the given
 * one. The smaller the shape α, the heavier the tail: at 1 and below it has no mean.
 * Source: Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1, chapter 20.
 */
export function pareto(median: number, shape: number, draw: Draw): number {
  const least = median / 2 ** (1 / shape);
  return least / (1 - draw('pareto')) ** (1 / shape);
}

/** Evenly between `mean - halfWidth` and `mean + halfWidth`. */
export function uniform(mean: number, halfWidth: number, draw: Draw): number {
  return mean + (draw('uniform') * 2 - 1) * halfWidth;
}

/**
 * The inverse of a distribution of which some percentiles are known: straight lines between them, from 0 ms at 0 where
 * that is not one of them, and never above the highest.
 */
export function percentiles(table: PercentileTable, draw: Draw): number {
  const points = Object.entries(table)
    .map(([percent, ms]) => ({ at: Number(percent), ms }))
    .sort((a, b) => a.at - b.at);
  const drawn = draw('percentile') * 100;
  let below = { at: 0, ms: 0 };
  for (const point of points) {
    if (drawn < point.at) return below.ms + ((drawn - below.at) / (point.at - below.at)) * (point.ms - below.ms);
    below = point;
  }
  return below.ms;
}
