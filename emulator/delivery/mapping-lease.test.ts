import { expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { Leases } from './mapping-lease.js';
import type { BatchItem } from './mapping-record.js';

function fixture(ms = 30_000) {
  const clock = new VirtualClock();
  const extended: string[] = [];
  const state = { there: true, fails: false };
  const leases = new Leases(
    clock,
    (item, by) => {
      extended.push(`${item.record} by ${String(by)} at ${String(clock.monotonic())}`);
      return state.fails ? Promise.reject(new Error('gone')) : Promise.resolve(state.there);
    },
    ms,
  );
  const item = (record: string): BatchItem =>
    ({ record, receivedAt: clock.now(), message: { receipt: record } }) as Partial<BatchItem> as BatchItem;
  return { clock, leases, extended, state, item };
}

it('extends shortly before the end, as long as it is held', async () => {
  const { clock, leases, extended, item } = fixture();
  const [a, b] = [item('a'), item('b')];
  leases.hold([a]);
  await clock.advance(10_000);
  leases.hold([{ ...b, receivedAt: clock.now() }]);
  await clock.advance(50_000);
  expect(extended).toEqual([
    'a by 30000 at 25000',
    'b by 30000 at 35000',
    'a by 30000 at 50000',
    'b by 30000 at 60000',
  ]);
});

it('does nothing more for what was let go', async () => {
  const { clock, leases, extended, item } = fixture();
  const [a, b] = [item('a'), item('b')];
  leases.hold([a, b]);
  leases.letGo([a]);
  await clock.advance(25_000);
  expect(extended).toEqual(['b by 30000 at 25000']);
  leases.letGo([b]);
  expect(clock.pending).toBe(0);
});

it('lets go of what is gone, and holds on while the store fails', async () => {
  const { clock, leases, extended, state, item } = fixture(1_000);
  leases.hold([item('a')]);
  state.fails = true;
  await clock.advance(750);
  state.fails = false;
  state.there = false;
  await clock.advance(750);
  expect(extended).toEqual(['a by 1000 at 750', 'a by 1000 at 1500']);
  expect(clock.pending).toBe(0);
});

it('heeds a shorter lease', async () => {
  const { clock, leases, extended, item } = fixture();
  leases.hold([item('a')]);
  leases.setMs(4_000);
  leases.hold([item('b')]);
  await clock.advance(3_000);
  expect(extended).toEqual(['b by 4000 at 3000']);
});
