import { expect, it } from 'vitest';
import { gather, type GatherOptions } from './mapping-gather.js';
import type { BatchItem } from './mapping-record.js';
import { queueConfig, testQueues } from './sqs/fixture.js';

function fixture() {
  const queues = testQueues(queueConfig('jobs'));
  const { engine, clock } = queues;
  const held: BatchItem[] = [];
  const told: string[] = [];
  const begin = (given: Partial<GatherOptions> = {}) =>
    gather({
      engine,
      clock,
      queue: engine.queue('jobs'),
      batchSize: 10,
      windowMs: 0,
      leaseMs: 30_000,
      signal: new AbortController().signal,
      held,
      received: (items) => {
        told.push(...bodies(items));
        return items;
      },
      ...given,
    });
  return { ...queues, held, told, begin };
}

const bodies = (items: readonly BatchItem[]): string[] => items.map(({ message }) => message.body);

it('takes what is there at once, without a window', async () => {
  const { send, begin } = fixture();
  await send('jobs', 'a', 'b', 'c');
  const { items, waited } = await begin({ batchSize: 2 });
  expect([bodies(items), waited]).toEqual([['a', 'b'], false]);
});

it('waits for the first message', async () => {
  const { send, begin, clock } = fixture();
  const gathered = begin();
  await clock.advance(5_000);
  await send('jobs', 'a');
  const { items, waited } = await gathered;
  expect([bodies(items), waited]).toEqual([['a'], true]);
  const nothing = begin();
  await clock.advance(20_000);
  expect(await nothing).toEqual({ items: [], waited: true });
});

it('gathers until the window is over, which begins with the first message', async () => {
  const { send, begin, clock } = fixture();
  const gathered = begin({ windowMs: 5_000, batchSize: 100 });
  await clock.advance(10_000);
  await send('jobs', 'a');
  await clock.advance(4_999);
  await send('jobs', 'b');
  await clock.advance(1);
  await send('jobs', 'c');
  expect(bodies((await gathered).items)).toEqual(['a', 'b']);
});

it('closes a full batch before its window is over', async () => {
  const { send, begin, clock } = fixture();
  const gathered = begin({ windowMs: 60_000, batchSize: 25 });
  await send('jobs', ...Array.from({ length: 30 }, (_, i) => String(i)));
  await clock.advance(0);
  expect((await gathered).items).toHaveLength(25);
});

it('closes a batch at 6 MB, and keeps the rest for the next one', async () => {
  const { send, begin, clock, held, told } = fixture();
  const large = 'x'.repeat(1_000_000);
  await send('jobs', ...Array.from({ length: 8 }, (_, i) => `${String(i)}${large}`));
  const first = await begin({ windowMs: 60_000, batchSize: 100 });
  expect(first.items.map(({ message }) => message.body[0])).toEqual(['0', '1', '2', '3', '4', '5']);
  expect([held.length, told.length]).toEqual([2, 8]);
  const second = begin({ windowMs: 1_000, batchSize: 100 });
  await clock.advance(1_000);
  expect((await second).items.map(({ message }) => message.body[0])).toEqual(['6', '7']);
});

it('ends with what it has when it is stopped', async () => {
  const { send, begin, clock } = fixture();
  const stop = new AbortController();
  const gathered = begin({ windowMs: 60_000, signal: stop.signal });
  await send('jobs', 'a');
  await clock.advance(1_000);
  stop.abort();
  expect(bodies((await gathered).items)).toEqual(['a']);
});

it('loses nothing when the store fails in the middle', async () => {
  const { send, begin, clock, store, held } = fixture();
  await send('jobs', 'a');
  const { receive } = store;
  const gathered = begin({ windowMs: 60_000 });
  const failed = expect(gathered).rejects.toThrow('gone');
  await clock.advance(0);
  store.receive = () => Promise.reject(new Error('gone'));
  await send('jobs', 'b');
  await clock.advance(0);
  await failed;
  expect(bodies(held)).toEqual(['a']);
  store.receive = receive;
  const again = begin({ windowMs: 1_000 });
  await clock.advance(1_000);
  expect(bodies((await again).items)).toEqual(['a', 'b']);
});
