import type { Check, Expectation, Phase, Threshold } from '../contract/experiment.js';
import { THRESHOLD_EXPRESSION, THRESHOLD_METRICS, type ThresholdMetric } from '../contract/expectations.js';
import { isFailure, quantile } from './figures.js';
import type { Sample } from './types.js';

/** k6's thresholds over the samples of a phase. */

export interface ParsedThreshold {
  readonly metric: ThresholdMetric;
  /** `http_req_duration p(95)<500`, as it is written. */
  readonly text: string;
  readonly abortOnFail: boolean;
  /** ms into the phase before which it does not abort. */
  readonly delayAbortEval: number;
  readonly measure: (samples: readonly Sample[], elapsedMs: number) => number;
  readonly holds: (value: number) => boolean;
}

/** All thresholds of a phase, in the order in which they are written. */
export function thresholdsOf({ thresholds = {} }: Pick<Expectation, 'thresholds'>): readonly ParsedThreshold[] {
  return Object.entries(thresholds).flatMap(([name, list]: [string, readonly Threshold[] | undefined]) =>
    (list ?? []).map((one) => parse(name as keyof typeof THRESHOLD_METRICS, one)),
  );
}

function parse(name: keyof typeof THRESHOLD_METRICS, given: Threshold): ParsedThreshold {
  const spec = typeof given === 'string' ? { threshold: given, abortOnFail: false, delayAbortEval: 0 } : given;
  const [, aggregation = '', percentile, operator = '<', limit = '0'] = THRESHOLD_EXPRESSION.exec(spec.threshold) ?? [];
  const metric = THRESHOLD_METRICS[name];
  const share = percentile === undefined ? undefined : Number(percentile) / 100;
  return {
    metric,
    text: `${name} ${spec.threshold.trim()}`,
    abortOnFail: spec.abortOnFail,
    delayAbortEval: spec.delayAbortEval,
    measure: (samples, elapsedMs) => measure(metric, aggregation, share, samples, elapsedMs),
    holds: (value) => OPERATORS[operator as keyof typeof OPERATORS](value, Number(limit)),
  };
}

const OPERATORS = {
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
  '==': (a: number, b: number) => a === b,
  '===': (a: number, b: number) => a === b,
  '!=': (a: number, b: number) => a !== b,
};

function measure(
  metric: ThresholdMetric,
  aggregation: string,
  share: number | undefined,
  samples: readonly Sample[],
  elapsedMs: number,
): number {
  const count = metric === 'errors' ? samples.filter(isFailure).length : samples.length;
  if (aggregation === 'count') return count;
  if (aggregation === 'rate') {
    const whole = metric === 'errors' ? samples.length : elapsedMs / 1_000;
    return whole === 0 ? 0 : count / whole;
  }
  const sorted = samples.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  if (share !== undefined) return share === 0 ? (sorted[0] ?? 0) : quantile(sorted, share);
  if (aggregation === 'med') return quantile(sorted, 0.5);
  if (aggregation === 'min') return sorted[0] ?? 0;
  if (aggregation === 'max') return sorted.at(-1) ?? 0;
  return sorted.length === 0 ? 0 : sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length;
}

/** The check that a threshold makes of the samples of a whole phase. */
export function thresholdCheck(
  threshold: ParsedThreshold,
  phase: Phase,
  samples: readonly Sample[],
  elapsedMs: number,
): Check {
  const value = threshold.measure(samples, elapsedMs);
  return {
    phase,
    type: 'threshold',
    expectation: threshold.text,
    measured: inWords(threshold, value),
    passed: threshold.holds(value),
  };
}

/** At most two decimals; the check itself is made on the exact value. */
export function inWords({ metric, text }: ParsedThreshold, value: number): string {
  const rounded = String(Math.round(value * 100) / 100);
  if (metric === 'latency' && !/ count/.test(text)) return `${rounded} ms`;
  return metric === 'requests' && / rate/.test(text)
    ? `${rounded} a second`
    : String(Math.round(value * 10_000) / 10_000);
}
