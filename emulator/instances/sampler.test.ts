import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { Sampler, type Meter, type Usage } from './sampler.js';

function make(costly = false) {
  const clock = new VirtualClock();
  const looks: number[] = [];
  const meter: Meter = {
    costly,
    measure: (processes) => {
      looks.push(clock.monotonic());
      return Promise.resolve(new Map(processes.map(({ pid }) => [pid, { cpu: 1, memoryMb: pid }])));
    },
  };
  const sampler = new Sampler(clock, meter);
  const state = { working: false, told: [] as Usage[], sampled: 0 };
  const instance = {
    pid: 7 as number | undefined,
    memoryLimitMb: 128,
    get working() {
      return state.working;
    },
    sample: (usage: Usage) => void state.told.push(usage),
  };
  const source = { processes: () => (instance.pid === undefined ? [] : [instance]), sampled: () => state.sampled++ };
  sampler.add(source);
  return { clock, sampler, looks, state, instance, source };
}

describe('the sampler', () => {
  it('looks every 250 ms while something works, once a second while nothing does', async () => {
    const { clock, sampler, looks, state } = make();
    state.working = true;
    sampler.hurry();
    await clock.advance(1_000);
    expect(looks).toEqual([250, 500, 750, 1_000]);
    state.working = false;
    await clock.advance(3_250);
    expect(looks.slice(4)).toEqual([1_250, 2_250, 3_250, 4_250]);
    expect(state.told[0]).toEqual({ cpu: 1, memoryMb: 7 });
    expect(state.sampled).toBe(looks.length);
  });

  it('looks sooner when something begins to work', async () => {
    const { clock, sampler, looks } = make();
    sampler.hurry();
    await clock.advance(300);
    sampler.hurry();
    await clock.advance(250);
    expect(looks).toEqual([250, 550]);
  });

  it('looks once a second where looking is costly', async () => {
    const { clock, sampler, looks, state } = make(true);
    state.working = true;
    sampler.hurry();
    await clock.advance(3_000);
    expect(looks).toEqual([1_000, 2_000, 3_000]);
  });

  it('rests while there is nothing, and when nobody is left', async () => {
    const { clock, sampler, looks, instance, source } = make();
    instance.pid = undefined;
    sampler.hurry();
    await clock.advance(5_000);
    expect([looks, clock.pending]).toEqual([[], 0]);
    instance.pid = 7;
    sampler.hurry();
    await clock.advance(250);
    expect(looks).toEqual([5_250]);
    sampler.remove(source);
    expect(clock.pending).toBe(0);
  });
});
