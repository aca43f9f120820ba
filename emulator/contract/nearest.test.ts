import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.js';

const kinds = ['latency', 'exception', 'status', 'hang', 'crash', 'network'];

describe('nearest', () => {
  it.each([
    ['latncy', 'latency'],
    ['Latency', 'latency'],
    ['delay', undefined],
    ['exeption', 'exception'],
    ['ntework', 'network'],
    ['hagn', 'hang'],
    ['', undefined],
    ['completely different', undefined],
  ])('%s → %s', (word, name) => {
    expect(nearest(word, kinds)).toBe(name);
  });
});
