import { spawnSync } from 'node:child_process';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { dimensionsLabel, registerCustomMetrics } from './custom-exposition.js';
import { CustomMetrics } from './custom-metrics.js';
import { Hints } from './hints.js';

async function exposition(): Promise<string> {
  const clock = new VirtualClock();
  const metrics = new CustomMetrics(clock, new Hints(clock, () => undefined));
  metrics.put([
    {
      namespace: 'Shop/"Orders"',
      name: 'time',
      unit: 'Milliseconds',
      dimensions: { b: '2', a: 'x,y' },
      values: [3, 5],
    },
    { namespace: 'Shop', name: 'sold', unit: 'Count', dimensions: {}, values: [1] },
  ]);
  const registry = new Registry();
  registerCustomMetrics(registry, metrics);
  await registry.metrics();
  return registry.metrics();
}

describe('custom metrics for Prometheus', () => {
  it('have fixed names, with what CloudWatch tells apart in the labels', async () => {
    const labels = 'namespace="Shop/\\"Orders\\"",metric="time",unit="Milliseconds",dimensions="a=x\\\\,y,b=2"';
    const lines = (await exposition()).split('\n');
    for (const line of [
      '# TYPE faultline_custom_metric summary',
      `faultline_custom_metric_sum{${labels}} 8`,
      `faultline_custom_metric_count{${labels}} 2`,
      `faultline_custom_metric_min{${labels}} 3`,
      `faultline_custom_metric_max{${labels}} 5`,
      `faultline_custom_metric_last{${labels}} 5`,
      'faultline_custom_metric_count{namespace="Shop",metric="sold",unit="Count",dimensions=""} 1',
      'faultline_custom_values_dropped_total 0',
    ])
      expect(lines).toContain(line);
  });

  it('never have the same label for different dimensions', () => {
    const labels = [{ a: '1', b: '2' }, { a: '1,b=2' }, { 'a=1,b': '2' }, { a: '1\\', b: '2' }].map(dimensionsLabel);
    expect(new Set(labels).size).toBe(labels.length);
  });

  const found = spawnSync('promtool', ['--version']).error === undefined;
  it.skipIf(!found && process.env['CI'] !== 'true')('pass promtool check metrics', async () => {
    const input = await exposition();
    const { stdout, stderr, status } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
    expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
  });
});
