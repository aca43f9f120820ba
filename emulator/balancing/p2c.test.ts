import { describe, expect, it } from 'vitest';
import { seededRng } from '../rng.js';
import { p2c } from './p2c.js';
import type { Candidate } from './types.js';

const candidate = (id: string, pending = 0, served = 0): Candidate => ({ id, pending, served });

/** An Rng that plays these numbers. */
const playing = (...numbers: number[]) => ({ next: () => numbers.shift() ?? 0 });

describe('p2c', () => {
  it('takes the only candidate without a draw for a second one', () => {
    expect(p2c.create(playing(0.99)).pick([candidate('a')]).id).toBe('a');
  });

  it('prefers fewer pending, then fewer served', () => {
    const busy = candidate('busy', 2, 0);
    const idle = candidate('idle', 0, 9);
    const fresh = candidate('fresh', 0, 1);
    expect(p2c.create(playing(0, 0)).pick([busy, idle]).id).toBe('idle');
    expect(p2c.create(playing(0, 0)).pick([idle, fresh]).id).toBe('fresh');
  });

  it('never compares a candidate with itself', () => {
    const rng = seededRng('distinct');
    const policy = p2c.create(rng);
    // Were the two ever the same, the busy one would win that pick.
    const both = [candidate('busy', 5), candidate('idle', 0)];
    for (let i = 0; i < 2_000; i++) expect(policy.pick(both).id).toBe('idle');
  });

  it('never takes the worst of three', () => {
    const policy = p2c.create(seededRng('worst'));
    const three = [candidate('a', 0), candidate('worst', 3), candidate('b', 1)];
    for (let i = 0; i < 2_000; i++) expect(policy.pick(three).id).not.toBe('worst');
  });

  it('picks the same from the same seed', () => {
    const all = [...'abcdefgh'].map((id) => candidate(id));
    const run = () => {
      const policy = p2c.create(seededRng('again'));
      return Array.from({ length: 50 }, () => policy.pick(all).id).join('');
    };
    expect(run()).toBe(run());
  });
});
