import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { Demand } from './demand.js';

function make(windowMs = 60_000) {
  const clock = new VirtualClock();
  const state = { busy: 0, serving: true, loaded: false, entered: 0, left: 0, grown: 0 };
  const demand = new Demand(
    clock,
    windowMs,
    { busy: () => state.busy, serving: () => state.serving, loaded: () => state.loaded, waited: state },
    () => state.grown++,
  );
  const wait = (count: number): void => {
    state.entered += count;
    demand.watch();
  };
  return { clock, state, demand, wait };
}

describe('demand', () => {
  it('is who runs and who has waited for more than 50 ms', async () => {
    const { clock, state, demand, wait } = make();
    state.busy = 4;
    wait(46);
    await clock.advance(49);
    expect(demand.wanted).toBe(0);
    await clock.advance(50);
    expect([demand.wanted, state.grown]).toEqual([50, 1]);
  });

  it('is everybody who came, when the first are done before it is clear how slow they are', async () => {
    const { clock, state, demand, wait } = make();
    state.serving = false;
    wait(50);
    await clock.advance(200);
    Object.assign(state, { serving: true, busy: 4, left: 4 });
    await clock.advance(40);
    state.left = 8;
    await clock.advance(60);
    expect(demand.wanted).toBe(50);
  });

  it('is who still waits, when most do not', async () => {
    const { clock, state, demand, wait } = make();
    state.busy = 4;
    wait(60);
    await clock.advance(40);
    state.left = 40;
    await clock.advance(40);
    expect(demand.wanted).toBe(24);
  });

  it('does not count who comes and goes quickly, however many there always are', async () => {
    const { clock, state, demand, wait } = make();
    state.busy = 4;
    wait(60);
    for (let i = 0; i < 100; i++) {
      wait(60);
      state.left += 60;
      await clock.advance(25);
    }
    expect(state.entered - state.left).toBe(60);
    expect(demand.wanted).toBe(0);
  });

  it('does not count waiting for the very first instance', async () => {
    const { clock, state, demand, wait } = make();
    state.serving = false;
    wait(64);
    await clock.advance(500);
    state.serving = true;
    await clock.advance(40);
    state.left = 64;
    await clock.advance(100);
    expect(demand.wanted).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('asks for more patience while instances start or the emulator is at its limit', async () => {
    const { clock, state, demand, wait } = make();
    state.loaded = true;
    wait(300);
    for (let look = 1; look <= 40; look++) {
      await clock.advance(25);
      state.left++;
    }
    expect(demand.wanted).toBe(0);
    await clock.advance(25);
    expect(demand.wanted).toBe(300);
  });

  it('has no patience when nobody at all is served', async () => {
    const { clock, state, demand, wait } = make();
    Object.assign(state, { loaded: true, busy: 4 });
    wait(3);
    await clock.advance(75);
    expect(demand.wanted).toBe(7);
  });

  it('does not take a hold-up of the emulator for waiting', async () => {
    const { clock, state, demand, wait } = make();
    wait(64);
    await clock.advance(25);
    // One look comes late; the answers that lay ready are then read.
    await clock.advance(25);
    state.left = 64;
    wait(64);
    await clock.advance(25);
    expect(demand.wanted).toBe(0);
  });

  it('is the most of the recent past', async () => {
    const { clock, state, demand, wait } = make(10_000);
    wait(30);
    await clock.advance(100);
    state.left += 20;
    await clock.advance(100);
    expect(demand.wanted).toBe(30);
    state.left += 10;
    await clock.advance(9_000);
    expect(demand.wanted).toBe(30);
    await clock.advance(11_000);
    expect(demand.wanted).toBe(0);
  });

  it('goes down with what ends by its own fault, and to what is kept', async () => {
    const { clock, demand, wait } = make();
    wait(10);
    await clock.advance(100);
    demand.lose();
    expect(demand.wanted).toBe(9);
    demand.limit(3);
    expect(demand.wanted).toBe(3);
    demand.limit(5);
    expect(demand.wanted).toBe(3);
  });
});
