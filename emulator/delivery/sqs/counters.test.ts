import { expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import type { Counts, MessageStore } from '../store.js';
import { Counters } from './counters.js';

function fixture() {
  const clock = new VirtualClock();
  const state = { counts: { visible: 0, inFlight: 0, delayed: 0 } as Counts, reads: 0, changes: 0, fails: false };
  let tell: () => void = () => undefined;
  const store: Partial<MessageStore> = {
    counts() {
      state.reads++;
      return state.fails ? Promise.reject(new Error('gone')) : Promise.resolve(state.counts);
    },
    onVisible(_queue, callback) {
      tell = callback;
      return () => (tell = () => undefined);
    },
  };
  const counters = new Counters(store as MessageStore, clock, () => void state.changes++);
  return { clock, state, counters, arrive: () => tell() };
}

const seen = (visible: number): Counts => ({ visible, inFlight: 0, delayed: 0 });

it('reads at once when something was done, and at most four times a second', async () => {
  const { clock, state, counters } = fixture();
  for (let i = 1; i <= 100; i++) {
    state.counts = seen(i);
    counters.touch('jobs');
    await clock.advance(10);
  }
  await clock.advance(250);
  expect(state.reads).toBeLessThanOrEqual(6);
  expect(counters.read('jobs')).toEqual(seen(100));
  expect(clock.pending).toBe(0);
});

it('tells changes only', async () => {
  const { clock, state, counters } = fixture();
  state.counts = seen(1);
  await counters.refresh('jobs');
  await counters.refresh('jobs');
  expect(state.changes).toBe(1);
  await clock.advance(1_000);
});

it('hears of messages that others have sent', async () => {
  const { clock, state, counters, arrive } = fixture();
  counters.read('jobs');
  await clock.advance(500);
  state.counts = seen(3);
  arrive();
  await clock.advance(0);
  expect(counters.read('jobs')).toEqual(seen(3));
});

it('reads again when asked for counts that are a second old', async () => {
  const { clock, state, counters } = fixture();
  await counters.refresh('jobs');
  state.counts = seen(2);
  await clock.advance(999);
  expect(counters.read('jobs')).toEqual(seen(0));
  await clock.advance(1);
  counters.read('jobs');
  await clock.advance(0);
  expect(counters.read('jobs')).toEqual(seen(2));
});

it('keeps the last counts while the store fails', async () => {
  const { state, counters } = fixture();
  state.counts = seen(2);
  await counters.refresh('jobs');
  state.fails = true;
  expect(await counters.refresh('jobs')).toEqual(seen(2));
});

it('leaves nothing behind', () => {
  const { clock, counters, state, arrive } = fixture();
  counters.touch('jobs');
  counters.touch('jobs');
  counters.close();
  arrive();
  counters.touch('jobs');
  expect(clock.pending).toBe(0);
  expect(state.reads).toBe(1);
});
