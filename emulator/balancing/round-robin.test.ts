import { describe, expect, it } from 'vitest';
import { seededRng } from '../rng.js';
import { roundRobin } from './round-robin.js';

const named = (ids: string) => [...ids].map((id) => ({ id, pending: 0, served: 0 }));

describe('round-robin', () => {
  it('takes them in turn', () => {
    const policy = roundRobin.create(seededRng(''));
    expect(Array.from({ length: 7 }, () => policy.pick(named('abc')).id).join('')).toBe('abcabca');
  });

  it('keeps the turn while candidates come and go', () => {
    const policy = roundRobin.create(seededRng(''));
    const picked = ['abc', 'abc', 'ac', 'abc', 'b', 'abcd', 'abcd', 'abcd'].map((ids) => policy.pick(named(ids)).id);
    // d is new and goes first; then the one that has waited longest.
    expect(picked.join('')).toBe('abcabdca');
  });

  it('does not remember every instance that ever was', () => {
    const policy = roundRobin.create(seededRng(''));
    for (let i = 0; i < 5_000; i++) policy.pick([{ id: `i${String(i)}`, pending: 0, served: 0 }]);
    expect(Array.from({ length: 4 }, () => policy.pick(named('xy')).id).join('')).toBe('xyxy');
  });
});
