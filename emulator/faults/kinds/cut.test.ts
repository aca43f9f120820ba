import { describe, expect, it } from 'vitest';
import { testEngine } from '../fixture.js';

describe('cut', () => {
  const summary = (params: Record<string, unknown>) => testEngine().engine.add({ kind: 'cut', params }).summary;

  it('says what it does', () => {
    expect(summary({})).toBe('connections to every host: close after 1000 bytes');
    expect(summary({ how: 'reset', bytes: 0, delayMs: 500 })).toBe(
      'connections to every host: reset after 0 bytes and 500 ms',
    );
    expect(summary({ how: 'late', delayMs: 500, hosts: ['db'] })).toBe('connections to db: end 500 ms late');
  });

  it('does not tell the operation what may never come', async () => {
    const { engine, plan } = testEngine();
    await engine.addPrepared({ kind: 'cut' });
    expect(plan()?.effects).toEqual([{ type: 'proxy', fault: 'cut-1', hosts: [], port: expect.any(Number) }]);
    engine.dispose();
  });

  it('refuses to be late by nothing', () => {
    expect(() => summary({ how: 'late' })).toThrow('params.delayMs is wrong: must be above 0');
  });
});
