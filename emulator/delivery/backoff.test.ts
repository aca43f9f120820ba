import { expect, test } from 'vitest';
import { retryDelay, throttleDelay } from './backoff.js';

test('a function error waits one minute, then two', () => {
  expect([1, 2].map(retryDelay)).toEqual([60_000, 120_000]);
});

test('a throttle waits a second, and twice as long each time up to five minutes', () => {
  expect([0, 1, 2, 3, 8, 9, 10, 2_000].map(throttleDelay)).toEqual([
    1_000, 2_000, 4_000, 8_000, 256_000, 300_000, 300_000, 300_000,
  ]);
});
