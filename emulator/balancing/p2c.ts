import type { Candidate, Policy, PolicyKind } from './types.js';

/** Fewer invocations in hand wins; at a tie, fewer taken so far, so that idle instances wear evenly. */
function lighter<C extends Candidate>(a: C, b: C): C {
  if (a.pending !== b.pending) return a.pending < b.pending ? a : b;
  return a.served <= b.served ? a : b;
}

/**
 * Power of two choices (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001): two random
 * candidates, the less loaded one wins. The two are distinct, else one in n picks would be blind.
 */
export const p2c: PolicyKind = {
  title: 'Power of two choices',
  summary: 'Compares two random instances and takes the one with less work.',
  create(rng): Policy {
    return {
      pick<C extends Candidate>(candidates: readonly C[]): C {
        const count = candidates.length;
        const first = Math.floor(rng.next() * count);
        const a = candidates[first] as C;
        if (count === 1) return a;
        // Drawn from the others only: a shift by 1 to n − 1 places never lands on the first again.
        const shift = 1 + Math.floor(rng.next() * (count - 1));
        return lighter(a, candidates[(first + shift) % count] as C);
      },
    };
  },
};
