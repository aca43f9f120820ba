/** Chance, injected everywhere. */

export interface Rng {
  /** The next number in [0, 1). */
  next(): number;
}

/** FNV-1a over UTF-16 units with a murmur3 finaliser: 32 well-mixed bits of any text. */
export function hash32(text: string, basis = 0x811c9dc5): number {
  let h = basis >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * A draw in [0, 1) that depends on its key alone, never on how many were drawn before: the same seed gives the same
 * decisions at any concurrency. 53 bits from two hashes of the key.
 */
export function keyedDraw(...key: readonly (string | number)[]): number {
  const text = key.join('\u0000');
  const high = hash32(text);
  const low = hash32(text, 0x9747b28c);
  return ((high >>> 5) * 67_108_864 + (low >>> 6)) / 9_007_199_254_740_992;
}

/** splitmix32, seeded: for picks where an order of draws is harmless (balancing). */
export function seededRng(seed: string): Rng {
  let state = hash32(seed);
  return {
    next() {
      state = (state + 0x9e3779b9) >>> 0;
      let t = state ^ (state >>> 16);
      t = Math.imul(t, 0x21f0aaad);
      t ^= t >>> 15;
      t = Math.imul(t, 0x735a2d97);
      return ((t ^ (t >>> 15)) >>> 0) / 4_294_967_296;
    },
  };
}
