import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message, MessageStore, NewMessage } from '../../../emulator/delivery/store.js';
import { VirtualClock } from '../../support/virtual-clock.js';

/** What every store is held to, in virtual time: one suite, run by each of them. */

export const SECOND = 1_000;
export const DAY = 86_400_000;

let made = 0;

/** A message that is visible at once and kept for a day. */
export const message = (body: string, given: Partial<NewMessage> = {}): NewMessage => ({
  id: `m${++made}`,
  body,
  meta: {},
  delayMs: 0,
  retentionMs: DAY,
  ...given,
});

export const bodies = (messages: readonly Message[]): string[] => messages.map(({ body }) => body);

/** Receives everything that is visible. */
export const receiveAll = (store: MessageStore, queue: string, leaseMs = 30 * SECOND): Promise<readonly Message[]> =>
  store.receive(queue, 1_000, leaseMs);

export async function receiveOne(store: MessageStore, queue: string, leaseMs = 30 * SECOND): Promise<Message> {
  const [first] = await store.receive(queue, 1, leaseMs);
  if (!first) throw new Error('nothing is visible');
  return first;
}

/**
 * Begins to listen; `told` resolves when the store says that something may be visible. Resolves itself when the store has
 * learned what it needs for that, so that time may pass.
 */
export async function listen(store: MessageStore, queue: string): Promise<{ readonly told: Promise<void> }> {
  const told = new Promise<void>((resolve) => {
    const end = store.onVisible(queue, () => {
      end();
      resolve();
    });
  });
  await store.counts(queue);
  return { told };
}

/**
 * @param open a store that is empty, for each test; its time is the clock's
 * @param close ends what `open` began, besides the store
 */
export function storeContract(
  name: string,
  open: (clock: VirtualClock) => Promise<MessageStore>,
  close: () => Promise<void> = () => Promise.resolve(),
): void {
  describe(`${name} store`, () => {
    let clock: VirtualClock;
    let store: MessageStore;

    beforeEach(async () => {
      clock = new VirtualClock();
      store = await open(clock);
    });
    afterEach(async () => {
      await store.close();
      await close();
    });

    describe('hands out', () => {
      it('what was added, complete', async () => {
        const body = 'x'.repeat(1_048_576) + 'ä€😀\u0000\n';
        const meta = { attributes: { empty: [], none: {} }, big: 9_007_199_254_740_991, list: [1.5, null, true] };
        const given = message(body, { meta });
        await store.add('jobs', [given]);
        await clock.advance(5 * SECOND);
        const received = await receiveOne(store, 'jobs');
        expect(received).toMatchObject({ id: given.id, meta, receives: 1 });
        expect(received.body === body).toBe(true);
        expect([received.firstReceivedAt - received.sentAt, clock.now() - received.firstReceivedAt]).toEqual([
          5 * SECOND,
          0,
        ]);
      });

      it('the oldest first, however many were added at once, no more than asked for, and none twice', async () => {
        await store.add('jobs', [message('1'), message('2')]);
        await store.add('jobs', [message('3')]);
        await clock.advance(1);
        await store.add('jobs', [message('4')]);
        expect(bodies(await store.receive('jobs', 3, SECOND))).toEqual(['1', '2', '3']);
        expect(bodies(await store.receive('jobs', 3, SECOND))).toEqual(['4']);
        expect(await store.receive('jobs', 3, SECOND)).toEqual([]);
      });

      it('nothing where there is nothing, nor when none is asked for', async () => {
        expect(await receiveAll(store, 'unheard of')).toEqual([]);
        await store.add('jobs', [message('1')]);
        expect(await store.receive('jobs', 0, SECOND)).toEqual([]);
      });

      it('only from the queue that was asked, whatever its name', async () => {
        const names = ['jobs', 'jobs:1', 'a/b', 'ü {x}', 'async:orders', ''];
        for (const name of names) await store.add(name, [message(name)]);
        expect([...(await store.names())].sort()).toEqual([...names].sort());
        for (const name of names) expect(bodies(await receiveAll(store, name))).toEqual([name]);
      });

      it('an old message that was moved here before younger ones', async () => {
        const sentAt = clock.now() - 5_000;
        await store.add('jobs', [message('young')]);
        await store.add('jobs', [message('old', { sentAt })]);
        const [first, second] = await receiveAll(store, 'jobs');
        expect([first?.body, first?.sentAt, second?.body]).toEqual(['old', sentAt, 'young']);
      });
    });

    describe('hides', () => {
      it('a delayed message until its time', async () => {
        await store.add('jobs', [message('late', { delayMs: 10 * SECOND }), message('now')]);
        expect(bodies(await receiveAll(store, 'jobs', DAY))).toEqual(['now']);
        await clock.advance(10 * SECOND - 1);
        expect(await receiveAll(store, 'jobs')).toEqual([]);
        await clock.advance(1);
        expect(bodies(await receiveAll(store, 'jobs'))).toEqual(['late']);
      });

      it('a received message until its lease is over, and counts its receives', async () => {
        await store.add('jobs', [message('1')]);
        const first = await receiveOne(store, 'jobs', 10 * SECOND);
        await clock.advance(10 * SECOND - 1);
        expect(await receiveAll(store, 'jobs')).toEqual([]);
        await clock.advance(1);
        const again = await receiveOne(store, 'jobs', 10 * SECOND);
        expect(again).toMatchObject({ receives: 2, id: first.id, sentAt: first.sentAt });
        expect(again.firstReceivedAt).toBe(first.firstReceivedAt);
        expect(again.receipt).not.toBe(first.receipt);
      });

      it('nothing under a lease of no time, yet hands it out once a call', async () => {
        await store.add('jobs', [message('1')]);
        expect(bodies(await store.receive('jobs', 10, 0))).toEqual(['1']);
        expect(bodies(await store.receive('jobs', 10, 0))).toEqual(['1']);
      });

      it('a redelivered message no longer than it must: it goes before younger ones', async () => {
        await store.add('jobs', [message('1')]);
        await store.receive('jobs', 1, SECOND);
        await clock.advance(SECOND);
        await store.add('jobs', [message('2')]);
        expect(bodies(await receiveAll(store, 'jobs'))).toEqual(['1', '2']);
      });
    });

    describe('removes', () => {
      it('by receipt, once', async () => {
        await store.add('jobs', [message('1'), message('2')]);
        const [one, two] = await receiveAll(store, 'jobs', SECOND);
        const receipts = [one?.receipt ?? '', 'nonsense', two?.receipt ?? ''];
        expect(await store.remove('jobs', receipts)).toEqual([true, false, true]);
        expect(await store.remove('jobs', receipts)).toEqual([false, false, false]);
        await clock.advance(DAY / 2);
        expect(await receiveAll(store, 'jobs')).toEqual([]);
        expect(await store.names()).toEqual([]);
      });

      it('also after the lease, but not once it was received again', async () => {
        await store.add('jobs', [message('1'), message('2')]);
        const [one, two] = await receiveAll(store, 'jobs', SECOND);
        await clock.advance(SECOND);
        expect(await store.remove('jobs', [one?.receipt ?? ''])).toEqual([true]);
        const again = await receiveOne(store, 'jobs');
        expect(await store.remove('jobs', [two?.receipt ?? ''])).toEqual([false]);
        expect(await store.remove('jobs', [again.receipt])).toEqual([true]);
      });

      it('only in the queue that was named', async () => {
        await store.add('jobs', [message('1')]);
        const { receipt } = await receiveOne(store, 'jobs');
        expect(await store.remove('other', [receipt])).toEqual([false]);
        expect(await store.release('other', receipt, 0)).toBe(false);
        expect(await store.move('other', receipt, 'dead', message('2'))).toBe(false);
        expect(await store.remove('jobs', [receipt])).toEqual([true]);
      });

      it('everything on purge, also what is delayed or in flight', async () => {
        await store.add('jobs', [message('1'), message('2'), message('3', { delayMs: DAY })]);
        await store.add('other', [message('4')]);
        const { receipt } = await receiveOne(store, 'jobs');
        expect(await store.purge('jobs')).toBe(3);
        expect(await store.purge('jobs')).toBe(0);
        expect(await store.remove('jobs', [receipt])).toEqual([false]);
        expect(await store.counts('jobs')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
        expect(await store.names()).toEqual(['other']);
      });
    });

    describe('releases', () => {
      it('at once, or after a time; the receipt stays good', async () => {
        await store.add('jobs', [message('1')]);
        const { receipt } = await receiveOne(store, 'jobs');
        expect(await store.release('jobs', receipt, 60 * SECOND)).toBe(true);
        await clock.advance(60 * SECOND - 1);
        expect(await receiveAll(store, 'jobs')).toEqual([]);
        expect(await store.release('jobs', receipt, 0)).toBe(true);
        const again = await receiveOne(store, 'jobs');
        expect(again.receives).toBe(2);
        expect(await store.release('jobs', receipt, 0)).toBe(false);
        expect(await receiveAll(store, 'jobs')).toEqual([]);
      });

      it('with the meta it had, or with another', async () => {
        await store.add('jobs', [message('1', { meta: { tries: 0 } })]);
        const first = await receiveOne(store, 'jobs');
        await store.release('jobs', first.receipt, 0);
        const second = await receiveOne(store, 'jobs');
        expect(second.meta).toEqual({ tries: 0 });
        await store.release('jobs', second.receipt, 0, { tries: 1, why: 'thrown' });
        expect((await receiveOne(store, 'jobs')).meta).toEqual({ tries: 1, why: 'thrown' });
      });

      it('nothing that is gone', async () => {
        await store.add('jobs', [message('1')]);
        const { receipt } = await receiveOne(store, 'jobs');
        await store.remove('jobs', [receipt]);
        expect(await store.release('jobs', receipt, 0)).toBe(false);
        expect(await store.release('jobs', 'nonsense', 0)).toBe(false);
      });
    });

    describe('moves', () => {
      it('from one queue to another, as another message', async () => {
        await store.add('jobs', [message('1')]);
        const { receipt, sentAt } = await receiveOne(store, 'jobs');
        await clock.advance(SECOND);
        expect(await store.move('jobs', receipt, 'dead', message('2', { meta: { from: 'jobs' }, sentAt }))).toBe(true);
        expect(await store.names()).toEqual(['dead']);
        expect(await receiveOne(store, 'dead')).toMatchObject({
          body: '2',
          meta: { from: 'jobs' },
          sentAt,
          receives: 1,
        });
      });

      it('nothing when the receipt is old or the message gone', async () => {
        await store.add('jobs', [message('1')]);
        const old = await receiveOne(store, 'jobs', SECOND);
        await clock.advance(SECOND);
        const { receipt } = await receiveOne(store, 'jobs');
        expect(await store.move('jobs', old.receipt, 'dead', message('2'))).toBe(false);
        await store.remove('jobs', [receipt]);
        expect(await store.move('jobs', receipt, 'dead', message('2'))).toBe(false);
        expect(await store.names()).toEqual([]);
      });

      it('within a queue', async () => {
        await store.add('jobs', [message('1')]);
        const { receipt } = await receiveOne(store, 'jobs');
        expect(await store.move('jobs', receipt, 'jobs', message('2'))).toBe(true);
        expect(bodies(await receiveAll(store, 'jobs'))).toEqual(['2']);
        expect((await store.counts('jobs')).inFlight).toBe(1);
      });
    });

    describe('drops what was kept for too long', () => {
      it('visible or delayed', async () => {
        const short = { retentionMs: 10 * SECOND };
        await store.add('jobs', [message('1', short), message('2', { ...short, delayMs: DAY }), message('3')]);
        await clock.advance(10 * SECOND - 1);
        expect(await store.counts('jobs')).toMatchObject({ visible: 2, delayed: 1 });
        await clock.advance(1);
        expect(await store.counts('jobs')).toMatchObject({ visible: 1, delayed: 0 });
        expect(bodies(await receiveAll(store, 'jobs'))).toEqual(['3']);
      });

      it('not while somebody holds it', async () => {
        await store.add('jobs', [message('1', { retentionMs: 10 * SECOND })]);
        const { receipt } = await receiveOne(store, 'jobs', 20 * SECOND);
        await clock.advance(15 * SECOND);
        expect(await store.release('jobs', receipt, 10 * SECOND)).toBe(true);
        await clock.advance(10 * SECOND - 1);
        expect(await store.counts('jobs')).toMatchObject({ inFlight: 1 });
        await clock.advance(1);
        expect(await store.remove('jobs', [receipt])).toEqual([false]);
        expect(await store.names()).toEqual([]);
      });

      it('by the age it had before it was moved', async () => {
        await store.add('jobs', [message('1', { retentionMs: 10 * SECOND, sentAt: clock.now() - 9 * SECOND })]);
        await clock.advance(SECOND);
        expect(await store.names()).toEqual([]);
      });
    });

    it('counts', async () => {
      expect(await store.counts('jobs')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
      const sentAt = clock.now();
      await store.add('jobs', [message('1'), message('2'), message('3', { delayMs: 10 * SECOND })]);
      await clock.advance(SECOND);
      const { receipt } = await receiveOne(store, 'jobs', 4 * SECOND);
      expect(await store.counts('jobs')).toEqual({ visible: 1, inFlight: 1, delayed: 1, oldestAt: sentAt });
      await store.release('jobs', receipt, 60 * SECOND);
      expect(await store.counts('jobs')).toEqual({ visible: 1, inFlight: 1, delayed: 1, oldestAt: sentAt });
      await clock.advance(9 * SECOND);
      expect(await store.counts('jobs')).toEqual({ visible: 2, inFlight: 1, delayed: 0, oldestAt: sentAt });
      await store.add('jobs', [message('4')]);
      const rest = await receiveAll(store, 'jobs');
      await store.remove('jobs', [receipt, ...rest.slice(0, 2).map((each) => each.receipt)]);
      expect(await store.counts('jobs')).toEqual({
        visible: 0,
        inFlight: 1,
        delayed: 0,
        oldestAt: sentAt + 10 * SECOND,
      });
    });

    describe('tells when something may be visible', () => {
      it('added', async () => {
        const told = await listen(store, 'jobs');
        await store.add('jobs', [message('1')]);
        await told.told;
        expect(bodies(await receiveAll(store, 'jobs'))).toEqual(['1']);
      });

      it('its delay over', async () => {
        await store.add('jobs', [message('1', { delayMs: 10 * SECOND })]);
        const told = await listen(store, 'jobs');
        await clock.advance(10 * SECOND);
        await told.told;
        expect(bodies(await receiveAll(store, 'jobs'))).toEqual(['1']);
      });

      it('its lease over, also when another one holds a longer lease', async () => {
        await store.add('jobs', [message('1'), message('2')]);
        await store.receive('jobs', 1, DAY / 2);
        await store.receive('jobs', 1, 10 * SECOND);
        const told = await listen(store, 'jobs');
        await clock.advance(10 * SECOND);
        await told.told;
        expect(bodies(await receiveAll(store, 'jobs'))).toEqual(['2']);
      });

      it('released, now and later', async () => {
        await store.add('jobs', [message('1')]);
        const { receipt } = await receiveOne(store, 'jobs');
        const told = await listen(store, 'jobs');
        await store.release('jobs', receipt, 0);
        await told.told;
        const again = await receiveOne(store, 'jobs');
        const later = await listen(store, 'jobs');
        await store.release('jobs', again.receipt, 10 * SECOND);
        await clock.advance(10 * SECOND);
        await later.told;
        expect((await receiveOne(store, 'jobs')).receives).toBe(3);
      });

      it('moved here', async () => {
        await store.add('jobs', [message('1')]);
        const { receipt } = await receiveOne(store, 'jobs');
        const told = await listen(store, 'dead');
        await store.move('jobs', receipt, 'dead', message('2'));
        await told.told;
        expect(bodies(await receiveAll(store, 'dead'))).toEqual(['2']);
      });

      it('each time, also whom the first time did not make ask', async () => {
        await store.add('jobs', [message('1'), message('2')]);
        await store.receive('jobs', 1, 10 * SECOND);
        await store.receive('jobs', 1, 20 * SECOND);
        let wake = (): void => undefined;
        const woken = (): Promise<void> => new Promise((resolve) => (wake = resolve));
        store.onVisible('jobs', () => wake());
        await store.counts('jobs');
        for (let time = 0; time < 2; time++) {
          const told = woken();
          await clock.advance(10 * SECOND);
          await told;
          // Every store has learned by then what comes next, without being asked about this queue.
          await store.names();
        }
        expect(bodies(await receiveAll(store, 'jobs'))).toEqual(['1', '2']);
      });

      it('nobody who has ended it', async () => {
        let calls = 0;
        const callback = (): void => void calls++;
        const ends = [store.onVisible('jobs', callback), store.onVisible('jobs', callback)];
        ends[0]?.();
        ends[0]?.();
        const first = await listen(store, 'jobs');
        await store.add('jobs', [message('1')]);
        await first.told;
        const once = calls;
        ends[1]?.();
        const second = await listen(store, 'jobs');
        await store.add('jobs', [message('2')]);
        await second.told;
        expect([once > 0, calls - once]).toEqual([true, 0]);
      });
    });

    it('hands each of many out once to two consumers, and wakes them until all are gone', async () => {
      const total = 300;
      const seen: string[] = [];
      const work = async (): Promise<void> => {
        while (seen.length < total) {
          const woken = await listen(store, 'jobs');
          const some = await store.receive('jobs', 7, 30 * SECOND);
          seen.push(...bodies(some));
          await store.remove(
            'jobs',
            some.map(({ receipt }) => receipt),
          );
          if (some.length === 0 && seen.length < total) await Promise.race([woken.told, done]);
        }
      };
      const done = Promise.all(
        Array.from({ length: total / 10 }, (_, at) =>
          store.add(
            'jobs',
            Array.from({ length: 10 }, (__, within) => message(String(at * 10 + within))),
          ),
        ),
      );
      await Promise.all([work(), work(), done]);
      expect(seen.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, at) => at));
      expect(await store.names()).toEqual([]);
    });
  });
}
