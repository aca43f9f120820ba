import { describe, expect, it } from 'vitest';
import { stillInstance, subject, testEngine, underFaults } from '../fixture.js';

describe('clock', () => {
  it('is an hour ahead unless told otherwise', async () => {
    const { plan, run, engine } = underFaults({ kind: 'clock' });
    expect(plan.effects).toEqual([{ type: 'clock', fault: 'clock-1', offsetMs: 3_600_000, speed: 1, clocks: 'all' }]);
    expect(engine.list()[0]?.summary).toBe('clock +3600 s');
    await run();
    expect(plan.hits).toEqual([{ fault: 'clock-1', kind: 'clock', where: 'the whole run', saw: '+3600 s' }]);
  });

  it('can be behind, and dates alone', () => {
    const { plan, engine } = underFaults({ kind: 'clock', params: { skewMs: -1_500, clocks: 'wall' } });
    expect(plan.effects).toEqual([{ type: 'clock', fault: 'clock-1', offsetMs: -1_500, speed: 1, clocks: 'wall' }]);
    expect(engine.list()[0]?.summary).toBe('clock −1.5 s');
  });

  it('gains from one invocation to the next when it is too fast, until the fault ends', async () => {
    const { clock, engine } = testEngine();
    const offset = (number: number): unknown => {
      const plan = engine.plan(subject({ number }));
      plan?.reached(stillInstance, 1);
      return plan?.effects.map((effect) => 'offsetMs' in effect && effect.offsetMs);
    };
    const { id } = engine.add({ kind: 'clock', params: { skewMs: 0, speed: 1.5 } });
    await clock.advance(5_000);
    expect(offset(1)).toEqual([0]);
    await clock.advance(60_000);
    expect(offset(2)).toEqual([30_000]);
    expect(engine.list()[0]?.summary).toBe('clock +0 s, 1.5 times as fast as it should be');
    engine.setEnabled(id, false);
    engine.setEnabled(id, true);
    expect(offset(3)).toEqual([0]);
  });

  it('refuses a clock that stands still', () => {
    expect(() => testEngine().engine.add({ kind: 'clock', params: { speed: 0 } })).toThrow(
      'clock: params.speed is wrong',
    );
  });
});
