import { describe, expect, it } from 'vitest';
import { imported, importedValue } from '../foreign/fixture.js';

const on = { target: 'GET /cart' };
const redis = { hosts: ['127.0.0.1:6379'], direction: 'down' };

const withToxic = (toxic: object) => ({ name: 'redis', upstream: '127.0.0.1:6379', toxics: [toxic] });

describe('toxiproxy', () => {
  it('makes each toxic a fault on the connections to the upstream', () => {
    expect(imported('toxiproxy.json', on).experiment.faults).toEqual([
      { kind: 'http', params: { mode: 'latency', hosts: redis.hosts, latencyMs: 1000 }, rate: 50 },
      { kind: 'bandwidth', params: { kilobytesPerSecond: 32, ...redis, direction: 'up' } },
      { kind: 'cut', params: { how: 'late', delayMs: 2000, ...redis } },
      { kind: 'cut', params: { bytes: 0, delayMs: 3000, ...redis } },
      { kind: 'cut', params: { bytes: 0, how: 'reset', ...redis } },
      { kind: 'slicer', params: { averageSize: 64, sizeVariation: 32, delayMs: 10, ...redis } },
      { kind: 'cut', params: { bytes: 1024, ...redis } },
      { kind: 'network', params: { mode: 'refused', hosts: ['database.domain:3306'] } },
    ]);
  });

  it('tells of toxics of one’s own, and that nothing listens', () => {
    expect(imported('toxiproxy.json', on).told).toEqual([
      expect.stringContaining('[0].listen: nothing listens on [::]:22222'),
      expect.stringContaining('[0].toxics[0].attributes.latency: only HTTP requests are delayed'),
      expect.stringContaining('[0].toxics[0].attributes.jitter: every request is delayed by the same time'),
      expect.stringContaining('[0].toxics[7].type: "noise" is a toxic of your own'),
      expect.stringContaining('[1].listen: nothing listens on [::]:13306'),
    ]);
  });

  it('reads one proxy, and the map that the API answers', () => {
    const one = withToxic({ type: 'limit_data', attributes: { bytes: 5 } });
    const fault = { kind: 'cut', params: { bytes: 5, ...redis } };
    expect(importedValue(one, on).experiment.faults).toEqual([fault]);
    expect(importedValue({ redis: one }, { ...on, function: 'cart' }).experiment.faults).toEqual([
      { ...fault, function: 'cart' },
    ]);
  });

  it.each([
    ['bandwidth', { rate: 0 }, 'timeout', '0 KB/s lets nothing through'],
    ['timeout', { timeout: 0 }, 'timeout', 'stays silent; here it is never made'],
  ])('%s %j is a connection that is never made', (type, attributes, mode, why) => {
    const { experiment, told } = importedValue(withToxic({ type, attributes }), on);
    expect(experiment.faults).toEqual([{ kind: 'network', params: { mode, hosts: redis.hosts } }]);
    expect(told).toEqual([expect.stringContaining(why)]);
  });

  it.each([
    [withToxic({ type: 'latency', toxicity: 2 }), 'toxics[0].toxicity'],
    [withToxic({ type: 'latency', stream: 'sideways' }), 'toxics[0].stream'],
    [withToxic({ type: 'latency', toxicity: 0 }), 'no fault'],
    [withToxic({ type: 'slow_close', attributes: { delay: 0 } }), 'no fault'],
    [[{ upstream: 'a:1' }], 'no fault'],
  ])('refuses %j', (value, why) => {
    expect(() => importedValue(value, on)).toThrow(expect.objectContaining({ message: expect.stringContaining(why) }));
  });
});
