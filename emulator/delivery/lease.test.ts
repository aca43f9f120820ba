import { expect, test } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { memoryStore } from './fixture.js';
import { Lease } from './lease.js';

async function leased() {
  const clock = new VirtualClock();
  const store = memoryStore(clock);
  await store.add('q', [{ id: 'm', body: '', meta: {}, delayMs: 0, retentionMs: 1e9 }]);
  const [message] = await store.receive('q', 1, 10_000);
  const lease = new Lease(clock, store, 'q', message?.receipt ?? '', 10_000);
  return { clock, store, lease };
}

test('a message stays hidden for as long as it lasts', async () => {
  const { clock, store } = await leased();
  await clock.advance(3_600_000);
  expect(await store.counts('q')).toMatchObject({ visible: 0, inFlight: 1 });
});

test('ended, the message comes back when its time is over', async () => {
  const { clock, store, lease } = await leased();
  await clock.advance(7_000);
  await lease.end();
  expect(clock.pending).toBeLessThanOrEqual(1);
  await clock.advance(7_000);
  expect(await store.counts('q')).toMatchObject({ visible: 0 });
  await clock.advance(1_500);
  expect(await store.counts('q')).toMatchObject({ visible: 1 });
});

test('its end waits for an extension that is under way', async () => {
  const { clock, store, lease } = await leased();
  let extend = (): void => undefined;
  store.release = () => new Promise((resolve) => (extend = () => resolve(true)));
  await clock.advance(5_000);
  let ended = false;
  const end = lease.end().then(() => (ended = true));
  await clock.advance(0);
  expect(ended).toBe(false);
  extend();
  await end;
});

test('a store that fails once is asked again', async () => {
  const { clock, store } = await leased();
  const release = store.release.bind(store);
  store.release = () => Promise.reject(new Error('away'));
  await clock.advance(5_000);
  store.release = release;
  await clock.advance(60_000);
  expect(await store.counts('q')).toMatchObject({ inFlight: 1 });
});
