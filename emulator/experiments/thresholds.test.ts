import { describe, expect, it } from 'vitest';
import { expectationSchema } from '../contract/expectations.js';
import { thresholdCheck, thresholdsOf } from './thresholds.js';
import type { Sample } from './types.js';

const samples: Sample[] = [10, 20, 30, 40, 100].map((latencyMs, i) => ({
  latencyMs,
  dueAt: i * 100,
  status: latencyMs === 100 ? 500 : 200,
}));

function check(metric: string, threshold: string, of = samples): [boolean, string] {
  const [one] = thresholdsOf(expectationSchema.parse({ thresholds: { [metric]: [threshold] } }));
  if (!one) throw new Error('no threshold');
  const { passed, measured } = thresholdCheck(one, 'during', of, 2_000);
  return [passed, measured];
}

describe('a threshold, in k6’s grammar', () => {
  it.each([
    ['latency', 'p(95)<500', true, '100 ms'],
    ['http_req_duration', 'p(50) < 30', false, '30 ms'],
    ['latency', 'p(99.9)<=100', true, '100 ms'],
    ['latency', 'med==30', true, '30 ms'],
    ['latency', 'avg===40', true, '40 ms'],
    ['latency', 'min>10', false, '10 ms'],
    ['latency', 'max>=100', true, '100 ms'],
    ['latency', 'count>4', true, '5'],
    ['errors', 'rate<0.2', false, '0.2'],
    ['http_req_failed', 'rate<=0.2', true, '0.2'],
    ['errors', 'count!=1', false, '1'],
    ['requests', 'count>=5', true, '5'],
    ['http_reqs', 'rate>2', true, '2.5 a second'],
  ])('%s: %s', (metric, threshold, passed, measured) => {
    expect(check(metric, threshold)).toEqual([passed, measured]);
  });

  it('is 0 without a request', () => {
    expect(check('errors', 'rate<0.1', [])).toEqual([true, '0']);
    expect(check('latency', 'avg<1', [])).toEqual([true, '0 ms']);
  });

  it.each(['p95<500', 'p(101)<5', 'p(95)', 'p(95)<x', 'mean<5', 'p(95)<500ms'])('%s is none', (threshold) => {
    expect(() => check('latency', threshold)).toThrow(/not a threshold; write for example p\(95\)<500/);
  });
});
