import { PROBE_TYPES, type ProbeType } from '../../contract/probes.js';
import type { Probe } from '../../contract/experiment.js';
import { http } from './http.js';
import { invoke } from './invoke.js';
import { log } from './log.js';
import { metric } from './metric.js';
import { process } from './process.js';
import type { CompiledProbe, ProbeKind } from './types.js';

/** Every type of probe: one file, one line, a test beside it and a line in docs/experiments.md. */
export const probeKinds = { http, invoke, metric, log, process } as const satisfies Record<ProbeType, ProbeKind>;

/** @throws FaultlineError EXPERIMENT_INVALID for a path or a regular expression that is none, with the key within the probe */
export function compileProbe(probe: Probe): CompiledProbe {
  const type = PROBE_TYPES.find((name) => probe[name] !== undefined) ?? 'http';
  return probeKinds[type](probe);
}
