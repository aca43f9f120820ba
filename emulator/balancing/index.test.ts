import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BALANCING_POLICIES } from '../contract/config.js';
import { seededRng } from '../rng.js';
import { policies } from './index.js';

/** How far the busiest instance may be above the mean share; one bound that every policy has to keep. */
const BOUND = 1.15;

describe('the balancing policies', () => {
  it('are those that the config knows', () => {
    expect(Object.keys(policies).sort()).toEqual([...BALANCING_POLICIES].sort());
  });

  it('each have a section in docs/balancing.md', () => {
    const doc = readFileSync(new URL('../../docs/balancing.md', import.meta.url), 'utf8');
    for (const name of Object.keys(policies)) expect(doc).toContain(`\n## ${name}\n`);
  });

  for (const [name, kind] of Object.entries(policies)) {
    it.each([2, 3, 10])(`${name} spreads invocations evenly over %i idle instances`, (count) => {
      const policy = kind.create(seededRng(`${name}:${String(count)}`));
      const instances = Array.from({ length: count }, (_, i) => ({ id: `i${String(i)}`, pending: 0, served: 0 }));
      for (let i = 0; i < 1_000 * count; i++) policy.pick(instances).served++;
      expect(Math.max(...instances.map((instance) => instance.served))).toBeLessThan(1_000 * BOUND);
    });

    it(`${name} spreads work in hand`, () => {
      const rng = seededRng(`${name}:pending`);
      const policy = kind.create(rng);
      const instances = Array.from({ length: 5 }, (_, i) => ({ id: `i${String(i)}`, pending: 0, served: 0 }));
      const running: (typeof instances)[number][] = [];
      for (let i = 0; i < 5_000; i++) {
        if (running.length >= 10) {
          const [ended] = running.splice(Math.floor(rng.next() * running.length), 1);
          if (ended) ended.pending--;
        }
        const picked = policy.pick(instances);
        picked.pending++;
        picked.served++;
        running.push(picked);
      }
      expect(Math.max(...instances.map((instance) => instance.served))).toBeLessThan(1_000 * BOUND);
    });
  }
});
