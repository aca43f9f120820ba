import { expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import { newEntry, type Entry } from './entry.js';
import { Queues } from './queues.js';

const DAY = 86_400_000;

function fixture() {
  const clock = new VirtualClock();
  const dropped: string[] = [];
  let [orders, receipts] = [0, 0];
  const queues = new Queues(
    clock,
    () => `r${++receipts}`,
    (entries) => dropped.push(...entries.map(({ id }) => id)),
  );
  const entry = (id: string, given: { delayMs?: number; retentionMs?: number } = {}): Entry =>
    newEntry({ id, body: '', meta: {}, delayMs: 0, retentionMs: DAY, ...given }, orders++, clock.now());
  return { clock, queues, dropped, entry };
}

it('needs one timer, for the earliest of all queues', async () => {
  const { clock, queues, entry } = fixture();
  const told: string[] = [];
  for (const name of ['a', 'b', 'c'])
    queues.onVisible(name, () => told.push(`${name} at ${String(clock.monotonic())}`));
  queues.insert('a', [entry('1', { delayMs: 3_000 })]);
  queues.insert('b', [entry('2', { delayMs: 1_000 }), entry('3', { delayMs: 1_000 })]);
  queues.insert('c', [entry('4', { delayMs: 2_000 })]);
  expect(clock.pending).toBe(1);
  await clock.advance(5_000);
  expect(told).toEqual(['b at 1000', 'c at 2000', 'a at 3000']);
  expect(clock.pending).toBe(1);
  queues.close();
  expect(clock.pending).toBe(0);
});

it('tells what it dropped, whoever notices first', async () => {
  const { clock, queues, dropped, entry } = fixture();
  queues.insert('a', [entry('1', { retentionMs: 1_000 }), entry('2', { retentionMs: 2_000 })]);
  await clock.advance(1_000);
  expect(dropped).toEqual(['1']);
  expect(queues.take('a', 1, 5_000).map(({ id }) => id)).toEqual(['2']);
  await clock.advance(4_999);
  expect(queues.names).toEqual(['a']);
  await clock.advance(1);
  expect([dropped, queues.names]).toEqual([['1', '2'], []]);
});

it('calls once for many that became visible, and only after the step', async () => {
  const { clock, queues, entry } = fixture();
  let calls = 0;
  queues.onVisible('a', () => calls++);
  queues.insert('a', [entry('1'), entry('2')]);
  queues.insert('a', [entry('3')]);
  expect(calls).toBe(0);
  await clock.advance(0);
  expect(calls).toBe(1);
});

it('works in time that grows slowly with what waits: 100 000 messages', async () => {
  const { clock, queues, entry, dropped } = fixture();
  const total = 100_000;
  for (let at = 0; at < total; at += 10) {
    queues.insert(
      'a',
      Array.from({ length: 10 }, (_, each) => entry(String(at + each), { delayMs: at % 7 })),
    );
  }
  await clock.advance(10);
  const half = Array.from({ length: total / 20 }, () => queues.take('a', 10, 60_000)).flat();
  expect(half.map(({ id }) => Number(id))).toEqual(Array.from({ length: total / 2 }, (_, at) => at));
  for (const each of half.filter((_, at) => at % 2 === 0)) queues.delete('a', each);
  for (const each of half.filter((_, at) => at % 2 === 1)) queues.hide('a', each, 1_000);
  expect(queues.counts('a')).toMatchObject({ visible: total / 2, inFlight: total / 4, delayed: 0 });
  await clock.advance(1_000);
  expect(queues.counts('a')).toMatchObject({ visible: (total * 3) / 4, inFlight: 0 });
  await clock.advance(DAY);
  expect([dropped.length, queues.names]).toEqual([(total * 3) / 4, []]);
});
