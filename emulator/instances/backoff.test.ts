import { expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { Backoff } from './backoff.js';
import { initFailed } from './outcomes.js';

it('doubles from 100 ms to 10 s, tells why, and starts anew after a reset', async () => {
  const clock = new VirtualClock();
  const backoff = new Backoff(clock);
  const failure = initFailed('Error', 'no');
  expect(backoff.remainingMs).toBe(0);
  const waits: number[] = [];
  for (let i = 0; i < 9; i++) {
    backoff.fail(failure);
    waits.push(backoff.remainingMs);
    expect(backoff.failure).toBe(failure);
    await clock.advance(backoff.remainingMs);
    expect(backoff.failure).toBeUndefined();
  }
  expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
  backoff.reset();
  backoff.fail(failure);
  expect(backoff.remainingMs).toBe(100);
});
