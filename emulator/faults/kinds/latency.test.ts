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

  it('draws from a distribution, the same from the same seed, and never beyond its cap', async () => {
    const delays = async (params: Record<string, unknown>) => {
      const { engine, plan } = testEngine();
      engine.add({ kind: 'latency', params });
      const waited: number[] = [];
      for (let i = 0; i < 300; i++) {
        const wait = (ms: number) => Promise.resolve(waited.push(ms) > 0);
        await plan()?.run(wait, stillInstance, () => Promise.resolve({ ok: true, payload: Buffer.from('1') }));
      }
      return waited.toSorted((a, b) => a - b);
    };
    for (const distribution of ['uniform', 'normal', 'lognormal', 'pareto']) {
      const waited = await delays({ ms: 100, distribution, maxMs: 250 });
      expect(waited[0]).toBeGreaterThanOrEqual(0);
      expect(waited.at(-1)).toBeLessThanOrEqual(250);
      expect(Math.abs((waited[150] as number) - 100)).toBeLessThan(15);
      expect(await delays({ ms: 100, distribution, maxMs: 250 })).toEqual(waited);
    }
    const byTable = await delays({ distribution: 'percentiles', table: { 0: 40, 50: 100, 90: 500 } });
    expect(byTable[0]).toBeGreaterThanOrEqual(40);
    expect(byTable.at(-1)).toBe(500);
  });

  it('tells how long it was', async () => {
    const { plan, run, clock } = underFaults({ kind: 'latency', params: { ms: 120, when: 'after' } });
    void run();
    await clock.advance(200);
    expect(plan.hits).toMatchObject([{ where: 'after the handler', saw: '+120 ms' }]);
  });

  it.each([
    [{ distribution: 'uniform', ms: 50 }, '+50 ± 50 ms before the handler'],
    [{ distribution: 'lognormal', sigma: 0.8 }, '+800 ms (lognormal, sigma 0.8) before the handler'],
    [{ distribution: 'pareto', jitter: 5 }, '+800 ± 5 ms (pareto, shape 2) before the handler'],
    [{ distribution: 'percentiles' }, '+p50 100, p95 800, p99 3000 ms before the handler'],
  ])('says how it is drawn: %j', (params, summary) => {
    expect(testEngine().engine.add({ kind: 'latency', params }).summary).toBe(summary);
  });

  it.each([
    [{ table: { 50: 100, 99: 50 } }, 'params.table is wrong: does not rise'],
    [{ table: { half: 100 } }, 'params.table.half is wrong'],
    [{ table: {} }, 'params.table is wrong: has no percentile'],
    [{ distribution: 'gauss' }, 'params.distribution is wrong'],
    [{ sigma: 0 }, 'params.sigma is wrong'],
  ])('refuses %j', (params, message) => {
    expect(() => testEngine().engine.add({ kind: 'latency', params })).toThrow(message);
  });
});
