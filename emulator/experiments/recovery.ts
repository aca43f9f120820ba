import type { AfterExpectation, Check } from '../contract/experiment.js';
import { isFailure } from './figures.js';
import type { Sample } from './types.js';

/** How long after the end of the faults it was well again. */

export interface Recovery {
  readonly check: Check;
  /** Requests due before this do not count for what else is expected; monotonic ms. */
  readonly wellFrom: number;
}

/**
 * It is well again with the first of `answers` good answers in a row, in the order in which the requests were due; a good one is
 * no failure and, where `after` names statuses, has one of them.
 * @param samples those due since the faults ended
 * @param endedAt when the faults ended, monotonic ms
 */
export function recoveryOf(
  { recoveredWithin, status }: Pick<AfterExpectation, 'recoveredWithin' | 'status'>,
  samples: readonly Sample[],
  endedAt: number,
): Recovery | undefined {
  if (!recoveredWithin) return undefined;
  const { within, answers } = recoveredWithin;
  const allowed = status === undefined ? undefined : [status].flat();
  const good = (sample: Sample): boolean => !isFailure(sample) && (allowed?.includes(sample.status as number) ?? true);
  const first = firstOfRun(samples, good, answers);
  const expectation = `recovered within ${within} ms (${answers} good answers in a row)`;
  if (!first) {
    const most = `${samples.filter(good).length} of ${samples.length} answers were good, never ${answers} in a row`;
    return {
      check: { phase: 'after', type: 'recovery', expectation, measured: most, passed: false },
      wellFrom: endedAt + within,
    };
  }
  const ms = Math.max(0, first.dueAt + first.latencyMs - endedAt);
  return {
    check: { phase: 'after', type: 'recovery', expectation, measured: `${Math.round(ms)} ms`, passed: ms <= within },
    wellFrom: Math.min(first.dueAt, endedAt + within),
  };
}

function firstOfRun(samples: readonly Sample[], good: (sample: Sample) => boolean, length: number): Sample | undefined {
  let run: Sample[] = [];
  for (const sample of samples) {
    run = good(sample) ? [...run, sample] : [];
    if (run.length === length) return run[0];
  }
  return undefined;
}
