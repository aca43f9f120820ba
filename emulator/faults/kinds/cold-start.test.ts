import { describe, expect, it } from 'vitest';
import { testEngine } from '../fixture.js';

describe('cold-start', () => {
  it('has the invocation start an instance of its own, and tells the record', () => {
    const { engine, plan } = testEngine();
    engine.add({ kind: 'cold-start', params: { delayMs: 800 } });
    const planned = plan();
    expect(planned?.admit()).toBeUndefined();
    expect(planned?.start()).toMatchObject({ delayMs: 800 });
    expect(planned?.hits).toEqual([
      {
        fault: 'cold-start-1',
        kind: 'cold-start',
        where: 'start of the instance',
        saw: 'a cold start, +800 ms of init',
      },
    ]);
    expect(engine.list()[0]?.injected).toBe(1);
  });

  it('adds up with others, and with an init that fails', () => {
    const { engine, plan } = testEngine();
    engine.add({ kind: 'cold-start', params: { delayMs: 800 } });
    engine.add({ kind: 'cold-start', params: { delayMs: 200 } });
    engine.add({ kind: 'init', params: { mode: 'hang' } });
    expect(plan()?.start()).toMatchObject({ delayMs: 1_000, fail: { how: 'hang', tries: 2 } });
  });

  it('starts nothing in a dry run, and counts', () => {
    const { engine, plan } = testEngine();
    engine.add({ kind: 'cold-start', dryRun: true });
    const planned = plan();
    expect(planned?.start()).toBeUndefined();
    planned?.reached({ id: 'i1', pid: 1, pause() {}, resume() {}, kill() {} }, 1);
    expect(planned?.hits).toEqual([{ fault: 'cold-start-1', kind: 'cold-start', dryRun: true }]);
  });

  it.each([{ delayMs: -1 }, { delayMs: 900_001 }, { delayMs: '1s' }, { delay: 5 }])('refuses %o', (params) => {
    expect(() => testEngine().engine.add({ kind: 'cold-start', params })).toThrow(/delay/);
  });

  it('refuses to go by the instance that it has start', () => {
    expect(() => testEngine().engine.add({ kind: 'cold-start', match: { version: 1 } })).toThrow(
      /cold-start acts before there is an instance/,
    );
  });

  it('says what it does', () => {
    const { engine } = testEngine();
    const summaries = [{}, { delayMs: 0 }].map((params) => engine.add({ kind: 'cold-start', params }).summary);
    expect(summaries).toEqual(['starts a new instance, +1000 ms of init', 'starts a new instance']);
  });
});
