import { describe, expect, it } from 'vitest';
import { delay } from '../../clock.js';
import { fine, stillInstance, underFaults, underFaultsOn } from '../fixture.js';

/** A process that notes when it is stopped and when it goes on. */
function stopped(when: 'before' | 'after') {
  const signals: string[] = [];
  const instance = {
    ...stillInstance,
    pause: () => void signals.push(`stop ${String(made.clock.monotonic())}`),
    resume: () => void signals.push(`go on ${String(made.clock.monotonic())}`),
  };
  const made = underFaultsOn(instance, { kind: 'hang', params: { mode: 'stopped', when }, for: '1m' });
  return { ...made, signals };
}

describe('hang', () => {
  it('waits for ever before the handler', () => {
    expect(underFaults({ kind: 'hang' }).plan.effects).toEqual([{ type: 'hang', mode: 'idle', when: 'before' }]);
  });

  it('can block the event loop, after the handler', () => {
    const { plan, engine } = underFaults({ kind: 'hang', params: { mode: 'busy', when: 'after' } });
    expect(plan.effects).toEqual([{ type: 'hang', mode: 'busy', when: 'after' }]);
    expect(engine.list()[0]?.summary).toBe('hangs (busy) after the handler');
  });
});

describe('hang of a stopped process', () => {
  it('stops it before the handler is called, and lets it go on when the run has ended', async () => {
    const { plan, run, clock, signals } = stopped('before');
    expect(plan.effects).toEqual([]);
    const running = run(delay(clock, 3_000).then(() => fine));
    expect(signals).toEqual(['stop 0']);
    await clock.advance(3_000);
    await running;
    expect(signals).toEqual(['stop 0', 'go on 3000']);
    expect(plan.hits).toEqual([{ fault: 'hang-1', kind: 'hang', where: 'before the handler', saw: 'SIGSTOP' }]);
  });

  it('lets it go on as soon as the fault ends, once', async () => {
    const { run, clock, signals, engine } = stopped('before');
    const running = run(delay(clock, 3_000).then(() => fine));
    await clock.advance(500);
    engine.clear();
    await clock.advance(3_000);
    await running;
    expect(signals).toEqual(['stop 0', 'go on 500']);
  });

  it('holds back the answer of a handler that has run', async () => {
    const { run, clock, signals, engine } = stopped('after');
    const running = run(fine);
    await clock.advance(700);
    engine.clear();
    expect(await running).toBe(fine);
    expect(signals).toEqual(['stop 0', 'go on 700']);
  });

  it('does nothing to one that has ended by itself', async () => {
    const { run, signals } = stopped('after');
    await run({ ok: false, kind: 'exit', type: 'Runtime.ExitError', message: '', payload: Buffer.alloc(0) });
    expect(signals).toEqual([]);
  });
});
