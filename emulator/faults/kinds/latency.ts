import { z } from 'zod';
import { lognormal, normal, pareto, percentiles, uniform, type Draw } from '../distributions.js';
import type { FaultKind } from '../types.js';
import { EVERYWHERE } from '../reach.js';
import { when } from '../when.js';

const MAX_MS = 900_000;
const ms = z.number().min(0).max(MAX_MS);

const table = z
  .record(z.string().regex(/^(100(\.0+)?|\d{1,2}(\.\d+)?)$/, 'not a percentile; write a number from 0 to 100'), ms)
  .refine((points) => Object.keys(points).length > 0, 'has no percentile; write for example {"50": 100, "99": 3000}')
  .refine(rises, 'does not rise; a higher percentile cannot have fewer ms');

const params = z.strictObject({
  ms: ms.default(800).describe('Delay in ms; of a distribution the median. Without effect with percentiles'),
  jitter: ms.default(0).describe('Up to this many ms more or less, uniformly drawn'),
  distribution: z
    .enum(['fixed', 'uniform', 'normal', 'lognormal', 'pareto', 'percentiles'])
    .default('fixed')
    .describe('How the delay of each invocation is drawn; uniform: from 0 to twice ms, or by jitter'),
  sigma: z
    .number()
    .gt(0)
    .max(5)
    .default(0.5)
    .describe('Spread of normal (standard deviation as a part of ms) and of lognormal (of the logarithm)'),
  shape: z.number().min(0.1).max(100).default(2).describe('Of pareto: the smaller, the longer its longest delays'),
  table: table
    .default({ 50: 100, 95: 800, 99: 3_000 })
    .describe('Of percentiles: which percentile of the delays has how many ms; straight lines between'),
  maxMs: ms.default(MAX_MS).describe('No delay is longer, ms'),
  when,
});

type Params = z.output<typeof params>;

/** Slowness: the gateway waits around the run, with the instance reserved, so that it counts against the timeout. */
export const latency: FaultKind<Params> = {
  title: 'Latency',
  summary: 'The invocation takes longer; past the function’s timeout it times out.',
  group: 'answer',
  reach: EVERYWHERE,
  params,
  describe: (given) => `+${amount(given)} ${given.when} the handler`,
  async around(given, context, next) {
    const drawn = drawDelay(given, context.draw);
    const wait = async (): Promise<void> => {
      context.note({ where: `${given.when} the handler`, saw: `+${String(Math.round(drawn))} ms` });
      await context.delay(drawn);
    };
    if (given.when === 'before') await wait();
    const result = await next();
    if (given.when === 'after') await wait();
    return result;
  },
};

/** @returns ms, not below 0 nor above `maxMs` */
function drawDelay({ jitter, maxMs, ...given }: Params, draw: Draw): number {
  const spread = given.distribution === 'uniform' ? 0 : jitter;
  const drawn = central({ jitter, ...given }, draw) + (spread === 0 ? 0 : (draw('jitter') * 2 - 1) * spread);
  return Math.min(maxMs, Math.max(0, drawn));
}

function central(given: Omit<Params, 'maxMs'>, draw: Draw): number {
  const { ms: median, sigma, shape, jitter } = given;
  switch (given.distribution) {
    case 'fixed':
      return median;
    case 'uniform':
      return uniform(median, jitter > 0 ? jitter : median, draw);
    case 'normal':
      return normal(median, sigma, draw);
    case 'lognormal':
      return lognormal(median, sigma, draw);
    case 'pareto':
      return pareto(median, shape, draw);
    case 'percentiles':
      return percentiles(given.table, draw);
  }
}

/** `800 ± 200 ms`, `800 ms (lognormal, sigma 0.5)`, `p50 100, p99 3000 ms`. */
function amount(given: Params): string {
  const { ms: median, jitter, distribution, sigma, shape } = given;
  const around = distribution === 'uniform' && jitter === 0 ? median : jitter;
  const plusMinus = around > 0 ? ` ± ${String(around)}` : '';
  if (distribution === 'percentiles') {
    const points = Object.entries(given.table).sort(([a], [b]) => Number(a) - Number(b));
    return `${points.map(([percent, at]) => `p${percent} ${String(at)}`).join(', ')}${plusMinus} ms`;
  }
  const how = {
    normal: `sigma ${String(sigma)}`,
    lognormal: `sigma ${String(sigma)}`,
    pareto: `shape ${String(shape)}`,
  };
  const spread = distribution in how ? ` (${distribution}, ${how[distribution as keyof typeof how]})` : '';
  return `${String(median)}${plusMinus} ms${spread}`;
}

function rises(points: Readonly<Record<string, number>>): boolean {
  const values = Object.entries(points)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, at]) => at);
  return values.every((at, i) => at >= (values[i - 1] ?? 0));
}
