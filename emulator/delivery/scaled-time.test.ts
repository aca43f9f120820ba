import { expect, test } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { ScaledTime } from './scaled-time.js';

const START = Date.UTC(2025, 0, 1);

test('at scale 1 it is the time of the clock', async () => {
  const clock = new VirtualClock(START);
  const time = new ScaledTime(clock, 1);
  await clock.advance(90_000);
  expect(time.now()).toBe(clock.now());
  expect(time.since(START + 30_000)).toBe(60_000);
  expect(time.wait(60_000)).toBe(60_000);
});

test('at scale 60 an hour passes in a minute', async () => {
  const clock = new VirtualClock(START);
  const time = new ScaledTime(clock, 60);
  await clock.advance(60_000);
  expect(time.now()).toBe(START + 3_600_000);
  expect(time.since(START)).toBe(3_600_000);
  expect(time.wait(3_600_000)).toBe(60_000);
  expect(time.clockAt(time.now())).toBe(clock.now());
});

test('before the run, time passed at its own pace', async () => {
  const clock = new VirtualClock(START);
  const time = new ScaledTime(clock, 60);
  await clock.advance(1_000);
  expect(time.since(START - 5_000)).toBe(5_000 + 60_000);
  expect(time.clockAt(START - 5_000)).toBe(START - 5_000);
});

test('a wait is never shorter than it should be', () => {
  expect(new ScaledTime(new VirtualClock(START), 7).wait(1_000)).toBe(143);
  expect(new ScaledTime(new VirtualClock(START), 0.5).wait(1_000)).toBe(2_000);
});
