import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../instances/types.js';
import { createFaultEngine } from '../engine.js';
import { testEngine, underFaults } from '../fixture.js';
import { VirtualClock } from '../../../test/support/virtual-clock.js';

const killed: RunResult = {
  ok: false,
  kind: 'exit',
  type: 'Runtime.ExitError',
  message: 'RequestId: r Error: Runtime exited with error: signal: killed',
  payload: Buffer.alloc(0),
};

describe('memory', () => {
  it('is held during the invocation', async () => {
    const { plan, run, engine } = underFaults({ kind: 'memory', params: { mb: 32 } });
    expect(plan.effects).toEqual([{ type: 'memory', fault: 'memory-1', mode: 'pressure', mb: 32, heap: false }]);
    expect(engine.list()[0]?.summary).toBe('32 MB held');
    await run();
    expect(plan.hits).toEqual([{ fault: 'memory-1', kind: 'memory', where: 'the whole run', saw: '32 MB less' }]);
  });

  it('or runs out, which the record tells as its caller sees it', async () => {
    const { plan, run, engine } = underFaults({ kind: 'memory', params: { mode: 'oom', heap: true } });
    expect(engine.list()[0]?.summary).toBe('out of memory in the heap');
    await run(killed);
    expect(plan.hits).toEqual([{ fault: 'memory-1', kind: 'memory', where: 'the whole run', saw: 'signal: killed' }]);
  });

  it('refuses nothing to hold, and functions that have no hooks', () => {
    expect(() => testEngine().engine.add({ kind: 'memory', params: { mb: 0 } })).toThrow('memory: params.mb is wrong');
    const functions = () => [{ name: 'rust', runtime: 'provided', routes: [] } as const];
    const engine = createFaultEngine({ clock: new VirtualClock(), seed: 's', functions });
    expect(() => engine.add({ kind: 'memory' })).toThrow('memory cannot reach rust');
  });
});
