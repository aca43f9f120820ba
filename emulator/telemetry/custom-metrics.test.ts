import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import type { CustomMetric } from '../contract/records.js';
import { CustomMetrics, MAX_SERIES } from './custom-metrics.js';
import { Hints } from './hints.js';

function started() {
  const clock = new VirtualClock();
  const log: string[] = [];
  return { clock, log, metrics: new CustomMetrics(clock, new Hints(clock, (message) => log.push(message))) };
}

function metric(change: Partial<CustomMetric> = {}): CustomMetric {
  return { namespace: 'Shop', name: 'time', unit: 'Milliseconds', dimensions: {}, values: [1], ...change };
}

describe('custom metrics', () => {
  it('add up values, values with counts, and statistics', () => {
    const { metrics, clock } = started();
    metrics.put([metric({ values: [5, -1] })]);
    metrics.put([metric({ values: [10, 20], counts: [3, 0.5] })]);
    metrics.put([metric({ values: [], statistics: { count: 4, sum: 8, min: -7, max: 6 } })]);
    const [series] = metrics.list();
    expect(series).toMatchObject({ count: 9.5, sum: 52, min: -7, max: 20, last: 2 });
    expect(series?.points()).toEqual([{ at: Math.floor(clock.now() / 1_000), count: 9.5, sum: 52, min: -7, max: 20 }]);
  });

  it('are told apart by namespace, name, unit and dimensions in any order', () => {
    const { metrics } = started();
    metrics.put([
      metric(),
      metric({ namespace: 'Other' }),
      metric({ name: 'other' }),
      metric({ unit: 'None' }),
      metric({ dimensions: { a: '1', b: '2' } }),
      metric({ dimensions: { b: '2', a: '1' } }),
      metric({ dimensions: { a: '1,b=2' } }),
    ]);
    expect(metrics.list().map(({ count }) => count)).toEqual([1, 1, 1, 1, 2, 1]);
  });

  it('are put where their time says', () => {
    const { metrics, clock } = started();
    const now = clock.now();
    metrics.put([metric({ at: now - 60_000, values: [6] })]);
    metrics.put([metric({ at: now - 3_600_000, values: [7] }), metric({ values: [8] })]);
    const [series] = metrics.list();
    expect(series).toMatchObject({ count: 3, last: 8 });
    const second = Math.floor(now / 1_000);
    expect(series?.points().map(({ at, sum }) => [at - second, sum])).toEqual([
      [-60, 6],
      [0, 8],
    ]);
  });

  it('know who sent them, where it is known', () => {
    const { metrics } = started();
    metrics.put([metric()], { function: 'orders' });
    metrics.put([metric()]);
    metrics.put([metric()], { function: 'stock' });
    expect(metrics.list()[0]?.functions).toEqual(['orders', 'stock']);
  });

  it('are bounded: new ones beyond 1000 are dropped and counted, the known ones go on; told once', () => {
    const { metrics, log } = started();
    for (let i = 0; i < MAX_SERIES + 5; i++) metrics.put([metric({ dimensions: { id: String(i) }, values: [1, 2] })]);
    metrics.put([metric({ dimensions: { id: '0' } })]);
    expect(metrics.list()).toHaveLength(MAX_SERIES);
    expect(metrics.list()[0]?.count).toBe(3);
    expect(metrics.dropped).toBe(10);
    expect(log).toEqual([expect.stringContaining('More than 1000 custom metrics')]);
  });

  it('ignore what has no value', () => {
    const { metrics } = started();
    metrics.put([metric({ values: [] }), metric({ values: [1], counts: [0] })]);
    expect(metrics.list()).toEqual([]);
  });
});
