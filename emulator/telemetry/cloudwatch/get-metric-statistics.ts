import type { CustomSeries, MetricPoint } from '../types.js';
import { fields, invalid, list, missing, optionalNumber, optionalText, text, time } from './fields.js';
import { CloudWatchError, type Fields } from './types.js';

const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;
type Statistic = (typeof STATISTICS)[number];

const MAX_NAME = 255;
const MAX_VALUE = 1_024;
const MAX_DIMENSIONS = 30;
const MAX_POINTS = 1_440;

/**
 * GetMetricStatistics over what was put in the last 15 minutes: nothing older is kept. Percentiles are not there: they need
 * every single value. @throws CloudWatchError
 */
export function metricStatistics(input: Fields, all: readonly CustomSeries[]): Fields {
  const namespace = text(input['Namespace'], 'Namespace', MAX_NAME);
  const name = text(input['MetricName'], 'MetricName', MAX_NAME);
  const unit = optionalText(input['Unit'], 'Unit', MAX_NAME);
  const dimensions = dimensionsOf(input['Dimensions']);
  const { from, to, period } = spanOf(input);
  const statistics = statisticsOf(input);
  const series = all.filter(
    (one) =>
      one.namespace === namespace &&
      one.name === name &&
      (unit === undefined || one.unit === unit) &&
      same(one.dimensions, dimensions),
  );
  const datapoints = series.flatMap((one) =>
    Array.from(inPeriods(one.points(), from, to, period), ([at, point]) => ({
      Timestamp: new Date(at * 1_000),
      ...Object.fromEntries(statistics.map((statistic) => [statistic, valueOf(point, statistic)])),
      Unit: one.unit,
    })),
  );
  return { Label: name, Datapoints: datapoints };
}

/** Seconds. */
function spanOf(input: Fields): { readonly from: number; readonly to: number; readonly period: number } {
  const from = time(input['StartTime'], 'StartTime') / 1_000;
  const to = time(input['EndTime'], 'EndTime') / 1_000;
  const period = optionalNumber(input['Period'], 'Period');
  if (period === undefined) throw missing('The parameter Period is required.');
  if (![1, 5, 10, 30].includes(period) && (period <= 0 || period % 60 !== 0))
    throw invalid('The parameter Period must be 1, 5, 10, 30 or a multiple of 60.');
  if (from >= to) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  if ((to - from) / period > MAX_POINTS)
    throw new CloudWatchError(
      'InvalidParameterCombinationException',
      `You have requested up to ${String(Math.ceil((to - from) / period))} datapoints, which exceeds the limit of 1,440.`,
    );
  return { from, to, period };
}

function statisticsOf(input: Fields): Statistic[] {
  if (list(input['ExtendedStatistics'], 'ExtendedStatistics', 10).length > 0)
    throw invalid('Faultline keeps no percentiles: ask for SampleCount, Average, Sum, Minimum or Maximum.');
  const given = list(input['Statistics'], 'Statistics', STATISTICS.length);
  if (given.length === 0) throw missing('Must specify either Statistics or ExtendedStatistics');
  return given.map((value) => {
    const found = STATISTICS.find((statistic) => statistic === value);
    if (!found)
      throw invalid(`The parameter Statistics.member must be a value in the set [ ${STATISTICS.join(', ')} ].`);
    return found;
  });
}

function dimensionsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    list(value, 'Dimensions', MAX_DIMENSIONS).map((entry, i) => {
      const path = `Dimensions.member.${String(i + 1)}`;
      const dimension = fields(entry, path);
      const name = text(dimension['Name'], `${path}.Name`, MAX_NAME);
      return [name, text(dimension['Value'], `${path}.Value`, MAX_VALUE)];
    }),
  );
}

function same(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** By the epoch second that a period begins with; the start is inclusive, the end is not. */
function inPeriods(points: readonly MetricPoint[], from: number, to: number, period: number): Map<number, MetricPoint> {
  const periods = new Map<number, MetricPoint>();
  const first = Math.floor(from / period) * period;
  for (const point of points) {
    if (point.at < first || point.at >= to) continue;
    const at = Math.floor(point.at / period) * period;
    const known = periods.get(at);
    periods.set(at, known ? added(known, point) : { ...point, at });
  }
  return periods;
}

function added(a: MetricPoint, b: MetricPoint): MetricPoint {
  return {
    at: a.at,
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}

function valueOf(point: MetricPoint, statistic: Statistic): number {
  switch (statistic) {
    case 'SampleCount':
      return point.count;
    case 'Average':
      return point.sum / point.count;
    case 'Sum':
      return point.sum;
    case 'Minimum':
      return point.min;
    case 'Maximum':
      return point.max;
  }
}
