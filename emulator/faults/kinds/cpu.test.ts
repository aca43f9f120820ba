import { describe, expect, it } from 'vitest';
import { delay } from '../../clock.js';
import { fine, stillInstance, testEngine, underFaultsOn } from '../fixture.js';

/** A process that notes when it is stopped and when it goes on. */
function starved(params: Record<string, unknown> = {}) {
  const signals: string[] = [];
  const at = (): string => String(made.clock.monotonic());
  const instance = {
    ...stillInstance,
    pause: () => void signals.push(`stop ${at()}`),
    resume: () => void signals.push(`go on ${at()}`),
  };
  const made = underFaultsOn(instance, { kind: 'cpu', params, for: '1m' });
  return { ...made, signals };
}

describe('cpu', () => {
  it('lets the process run for its share of every period, and go on at the end', async () => {
    const { run, clock, signals, plan, engine } = starved({ share: 25, periodMs: 200 });
    const running = run(delay(clock, 420).then(() => fine));
    await clock.advance(1_000);
    expect(await running).toBe(fine);
    expect(signals).toEqual(['stop 0', 'go on 150', 'stop 200', 'go on 350', 'stop 400', 'go on 420']);
    expect(plan.hits).toEqual([{ fault: 'cpu-1', kind: 'cpu', where: 'the whole run', saw: 'stopped for 320 ms' }]);
    expect(engine.list()[0]).toMatchObject({ injected: 1, summary: '25 % of the CPU, in periods of 200 ms' });
  });

  it('leaves a process that runs as it is, and no timer behind', async () => {
    const { run, clock, signals, engine } = starved({ share: 50 });
    const running = run(delay(clock, 70).then(() => fine));
    await clock.advance(70);
    await running;
    engine.clear();
    await clock.advance(10_000);
    expect([signals, clock.pending]).toEqual([['stop 0', 'go on 50'], 0]);
  });

  it('ends at once when the fault ends, in the middle of the run', async () => {
    const { run, clock, signals, engine } = starved();
    const running = run(delay(clock, 5_000).then(() => fine));
    await clock.advance(30);
    engine.clear();
    await clock.advance(5_000);
    await running;
    expect(signals).toEqual(['stop 0', 'go on 30']);
  });

  it('lets go when the run fails, whatever it fails with', async () => {
    const { run, signals } = starved();
    await expect(run(Promise.reject(new Error('the deadline')))).rejects.toThrow('the deadline');
    expect(signals).toEqual(['stop 0', 'go on 0']);
  });

  it('is refused where processes cannot be stopped, and for a share that is none', () => {
    const { engine } = testEngine('seed', 'win32');
    expect(() => engine.add({ kind: 'cpu' })).toThrow('cpu cannot be realised on this machine: Windows has no signals');
    for (const share of [0, 100]) {
      expect(() => testEngine().engine.add({ kind: 'cpu', params: { share } })).toThrow('cpu: params.share is wrong');
    }
  });
});
