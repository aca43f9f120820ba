import { expect, it } from 'vitest';
import { ownLoad, type Reading } from './own-load.js';

it('tells whether the emulator has had much to do since it was last asked', () => {
  const readings: Reading[] = [
    { at: 0, active: 50, idle: 1_000, cpu: 60 },
    // Next to nothing.
    { at: 100, active: 55, idle: 1_095, cpu: 65 },
    // A loop that never rests, though it gets little of a machine that others use.
    { at: 200, active: 154, idle: 1_096, cpu: 75 },
    // Half of a core.
    { at: 300, active: 204, idle: 1_146, cpu: 125 },
    { at: 400, active: 209, idle: 1_241, cpu: 130 },
  ];
  const loaded = ownLoad(() => readings.shift() as Reading);
  expect([loaded(), loaded(), loaded(), loaded()]).toEqual([false, true, true, false]);
});

it('reads the process itself', () => {
  const loaded = ownLoad();
  const until = performance.now() + 50;
  while (performance.now() < until);
  expect(loaded()).toBe(true);
});
