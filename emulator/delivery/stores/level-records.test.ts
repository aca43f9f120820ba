import { expect, it } from 'vitest';
import { newEntry, type Entry } from './entry.js';
import { ContentsReader, deleteMessage, putMessage, putMeta, putState } from './level-records.js';
import type { Operation } from './level.js';

const entry = (order: number, id = `m${String(order)}`): Entry =>
  newEntry({ id, body: 'ä\ud800"', meta: { a: [] }, delayMs: 5, retentionMs: Infinity }, order, 1_000);

/** What is read of these records, written in any order. */
function read(operations: readonly Operation[]) {
  const unreadable: string[] = [];
  const reader = new ContentsReader((key) => unreadable.push(key));
  for (const each of [...operations].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    if (each.type === 'put') reader.add(each.key, each.value);
  }
  return { ...reader.contents, unreadable };
}

it('reads what was written, with what came later', () => {
  const [plain, worked] = [entry(99), entry(100)];
  const added = putMessage('b/c:1', worked);
  Object.assign(worked, { receives: 3, firstReceivedAt: 2_000, visibleAt: 3_000, receipt: 'r', meta: { tries: 1 } });
  const found = read([putState(worked), putMeta(worked), added, putMessage('a', plain)]);
  expect([...found.queues]).toEqual([
    ['a', [plain]],
    ['b/c:1', [worked]],
  ]);
  expect([found.nextOrder, found.orphans, found.unreadable]).toEqual([101, [], []]);
});

it('removes all that there may be of a message', () => {
  const one = entry(1);
  const keys = [putMessage('a', one), putState(one), putMeta(one)].map(({ key }) => key);
  expect(deleteMessage(one)).toEqual(keys.sort().map((key) => ({ type: 'del', key })));
});

it('leaves out what belongs to no message, and what is not what was written', () => {
  const [one, two] = [putMessage('a', entry(1)), putMessage('a', entry(2))] as { key: string; value: string }[];
  const changed = { type: 'put' as const, key: one?.key ?? '', value: one?.value.replace('m1', 'm7') ?? '' };
  const misplaced = { type: 'put' as const, key: one?.key.replace('1', '3') ?? '', value: one?.value ?? '' };
  const found = read([
    changed,
    misplaced,
    { type: 'put', ...(two as { key: string; value: string }) },
    putState(entry(8)),
  ]);
  expect([...found.queues.values()].flat().map(({ id }) => id)).toEqual(['m2']);
  expect(found.unreadable).toEqual([changed.key, misplaced.key]);
  expect(found.orphans).toHaveLength(3);
});
