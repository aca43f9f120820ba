import { expect, it } from 'vitest';
import { seededRng } from '../../rng.js';
import { Heap, type Placed } from './heap.js';

interface Item extends Placed {
  readonly value: number;
}

const item = (value: number): Item => ({ value, places: [-1, -1] });
const ascending = (a: Item, b: Item): boolean => a.value < b.value;

/** Takes everything out, the first each time. */
function drain(heap: Heap<Item>): number[] {
  const values: number[] = [];
  for (let { first } = heap; first; first = heap.first) {
    heap.remove(first);
    values.push(first.value);
  }
  return values;
}

it('gives the first first, whatever left from the middle', () => {
  const rng = seededRng('7');
  const heap = new Heap<Item>(0, ascending);
  const items = Array.from({ length: 2_000 }, () => item(Math.floor(rng.next() * 500)));
  for (const each of items) heap.add(each);
  const left = items.filter(() => rng.next() < 0.5);
  for (const each of items.filter((other) => !left.includes(other))) heap.remove(each);
  expect(heap.size).toBe(left.length);
  expect(drain(heap)).toEqual(left.map(({ value }) => value).sort((a, b) => a - b));
});

it('tells its own elements from those of a heap with the same slot', () => {
  const [one, other] = [new Heap<Item>(1, ascending), new Heap<Item>(1, ascending)];
  const [a, b] = [item(1), item(2)];
  one.add(a);
  other.add(b);
  expect([one.has(a), one.has(b), other.has(a), other.has(b)]).toEqual([true, false, false, true]);
  one.remove(a);
  expect(one.has(a)).toBe(false);
});
