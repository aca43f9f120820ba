import { expect, test } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { queueOf } from './event.js';
import { memoryStore } from './fixture.js';
import { Tallies } from './tallies.js';

const message = (id: string) => ({ id, body: '', meta: {}, delayMs: 0, retentionMs: 1e9 });
const queue = queueOf('counter');

function testTallies() {
  const clock = new VirtualClock();
  const store = memoryStore(clock);
  const tallies = new Tallies({ clock, store, changed: () => undefined });
  return { clock, store, tallies, pending: () => tallies.get('counter')?.pending };
}

test('begin with what is there, for functions only', async () => {
  const { store, tallies, pending } = testTallies();
  await store.add(queue, [message('a'), message('b')]);
  await store.add('sqs/jobs', [message('c')]);
  await tallies.open();
  expect(pending()).toBe(2);
  expect([...tallies.entries()].map(([name]) => name)).toEqual(['counter']);
});

test('follow what others do with the store', async () => {
  const { clock, store, tallies, pending } = testTallies();
  await tallies.of('counter').arrives(() => store.add(queue, [message('a')]), 0);
  const [taken] = await store.receive(queue, 1, 1_000);
  await store.remove(queue, [taken?.receipt ?? '']);
  expect(pending()).toBe(1);
  await clock.advance(5_000);
  expect(pending()).toBe(0);
});

test('wait until nothing goes on, half a minute at most', async () => {
  const { clock, store, tallies, pending } = testTallies();
  const tally = tallies.of('counter');
  await tally.arrives(() => Promise.resolve(), 0);
  let keep = (): void => undefined;
  const arriving = tally.arrives(() => new Promise<void>((resolve) => (keep = resolve)), 0);
  await store.add(queue, [message('a'), message('b')]);
  await clock.advance(30_000);
  expect(pending()).toBe(1);
  await clock.advance(5_000);
  expect(pending()).toBe(3);
  keep();
  await arriving;
  await clock.advance(5_000);
  expect(pending()).toBe(2);
});

test('with nothing to count and nothing new, nothing is asked', async () => {
  const { clock, store, tallies } = testTallies();
  let asked = 0;
  const counts = store.counts.bind(store);
  store.counts = (name) => (asked++, counts(name));
  const tally = tallies.of('counter');
  await tally.arrives(() => Promise.resolve(), 0);
  await tally.leaves(
    () => Promise.resolve(),
    () => 'Success',
  );
  await clock.advance(60_000);
  expect(asked).toBe(1);
  expect(clock.pending).toBe(0);
});

test('a store that does not answer leaves them as they are', async () => {
  const { clock, store, tallies, pending } = testTallies();
  await tallies.of('counter').arrives(() => Promise.resolve(), 0);
  store.counts = () => Promise.reject(new Error('away'));
  await clock.advance(60_000);
  expect(pending()).toBe(1);
  tallies.stop();
  expect(clock.pending).toBe(0);
});
