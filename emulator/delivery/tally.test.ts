import { expect, test, vi } from 'vitest';
import { Tally } from './tally.js';

test('counts what comes and how it ends', () => {
  const changed = vi.fn();
  const tally = new Tally(changed);
  for (const at of [10, 20, 30, 40, 50]) tally.arrived(at);
  tally.ended('Success');
  tally.ended('RetriesExhausted');
  tally.ended('ZeroReservedConcurrency');
  tally.ended('EventAgeExceeded');
  expect(tally.snapshot()).toEqual({ pending: 1, succeeded: 1, failed: 2, expired: 1, oldestAt: 10 });
  tally.ended('Success');
  expect(tally.snapshot()).toEqual({ pending: 0, succeeded: 2, failed: 2, expired: 1 });
  expect(changed).toHaveBeenCalledTimes(10);
});

test('never counts below none, where another emulator ends what it did not accept', () => {
  const tally = new Tally(() => undefined);
  tally.ended('Success');
  expect(tally.snapshot()).toMatchObject({ pending: 0, succeeded: 1 });
});

test('takes what the store says', () => {
  const changed = vi.fn();
  const tally = new Tally(changed);
  tally.is({ visible: 1, inFlight: 2, delayed: 3, oldestAt: 7 });
  expect(tally.snapshot()).toMatchObject({ pending: 6, oldestAt: 7 });
  tally.is({ visible: 6, inFlight: 0, delayed: 0, oldestAt: 7 });
  expect(changed).toHaveBeenCalledTimes(1);
});
