import { expect, test } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { Persistence } from './persistence.js';

function failing() {
  const clock = new VirtualClock();
  const logs: string[] = [];
  const state = { broken: true, tried: [] as number[] };
  const persistence = new Persistence(clock, (message) => logs.push(message));
  const step = (): Promise<string> => {
    state.tried.push(clock.monotonic() / 1_000);
    return state.broken ? Promise.reject(new Error('the disk is full')) : Promise.resolve('kept');
  };
  return { clock, logs, state, persistence, step };
}

test('a step that fails is tried again, ever more slowly', async () => {
  const { clock, state, persistence, step } = failing();
  const result = persistence.insist(step);
  await clock.advance(20_000);
  expect(state.tried).toEqual([0, 1, 3, 7, 15]);
  state.broken = false;
  await clock.advance(20_000);
  expect(await result).toBe('kept');
});

test('however many fail, one line is written when it begins, and one when it is over', async () => {
  const { clock, state, logs, persistence, step } = failing();
  const results = [persistence.insist(step), persistence.insist(step)];
  await clock.advance(10_000);
  // Another kind of step works at the same time.
  await persistence.insist(() => Promise.resolve(1));
  expect(logs).toEqual(['delivery: the store fails, events wait until it works again: the disk is full']);
  state.broken = false;
  await clock.advance(10_000);
  await Promise.all(results);
  expect(logs[1]).toBe('delivery: the store works again');
  expect(logs).toHaveLength(2);
});

test('stopping ends the wait', async () => {
  const { clock, state, persistence, step } = failing();
  const result = persistence.insist(step);
  await clock.advance(0);
  persistence.stop();
  expect(await result).toBeUndefined();
  expect(await persistence.insist(step)).toBeUndefined();
  expect(state.tried).toEqual([0, 0]);
  expect(clock.pending).toBe(0);
});
