import { describe, expect, it } from 'vitest';
import { stillInstance, testEngine, underFaults } from '../fixture.js';

describe('latency', () => {
  it('waits before the handler', async () => {
    const { clock, run, trail } = underFaults({ kind: 'latency' });
    void run();
    await clock.advance(1_000);
    expect(trail).toEqual(['800 handler', '800 end']);
  });

  it('waits after the handler, when its effects are made', async () => {
    const { clock, run, trail } = underFaults({ kind: 'latency', params: { ms: 250, when: 'after' } });
    void run();
    await clock.advance(1_000);
    expect(trail).toEqual(['0 handler', '250 end']);
  });

  it('draws its jitter evenly on both sides, the same from the same seed', async () => {
    const delays = async () => {
      const { clock, engine, plan } = testEngine();
      engine.add({ kind: 'latency', params: { ms: 100, jitter: 40 } });
      const waited: number[] = [];
      for (let i = 0; i < 400; i++) {
        const wait = (ms: number) => Promise.resolve(waited.push(ms) > 0);
        await plan()?.run(wait, stillInstance, () => Promise.resolve({ ok: true, payload: Buffer.from('1') }));
      }
      expect(clock.pending).toBe(1);
      return waited;
    };
    const waited = await delays();
    expect(Math.min(...waited)).toBeGreaterThanOrEqual(60);
    expect(Math.max(...waited)).toBeLessThanOrEqual(140);
    expect(waited.reduce((sum, ms) => sum + ms, 0) / waited.length).toBeCloseTo(100, -1);
    expect(new Set(waited).size).toBeGreaterThan(390);
    expect(await delays()).toEqual(waited);
  });

  it('lets an invocation go as soon as it is cleared', async () => {
    const { clock, engine, ids, run, trail } = underFaults({ kind: 'latency', params: { ms: 60_000 } });
    void run();
    await clock.advance(500);
    engine.remove(ids[0] as string);
    await clock.advance(0);
    expect(trail).toEqual(['500 handler', '500 end']);
  });

  it('says what it does', () => {
    const { engine } = testEngine();
    expect(engine.add({ kind: 'latency' }).summary).toBe('+800 ms before the handler');
    expect(engine.add({ kind: 'latency', params: { ms: 50, jitter: 10, when: 'after' } }).summary).toBe(
      '+50 ± 10 ms after the handler',
    );
  });
});
