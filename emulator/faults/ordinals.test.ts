import { expect, it } from 'vitest';
import { Ordinals } from './ordinals.js';

const caller = (number: number) => ({ function: 'f', number, attempt: 1 });
const queued = (number: number, attempt = 1, queue = 'async/f') => ({ function: 'f', queue, number, attempt });

it('counts what callers wait for in the order in which it comes', () => {
  const ordinals = new Ordinals();
  expect([7, 9, 8].map((number) => ordinals.of(caller(number)))).toEqual([1, 2, 3]);
});

it('counts what is delivered again from its first delivery on, whatever comes between', () => {
  const ordinals = new Ordinals();
  expect(ordinals.of(queued(1))).toBe(1);
  expect(ordinals.of(queued(2))).toBe(2);
  expect([ordinals.of(queued(1, 2)), ordinals.of(queued(1, 3)), ordinals.of(queued(2, 2))]).toEqual([2, 3, 3]);
  // A copy, and the next: neither takes a place.
  expect([ordinals.of(queued(2)), ordinals.of(queued(3))]).toEqual([2, 3]);
});

it('counts one that it first sees when it comes again as it comes', () => {
  const ordinals = new Ordinals();
  expect([ordinals.of(queued(5, 2)), ordinals.of(queued(5, 3)), ordinals.of(queued(6))]).toEqual([1, 2, 2]);
});

it('counts each function, and each of its queues, by itself', () => {
  const ordinals = new Ordinals();
  expect([ordinals.of(caller(1)), ordinals.of(queued(1)), ordinals.of(queued(1, 1, 'sqs/jobs'))]).toEqual([1, 1, 1]);
  expect(ordinals.of({ ...caller(1), function: 'g' })).toBe(1);
});

it('remembers ten thousand of a queue', () => {
  const ordinals = new Ordinals();
  for (let number = 1; number <= 10_001; number++) ordinals.of(queued(number));
  expect(ordinals.of(queued(2, 2))).toBe(3);
  expect(ordinals.of(queued(1, 2))).toBe(10_002);
});
