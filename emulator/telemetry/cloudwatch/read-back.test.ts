import { describe, expect, it } from 'vitest';
import type { CustomSeries, MetricPoint } from '../types.js';
import { metricStatistics } from './get-metric-statistics.js';
import { listMetrics } from './list-metrics.js';

const T = 1_700_000_100;

function series(change: Partial<CustomSeries> = {}, points: readonly MetricPoint[] = []): CustomSeries {
  return {
    ...{ namespace: 'Shop', name: 'time', unit: 'None', dimensions: {} },
    ...{ count: 1, sum: 1, min: 1, max: 1, last: 1, functions: [] },
    points: () => points,
    ...change,
  };
}
const message = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

describe('ListMetrics', () => {
  const all = [
    series(),
    series({ unit: 'Count' }),
    series({ namespace: 'Other' }),
    series({ name: 'sold', dimensions: { service: 'orders', size: '7' } }),
  ];
  const names = (input: object): unknown =>
    (listMetrics({ ...input }, all)['Metrics'] as { Namespace: string; MetricName: string }[]).map(
      ({ Namespace, MetricName }) => `${Namespace}/${MetricName}`,
    );

  it('filters by namespace, name and dimensions; units are no metrics of their own', () => {
    expect(names({})).toEqual(['Shop/time', 'Other/time', 'Shop/sold']);
    expect(names({ Namespace: 'Shop', MetricName: 'time' })).toEqual(['Shop/time']);
    expect(names({ Dimensions: [{ Name: 'size' }] })).toEqual(['Shop/sold']);
    expect(names({ Dimensions: [{ Name: 'size', Value: '8' }] })).toEqual([]);
  });

  it('has pages of 500', () => {
    const many = Array.from({ length: 501 }, (_, i) => series({ name: String(i) }));
    const first = listMetrics({}, many);
    expect(first['Metrics']).toHaveLength(500);
    const second = listMetrics({ NextToken: first['NextToken'] }, many);
    expect(second).toEqual({ Metrics: [{ Namespace: 'Shop', MetricName: '500', Dimensions: [] }] });
    expect(message(() => listMetrics({ NextToken: 'x' }, many))).toContain('NextToken is invalid');
  });
});

describe('GetMetricStatistics', () => {
  const points = [
    { at: T, count: 2, sum: 4, min: 1, max: 3 },
    { at: T + 30, count: 1, sum: 10, min: 10, max: 10 },
    { at: T + 60, count: 1, sum: 7, min: 7, max: 7 },
  ];
  const all = [
    series({}, points),
    series({ dimensions: { a: '1' } }, points),
    series({ unit: 'Count' }, points.slice(2)),
  ];
  const input = {
    ...{ Namespace: 'Shop', MetricName: 'time', Unit: 'None', Period: 60 },
    ...{ StartTime: T, EndTime: T + 61, Statistics: ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] },
  };

  it('adds up by period, the end not included', () => {
    const point = (at: number, [SampleCount, Average, Sum, Minimum, Maximum]: number[]) => ({
      Timestamp: new Date(at * 1_000),
      ...{ SampleCount, Average, Sum, Minimum, Maximum, Unit: 'None' },
    });
    expect(T % 60).toBe(0);
    expect(metricStatistics(input, all)).toEqual({
      Label: 'time',
      Datapoints: [point(T, [3, 14 / 3, 14, 1, 10]), point(T + 60, [1, 7, 7, 7, 7])],
    });
    expect(metricStatistics({ ...input, EndTime: T + 60 }, all)['Datapoints']).toHaveLength(1);
    expect(metricStatistics({ ...input, StartTime: T + 59 }, all)['Datapoints']).toHaveLength(2);
  });

  it('is of exactly these dimensions, and of every unit unless one is asked for', () => {
    const count = (change: object): number =>
      (metricStatistics({ ...input, ...change }, all)['Datapoints'] as unknown[]).length;
    expect(count({ Unit: undefined })).toBe(3);
    expect(count({ Dimensions: [{ Name: 'a', Value: '1' }] })).toBe(2);
    expect(count({ Dimensions: [{ Name: 'a', Value: '2' }] })).toBe(0);
  });

  it.each([
    ['Namespace is required', { Namespace: undefined }],
    ['Period is required', { Period: undefined }],
    ['Period must be', { Period: 61 }],
    ['StartTime is required', { StartTime: undefined }],
    ['StartTime must be less', { StartTime: T + 61 }],
    ['exceeds the limit', { StartTime: 0 }],
    ['specify either Statistics', { Statistics: [] }],
    ['must be a value in the set', { Statistics: ['p99'] }],
    ['keeps no percentiles', { ExtendedStatistics: ['p99'] }],
  ])('is refused: %s', (reason, change) => {
    expect(message(() => metricStatistics({ ...input, ...change }, all))).toContain(reason);
  });
});
