import { describe, expect, it } from 'vitest';
import { testEngine } from '../fixture.js';

const started = (params: Record<string, unknown>) => {
  const { engine, plan } = testEngine();
  const { summary } = engine.add({ kind: 'init', params });
  const planned = plan();
  return { summary, effect: planned?.start(), hits: planned?.hits };
};

describe('init', () => {
  it('throws, exits or hangs in the init of an instance of its own', () => {
    expect(started({ errorType: 'TypeError', message: 'no' }).effect).toMatchObject({
      delayMs: 0,
      fail: { how: 'throw', errorType: 'TypeError', message: 'no', tries: 2 },
    });
    expect(started({ mode: 'exit', exitCode: 3, tries: 1 }).effect?.fail).toMatchObject({
      how: 'exit',
      exitCode: 3,
      tries: 1,
    });
    expect(started({ mode: 'hang' }).effect?.fail).toMatchObject({ how: 'hang', tries: 2 });
  });

  it('tells the record what the caller sees', () => {
    const saw = (params: Record<string, unknown>) => started(params).hits?.map((hit) => [hit.where, hit.saw]);
    expect(saw({ errorType: 'TypeError' })).toEqual([['start of the instance', 'TypeError']]);
    expect(saw({ mode: 'exit' })).toEqual([['start of the instance', 'Runtime.ExitError']]);
    expect(saw({ mode: 'hang', tries: 1 })).toEqual([['start of the instance', 'Sandbox.Timedout at the first try']]);
  });

  it('fails in the way of the oldest fault, and counts that one alone', () => {
    const { engine, plan } = testEngine();
    engine.add({ kind: 'init', params: { mode: 'exit' } });
    engine.add({ kind: 'init', params: { mode: 'hang' } });
    const planned = plan();
    expect(planned?.start()?.fail?.how).toBe('exit');
    expect(planned?.hits.map(({ fault }) => fault)).toEqual(['init-1']);
    expect(engine.list().map(({ injected }) => injected)).toEqual([1, 0]);
  });

  it.each([
    { mode: 'crash' },
    { errorType: 'not a name' },
    { errorType: '' },
    { exitCode: 256 },
    { tries: 3 },
    { tries: 0 },
    { message: 7 },
  ])('refuses %o', (params) => {
    expect(() => testEngine().engine.add({ kind: 'init', params })).toThrow(/init: params\.\w+ is wrong/);
  });

  it('says what it does', () => {
    const all = [{}, { mode: 'exit', exitCode: 3 }, { mode: 'hang', tries: 1 }];
    expect(all.map((params) => started(params).summary)).toEqual([
      'init throws InjectedError',
      'init exits with 3',
      'init hangs, the first time',
    ]);
  });
});
