import type { ErrorCode, ErrorPlace } from './errors.js';
import type { Fault, FaultDecision, FaultHit } from './faults.js';

/** What became of an experiment. All times within a run are ms from its start, so that two runs can be compared. */

export type Phase = 'steadyState' | 'during' | 'after';

/** `aborted`: a threshold with `abortOnFail` did not hold. `vacuous`: all passed, but a fault never fired; it counts as failed. */
export type Verdict = 'passed' | 'failed' | 'vacuous' | 'aborted' | 'error';

/** One expectation held against what was measured. */
export interface Check {
  readonly phase: Phase;
  /** `p95 ≤ 500 ms`, `probe "stock answers"`. */
  readonly expectation: string;
  /** `812 ms`. */
  readonly measured: string;
  readonly passed: boolean;
  /** Where it comes from; absent: status, errorShare, p50, p95, p99. */
  readonly type?: 'threshold' | 'probe' | 'recovery' | 'delivery' | 'memory';
}

export interface PhaseFigures {
  readonly phase: Phase;
  readonly requests: number;
  readonly failed: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** ms. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** When a phase was, in ms from the start of the run; it ends when its last request has settled. */
export interface PhaseMark {
  readonly phase: 'warmUp' | Phase;
  readonly from: number;
  readonly to: number;
}

/**
 * Every second of the run as columns of equal length, for charts; warm-up included. A request belongs to the second in which it
 * was due. Seconds in which none was due are there, with nothing in them.
 */
export interface ExperimentSeries {
  /** Seconds from the start of the run: 0, 1, 2 … */
  readonly at: readonly number[];
  readonly requests: readonly number[];
  readonly failed: readonly number[];
  /** ms; null in a second without requests. */
  readonly p50: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
}

/** A stretch in which a fault was on, in ms from the start of the run. */
export interface ExperimentFaultPeriod {
  readonly fault: string;
  readonly kind: string;
  readonly function?: string;
  readonly from: number;
  readonly to: number;
}

/** A fault of the experiment and how often it fired. */
export interface FaultOutcome extends Pick<
  Fault,
  'id' | 'kind' | 'function' | 'scope' | 'summary' | 'dryRun' | 'unreached'
> {
  /** Invocations that it was for. */
  readonly matched: number;
  /** Those that it hit; of a dry run, that it would have hit. */
  readonly injected: number;
  /** The file has it switched off: it was not to fire. */
  readonly off?: true;
}

/** A decision without what differs between two runs of the same seed. */
export type ExperimentDecision = Omit<FaultDecision, 'requestId'>;

/** One invocation that a fault hit, where, and what the code saw. */
export interface ExperimentHit extends FaultHit {
  readonly function: string;
  /** Nth invocation of the function. */
  readonly number: number;
  readonly attempt: number;
  /** ms from the start of the run. */
  readonly at: number;
}

export interface ExperimentResult {
  readonly title: string;
  /** Absolute path of its file. */
  readonly file: string;
  readonly seed: string;
  readonly verdict: Verdict;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly checks: readonly Check[];
  readonly phases: readonly PhaseFigures[];
  readonly marks: readonly PhaseMark[];
  readonly series: ExperimentSeries;
  readonly faults: readonly FaultOutcome[];
  readonly periods: readonly ExperimentFaultPeriod[];
  /** By fault, function, number and attempt: the same seed makes the same ones. The last 10,000. */
  readonly decisions: readonly ExperimentDecision[];
  /** In the order of the decisions. */
  readonly hits: readonly ExperimentHit[];
  /** What ended it early, for `aborted`. */
  readonly abort?: {
    readonly phase: Phase;
    /** `latency p(95)<500`. */
    readonly expectation: string;
    readonly measured: string;
    /** ms from the start of the run. */
    readonly at: number;
  };
  /** Which of several runs of the same experiment (`--repeat`), from 1. */
  readonly repetition?: { readonly number: number; readonly of: number };
  /** How many retries came before this one (`--retries`). */
  readonly retry?: number;
  /** It passed, but only when it was tried again. */
  readonly flaky?: true;
  /** Why there is no verdict, for `error`; the code decides whose fault it is and the exit code. */
  readonly error?: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint?: string;
    readonly place?: ErrorPlace;
  };
  /** Where the handler under test is, for annotations. */
  readonly place?: { readonly file: string; readonly line: number };
}
