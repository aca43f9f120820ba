import { expect, test, vi } from 'vitest';
import type { Condition } from './event.js';
import { Tally } from './tally.js';

const arrives = (tally: Tally, at: number): Promise<void> => tally.arrives(() => Promise.resolve(), at);
const ends = (tally: Tally, condition: Condition | undefined): Promise<unknown> =>
  tally.leaves(
    () => Promise.resolve(),
    () => condition,
  );

test('counts what comes and how it ends', async () => {
  const changed = vi.fn();
  const tally = new Tally(changed);
  for (const at of [10, 20, 30, 40, 50]) await arrives(tally, at);
  for (const condition of ['Success', 'RetriesExhausted', 'ZeroReservedConcurrency', 'EventAgeExceeded'] as const)
    await ends(tally, condition);
  expect(tally.snapshot()).toEqual({ pending: 1, succeeded: 1, failed: 2, expired: 1, oldestAt: 10 });
  await ends(tally, 'Success');
  expect(tally.snapshot()).toEqual({ pending: 0, succeeded: 2, failed: 2, expired: 1 });
  expect(changed).toHaveBeenCalledTimes(10);
});

test('does not count what was not kept, or not taken out', async () => {
  const tally = new Tally(() => undefined);
  await tally.arrives(() => Promise.resolve(false), 1);
  await expect(tally.arrives(() => Promise.reject(new Error('full')), 1)).rejects.toThrow('full');
  await arrives(tally, 1);
  await ends(tally, undefined);
  expect(tally.snapshot()).toMatchObject({ pending: 1 });
  expect(tally.busy).toBe(0);
});

test('never counts below none, where another emulator ends what it did not accept', async () => {
  const tally = new Tally(() => undefined);
  await ends(tally, 'Success');
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

test('rather too many than none while something goes on', async () => {
  const tally = new Tally(() => undefined);
  let taken = (): void => undefined;
  const leaving = tally.leaves(
    () => new Promise<void>((resolve) => (taken = resolve)),
    () => 'Success',
  );
  // The store has let go of one of two; whether it counted that one is not known.
  tally.is({ visible: 1, inFlight: 0, delayed: 0 });
  taken();
  await leaving;
  expect(tally.snapshot().pending).toBe(1);
});

test('is in doubt while something waits, and after every change', async () => {
  const tally = new Tally(() => undefined);
  expect(tally.doubtful).toBe(false);
  await arrives(tally, 1);
  await ends(tally, 'Success');
  expect(tally.doubtful).toBe(true);
  tally.is({ visible: 0, inFlight: 0, delayed: 0 });
  expect(tally.doubtful).toBe(false);
  tally.is({ visible: 1, inFlight: 0, delayed: 0 });
  expect(tally.doubtful).toBe(true);
});
