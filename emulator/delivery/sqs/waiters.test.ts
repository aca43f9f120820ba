import { expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import { Waiters, type Take } from './waiters.js';

function fixture() {
  const clock = new VirtualClock();
  const listeners = new Set<() => void>();
  const returned: string[] = [];
  const ready: string[] = [];
  const state = { takes: 0 };
  const waiters = new Waiters<string>(
    clock,
    (callback) => {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    (messages) => returned.push(...messages),
  );
  const take: Take<string> = () => {
    state.takes++;
    return Promise.resolve(ready.splice(0, 1));
  };
  const arrive = (...messages: string[]): void => {
    ready.push(...messages);
    for (const tell of listeners) tell();
  };
  return { clock, waiters, listeners, returned, ready, state, take, arrive };
}

it('hands messages out in the order of coming, and asks no more than it must', async () => {
  const { clock, waiters, take, arrive, state, listeners } = fixture();
  const got = [1, 2, 3].map(() => waiters.wait(20_000, take));
  await clock.advance(0);
  state.takes = 0;
  arrive('a');
  await clock.advance(0);
  expect(state.takes).toBe(2); // the first one took, the second one found nothing
  arrive('b', 'c');
  expect(await Promise.all(got)).toEqual([['a'], ['b'], ['c']]);
  expect([clock.pending, listeners.size]).toEqual([0, 0]);
});

it('does not miss what arrives between the first look and the waiting', async () => {
  const { waiters, take, ready } = fixture();
  ready.push('a');
  expect(await waiters.wait(20_000, take)).toEqual(['a']);
});

it('ends with nothing when time is up', async () => {
  const { clock, waiters, take, listeners } = fixture();
  const got = waiters.wait(20_000, take);
  await clock.advance(20_000);
  expect(await got).toEqual([]);
  expect([clock.pending, listeners.size]).toEqual([0, 0]);
});

it('ends when its client hangs up, and gives back what came too late', async () => {
  const { clock, waiters, returned, listeners } = fixture();
  const client = new AbortController();
  const slow: Take<string> = () => new Promise((resolve) => clock.after(100, () => resolve(['late'])));
  const got = waiters.wait(20_000, slow, client.signal);
  client.abort();
  expect(await got).toEqual([]);
  expect(listeners.size).toBe(0);
  await clock.advance(100);
  expect(returned).toEqual(['late']);
  expect(clock.pending).toBe(0);
  expect(await waiters.wait(1_000, slow, client.signal)).toEqual([]);
});

it('goes on with the next one when the first has gone', async () => {
  const { clock, waiters, take, arrive } = fixture();
  const client = new AbortController();
  const [gone, stays] = [waiters.wait(20_000, take, client.signal), waiters.wait(20_000, take)];
  await clock.advance(1);
  client.abort();
  arrive('a');
  expect(await Promise.all([gone, stays])).toEqual([[], ['a']]);
});

it('tells a store that fails to the one who waits, and leaves nothing behind', async () => {
  const { clock, waiters, listeners } = fixture();
  await expect(waiters.wait(20_000, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  expect([clock.pending, listeners.size]).toEqual([0, 0]);
});

it('sends everyone away', async () => {
  const { clock, waiters, take } = fixture();
  const got = [waiters.wait(20_000, take), waiters.wait(20_000, take)];
  waiters.endAll();
  expect(await Promise.all(got)).toEqual([[], []]);
  expect(clock.pending).toBe(0);
});
