import type { Candidate, Policy, PolicyKind } from './types.js';

/**
 * One after the other. The turn is kept by the id that was last picked, not by a position: candidates come and go with
 * every pick (a busy instance is none), and a position would then skip some and repeat others.
 */
export const roundRobin: PolicyKind = {
  title: 'Round robin',
  summary: 'Takes the instances in turn, whatever they are doing.',
  create(): Policy {
    let turn = 0;
    /** Turn in which an instance was last picked. */
    const last = new Map<string, number>();
    return {
      pick<C extends Candidate>(candidates: readonly C[]): C {
        let chosen = candidates[0] as C;
        let oldest = last.get(chosen.id) ?? 0;
        for (let i = 1; i < candidates.length && oldest > 0; i++) {
          const candidate = candidates[i] as C;
          const turnOf = last.get(candidate.id) ?? 0;
          if (turnOf < oldest) [chosen, oldest] = [candidate, turnOf];
        }
        last.set(chosen.id, ++turn);
        if (last.size > 4 * candidates.length + 1_000) forgetOldest(last);
        return chosen;
      },
    };
  },
};

/** Ids are never used again once an instance has ended, so the older half of a large table is of dead ones. */
function forgetOldest(last: Map<string, number>): void {
  const turns = [...last.values()].sort((a, b) => a - b);
  const middle = turns[turns.length >> 1] ?? 0;
  for (const [id, turn] of last) if (turn < middle) last.delete(id);
}
