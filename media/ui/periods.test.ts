import { expect, it } from 'vitest';
import { placePeriods } from './periods.js';

const period = (fault: string, from: number, to?: number) => ({ fault, kind: 'latency', from, ...(to ? { to } : {}) });
const rows = (periods: Parameters<typeof placePeriods>[0]) =>
  placePeriods(periods).map(({ period: { fault }, row }) => `${fault}:${row}`);

it('periods that follow one another share a row', () => {
  expect(rows([period('a', 1, 2), period('b', 2, 3)])).toEqual(['a:0', 'b:0']);
});

it('periods that overlap get rows of their own, and a row is used again once it is free', () => {
  expect(rows([period('c', 5), period('a', 1, 4), period('b', 2, 9)])).toEqual(['a:0', 'b:1', 'c:0']);
});
