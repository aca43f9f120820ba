import type { Clock } from '../../clock.js';
import type { LogEvent } from '../../contract/control.js';
import type { Probe } from '../../contract/experiment.js';
import type { Emulator } from '../../contract/library.js';

/** What a probe saw. */
export interface ProbeOutcome {
  readonly passed: boolean;
  /** In words: `503`, `2 lines`, `exit code 1`. */
  readonly measured: string;
}

/** What probes look at. */
export interface ProbeContext {
  readonly emulator: Pick<Emulator, 'fetch' | 'invoke' | 'metrics' | 'snapshot'>;
  /** Lines of the functions' logs since the phase began. */
  logs(): readonly LogEvent[];
  /** Absolute path of the workspace. */
  readonly root: string;
  readonly clock: Clock;
  /** Aborted when the probe has taken too long, or the run ends. */
  readonly signal: AbortSignal;
}

/** A type of probe, compiled from its spec before anything runs. */
export interface CompiledProbe {
  /** What it expects, in words. */
  readonly expectation: string;
  /** Rejects when there is no answer; what it rejects with is what was measured. */
  run(context: ProbeContext): Promise<ProbeOutcome>;
}

/**
 * One type of probe.
 * @throws FaultlineError EXPERIMENT_INVALID for a path or a regular expression that is none
 */
export type ProbeKind = (probe: Probe) => CompiledProbe;
