import { describe, expect, it } from 'vitest';
import { delay } from '../../clock.js';
import type { RunResult } from '../../instances/types.js';
import { fine, stillInstance, testEngine, underFaults, underFaultsOn } from '../fixture.js';

/** A process that tells of its end, and an invocation under a crash that takes `takesMs`. */
function during(params: Record<string, unknown>, takesMs: number) {
  const kills: (string | undefined)[] = [];
  let end: (result: RunResult) => void = () => undefined;
  const killed = new Promise<RunResult>((resolve) => (end = resolve));
  const instance = {
    ...stillInstance,
    kill: (reason?: string) => {
      kills.push(reason);
      end({ ok: false, kind: 'exit', type: 'Runtime.ExitError', message: '', payload: Buffer.alloc(0) });
    },
  };
  const made = underFaultsOn(instance, { kind: 'crash', params: { when: 'during', ...params } });
  const running = made.run(Promise.race([killed, delay(made.clock, takesMs).then(() => fine)]));
  return { ...made, kills, running };
}

describe('crash', () => {
  it('kills the process before the handler', () => {
    const { plan, engine } = underFaults({ kind: 'crash' });
    expect(plan.effects).toEqual([{ type: 'crash', when: 'before', how: { signal: 'SIGKILL' } }]);
    expect(engine.list()[0]?.summary).toBe('SIGKILL before the handler');
  });

  it('can exit with a status, after the handler', async () => {
    const { plan, engine, run } = underFaults({ kind: 'crash', params: { how: 'exit', exitCode: 127, when: 'after' } });
    expect(plan.effects).toEqual([{ type: 'crash', when: 'after', how: { exitCode: 127 } }]);
    expect(engine.list()[0]?.summary).toBe('exit 127 after the handler');
    await run();
    expect(plan.hits).toEqual([{ fault: 'crash-1', kind: 'crash', where: 'after the handler' }]);
  });

  it('counts only when it is the one that ends the invocation', async () => {
    const { plan, run } = underFaults({ kind: 'exception' }, { kind: 'crash', params: { when: 'after' } });
    await run();
    expect(plan.hits.map(({ kind }) => kind)).toEqual(['exception']);
  });

  it('refuses a status that no process has', () => {
    const add = () => testEngine().engine.add({ kind: 'crash', params: { exitCode: 256 } });
    expect(add).toThrow('crash: params.exitCode is wrong');
  });
});

describe('crash during the handler', () => {
  it('kills from outside, ms after it began', async () => {
    const { clock, kills, plan, running, engine } = during({ ms: 250 }, 1_000);
    expect(plan.effects).toEqual([]);
    await clock.advance(249);
    expect([kills, plan.hits]).toEqual([[], []]);
    await clock.advance(1);
    expect(kills).toEqual([undefined]);
    expect(await running).toMatchObject({ ok: false, kind: 'exit' });
    expect(plan.hits).toEqual([
      { fault: 'crash-1', kind: 'crash', where: '250 ms after the handler began', saw: 'SIGKILL' },
    ]);
    expect(engine.list()[0]).toMatchObject({ injected: 1, summary: 'SIGKILL 250 ms after the handler began' });
  });

  it.each([
    [3, 'Runtime exited with error: exit status 3'],
    [0, 'Runtime exited without providing a reason'],
  ])('tells the caller of an exit with %i', async (exitCode, text) => {
    const { clock, kills } = during({ how: 'exit', exitCode }, 1_000);
    await clock.advance(100);
    expect(kills).toEqual([text]);
  });

  it('hits nobody who has answered by then, and nobody once it has ended', async () => {
    const quick = during({ ms: 250 }, 10);
    await quick.clock.advance(10);
    expect(await quick.running).toBe(fine);
    await quick.clock.advance(1_000);
    expect([quick.kills, quick.plan.hits, quick.engine.list()[0]?.injected]).toEqual([[], [], 0]);
    const cleared = during({ ms: 250 }, 500);
    cleared.engine.clear();
    await cleared.clock.advance(500);
    expect([cleared.kills, await cleared.running, cleared.clock.pending]).toEqual([[], fine, 0]);
  });
});
