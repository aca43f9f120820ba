import { describe, expect, it } from 'vitest';
import { stillInstance, testEngine } from '../fixture.js';

describe('bandwidth', () => {
  it('says what it does, and leads connections to the proxy', async () => {
    const { engine, plan } = testEngine();
    const { summary } = await engine.addPrepared({ kind: 'bandwidth', params: { hosts: ['db:5432'] } });
    expect(summary).toBe('connections to db:5432: 16 KB/s');
    const effects = plan()?.effects;
    expect(effects).toEqual([
      { type: 'proxy', fault: 'bandwidth-1', hosts: ['db:5432'], port: expect.any(Number), saw: '16 KB/s' },
    ]);
    engine.dispose();
  });

  it('says which direction it is for', () => {
    const { engine } = testEngine();
    const summary = (direction: string) =>
      engine.add({ kind: 'bandwidth', params: { kilobytesPerSecond: 0.5, direction } }).summary;
    expect(summary('up')).toBe('connections to every host: 0.5 KB/s, what is sent');
    expect(summary('both')).toBe('connections to every host: 0.5 KB/s, both ways');
  });

  it('is no hit while nothing connects, also when another fault’s connection is reported', async () => {
    const { engine, plan } = testEngine();
    await engine.addPrepared({ kind: 'bandwidth' });
    const planned = plan();
    planned?.reached(stillInstance, 1);
    await planned?.run(
      () => Promise.resolve(true),
      stillInstance,
      () => {
        planned.operation({ kind: 'connect', target: 'db:5432', at: 1, fault: 'bandwidth-1' });
        return Promise.resolve({ ok: true, payload: Buffer.from('1') });
      },
    );
    expect(planned?.hits).toEqual([]);
    engine.dispose();
  });

  it.each([{ kilobytesPerSecond: 0 }, { direction: 'sideways' }, { hosts: ['https://example.com/'] }])(
    'refuses %j',
    (params) => {
      expect(() => testEngine().engine.add({ kind: 'bandwidth', params })).toThrow(
        `params.${Object.keys(params)[0] ?? ''}`,
      );
    },
  );
});
