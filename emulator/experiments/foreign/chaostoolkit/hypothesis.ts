import { parseDuration } from '../../../contract/config.js';
import type { ExperimentInput, ProbeInput } from '../../../contract/experiment.js';
import type { DraftTarget } from '../../importers/types.js';

/** A hypothesis: what is called over and over, and what must hold. */
export interface Hypothesis {
  readonly target?: DraftTarget;
  readonly expectation: ExperimentInput['steadyState'];
}

/**
 * The first probe that calls the application is what is called over and over; what it expects beside a status stays a probe,
 * and what it waits for the answer is the most that one may take.
 * @param probes at least one
 */
export function hypothesisOf(probes: readonly ProbeInput[]): Hypothesis {
  const index = probes.findIndex(({ http, invoke }) => invoke !== undefined || / \//.test(http ?? ''));
  const first = probes[index];
  const target = first && targetOf(first);
  const expected = first?.expect ?? {};
  const { status, ...rest } = expected;
  const patience = first?.timeout === undefined ? undefined : parseDuration(first.timeout);
  const kept = probes.filter((_, i) => i !== index || Object.keys(rest).length > 0);
  return {
    ...(target ? { target } : {}),
    expectation: {
      ...(status === undefined ? {} : { status }),
      ...(patience === undefined ? {} : { thresholds: { latency: [`max<${String(patience)}`] } }),
      ...(kept.length > 0 ? { probes: kept } : {}),
      ...(status === undefined && kept.length === 0 ? { errorShare: { max: 0 } } : {}),
    },
  };
}

function targetOf({ http, invoke, headers, body, event }: ProbeInput): DraftTarget {
  if (invoke !== undefined) return { invoke, ...(event === undefined ? {} : { event }) };
  return {
    request: http ?? '',
    ...(headers ? { headers } : {}),
    ...(body === undefined ? {} : { body }),
  };
}
