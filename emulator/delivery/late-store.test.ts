import { expect, test } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { memoryStore, settled } from './fixture.js';
import { LateStore } from './late-store.js';

const message = { id: 'm', body: 'b', meta: {}, delayMs: 0, retentionMs: 1e9 };

test('before it is open everything fails, and says so', async () => {
  const late = new LateStore();
  expect(late.isOpen).toBe(false);
  const unavailable = { code: 'STORE_UNAVAILABLE' };
  await expect(late.add('q', [message])).rejects.toMatchObject(unavailable);
  await expect(late.receive('q', 1, 1)).rejects.toMatchObject(unavailable);
  await expect(late.counts('q')).rejects.toMatchObject(unavailable);
});

test('open, it is the store', async () => {
  const late = new LateStore();
  late.open(memoryStore(new VirtualClock()));
  await late.add('q', [message, { ...message, id: 'n' }]);
  const [first, second] = await late.receive('q', 2, 1_000);
  expect(first).toMatchObject({ id: 'm', body: 'b' });
  expect(await late.release('q', first?.receipt ?? '', 0)).toBe(true);
  expect(await late.move('q', second?.receipt ?? '', 'other', { ...message, id: 'o' })).toBe(true);
  expect(await late.names()).toEqual(['q', 'other']);
  expect(await late.purge('other')).toBe(1);
  expect(await late.counts('q')).toMatchObject({ visible: 1 });
  const [again] = await late.receive('q', 1, 1_000);
  expect(await late.remove('q', [again?.receipt ?? ''])).toEqual([true]);
  await late.close();
  expect(late.isOpen).toBe(false);
});

test('listeners from before are told too, until they end it', async () => {
  const late = new LateStore();
  const told: string[] = [];
  const ends = [late.onVisible('q', () => told.push('early'))];
  late.open(memoryStore(new VirtualClock()));
  ends.push(late.onVisible('q', () => told.push('late')));
  await late.add('q', [message]);
  await settled();
  expect(told).toEqual(['early', 'late']);
  for (const end of ends) end();
  await late.add('q', [{ ...message, id: 'n' }]);
  await settled();
  expect(told).toHaveLength(2);
});

test('closing what was never open', async () => {
  await new LateStore().close();
});
