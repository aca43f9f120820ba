import { describe, expect, it } from 'vitest';
import { testEngine } from '../fixture.js';

/** What is let through of `count` invocations that come at once. */
function passing({ plan }: ReturnType<typeof testEngine>, count: number, name = 'counter'): number {
  return Array.from({ length: count }, () => plan(name)?.admit()).filter((ended) => ended === undefined).length;
}

describe('throttle', () => {
  it('lets a burst pass, and then as many as the rate allows', async () => {
    const bench = testEngine();
    bench.engine.add({ kind: 'throttle', params: { perSecond: 10, burst: 5 } });
    expect(passing(bench, 20)).toBe(5);
    await bench.clock.advance(99);
    expect(passing(bench, 20)).toBe(0);
    await bench.clock.advance(1);
    expect(passing(bench, 20)).toBe(1);
    await bench.clock.advance(300);
    expect(passing(bench, 20)).toBe(3);
    // What is not used is not saved up beyond the burst.
    await bench.clock.advance(60_000);
    expect(passing(bench, 20)).toBe(5);
  });

  it('throttles a steady stream down to its rate, over an hour', async () => {
    const bench = testEngine();
    bench.engine.add({ kind: 'throttle', params: { perSecond: 0.5, burst: 1 }, for: '2h' });
    let passed = 0;
    for (let second = 0; second < 3_600; second++) {
      passed += passing(bench, 1);
      await bench.clock.advance(1_000);
    }
    expect(passed).toBe(1_800);
  });

  it('counts every function by itself', () => {
    const bench = testEngine();
    bench.engine.add({ kind: 'throttle' });
    expect([passing(bench, 3, 'counter'), passing(bench, 3, 'orders')]).toEqual([1, 1]);
  });

  it('throttles all at 0 a second, also the first', async () => {
    const bench = testEngine();
    bench.engine.add({ kind: 'throttle', params: { perSecond: 0, burst: 10 } });
    await bench.clock.advance(60_000);
    expect(passing(bench, 20)).toBe(0);
  });

  it('answers what Lambda answers, and tells the record', () => {
    const { engine, plan } = testEngine();
    engine.add({ kind: 'throttle', params: { perSecond: 0 } });
    const planned = plan();
    const ended = planned?.admit();
    expect(ended).toMatchObject({ ok: false, kind: 'throttled', type: 'TooManyRequestsException' });
    expect(JSON.parse(ended?.payload.toString() ?? '')).toEqual({
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      Type: 'User',
      message: 'Rate Exceeded.',
    });
    expect(planned?.hits).toEqual([
      { fault: 'throttle-1', kind: 'throttle', where: 'at admission', saw: '429 TooManyRequestsException' },
    ]);
    expect(engine.list()[0]?.injected).toBe(1);
  });

  it.each([
    ['account', 'ConcurrentInvocationLimitExceeded'],
    ['scaleOut', 'FunctionInvocationRateLimitExceeded'],
  ])('gives the reason %s', (reason, told) => {
    const { engine, plan } = testEngine();
    engine.add({ kind: 'throttle', params: { perSecond: 0, reason } });
    expect(plan()?.admit()?.payload.toString()).toContain(told);
  });

  it('only lists what it would have throttled in a dry run, and no more than that', () => {
    const { engine, plan } = testEngine();
    engine.add({ kind: 'throttle', dryRun: true });
    const [first, second] = [plan(), plan()];
    expect([first?.admit(), second?.admit()]).toEqual([undefined, undefined]);
    expect(first?.hits).toEqual([]);
    expect(second?.hits).toMatchObject([{ fault: 'throttle-1', dryRun: true }]);
  });

  it('begins with a full bucket when it is switched on again', () => {
    const bench = testEngine();
    const { id } = bench.engine.add({ kind: 'throttle', params: { burst: 2 } });
    expect(passing(bench, 5)).toBe(2);
    bench.engine.setEnabled(id, false);
    expect(passing(bench, 5)).toBe(5);
    bench.engine.setEnabled(id, true);
    expect(passing(bench, 5)).toBe(2);
  });

  it.each([{ perSecond: -1 }, { burst: 0 }, { burst: 1.5 }, { reason: 'quota' }])('refuses %o', (params) => {
    expect(() => testEngine().engine.add({ kind: 'throttle', params })).toThrow(/throttle: params\.\w+ is wrong/);
  });

  it('refuses to go by an instance that there is not yet', () => {
    expect(() => testEngine().engine.add({ kind: 'throttle', match: { instance: 'i1' } })).toThrow(
      /throttle acts before there is an instance/,
    );
  });

  it('says what it does', () => {
    const { engine } = testEngine();
    const summaries = [{}, { perSecond: 0 }].map((params) => engine.add({ kind: 'throttle', params }).summary);
    expect(summaries).toEqual(['429 beyond 1 a second, 1 at once', 'throttles all (429)']);
  });
});
