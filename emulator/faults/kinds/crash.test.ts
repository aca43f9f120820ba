import { describe, expect, it } from 'vitest';
import { testEngine, underFaults } from '../fixture.js';

describe('crash', () => {
  it('kills the process before the handler', () => {
    const { plan, engine } = underFaults({ kind: 'crash' });
    expect(plan.effects).toEqual([{ type: 'crash', when: 'before', how: { signal: 'SIGKILL' } }]);
    expect(engine.list()[0]?.summary).toBe('SIGKILL before the handler');
  });

  it('can exit with a status, after the handler', () => {
    const { plan, engine } = underFaults({ kind: 'crash', params: { how: 'exit', exitCode: 127, when: 'after' } });
    expect(plan.effects).toEqual([{ type: 'crash', when: 'after', how: { exitCode: 127 } }]);
    expect(engine.list()[0]?.summary).toBe('exit 127 after the handler');
  });

  it('refuses a status that no process has', () => {
    const add = () => testEngine().engine.add({ kind: 'crash', params: { exitCode: 256 } });
    expect(add).toThrow('crash: params.exitCode is wrong');
  });
});
