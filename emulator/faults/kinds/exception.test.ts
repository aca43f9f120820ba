import { describe, expect, it } from 'vitest';
import { testEngine, underFaults } from '../fixture.js';

describe('exception', () => {
  it('makes the handler throw an error of our own', () => {
    expect(underFaults({ kind: 'exception' }).plan.effects).toEqual([
      { type: 'throw', when: 'before', errorType: 'InjectedError', message: 'Injected by Faultline' },
    ]);
  });

  it('throws what it is told to, after the handler', () => {
    const params = { errorType: 'aws.ThrottlingException', message: 'slow down', when: 'after' };
    const { plan, engine } = underFaults({ kind: 'exception', params });
    expect(plan.effects).toEqual([{ type: 'throw', ...params }]);
    expect(engine.list()[0]?.summary).toBe('throws aws.ThrottlingException after the handler');
  });

  it('counts when the instance is reached', async () => {
    const { plan, run, engine } = underFaults({ kind: 'exception' });
    expect(plan.hits).toEqual([]);
    await run();
    expect(plan.hits).toEqual([{ fault: 'exception-1', kind: 'exception', where: 'before the handler' }]);
    expect(engine.list()[0]).toMatchObject({ matched: 1, injected: 1 });
  });

  it('refuses a type that no class can be called', () => {
    const add = () => testEngine().engine.add({ kind: 'exception', params: { errorType: 'Not A Name' } });
    expect(add).toThrow('params.errorType is wrong: not a class name');
  });
});
