import type { Check, Experiment, ExperimentResult, Phase, PhaseFigures } from '../contract/experiment.js';
import type { ErrorPlace } from '../contract/errors.js';

/** What the experiments' own parts, and the command that runs them, know of each other. */

/** An experiment as it was read. */
export interface LoadedExperiment {
  readonly experiment: Experiment;
  /** Absolute path of its file. */
  readonly file: string;
  /** Absolute path of the nearest folder upward with a faultline.yaml: what the emulator is started on. */
  readonly root: string;
  /** Where each of its faults is written, in order. */
  readonly faultPlaces: readonly ErrorPlace[];
  /** Of a file of another tool: what could not be carried over, a line each. */
  readonly notes?: readonly string[];
}

/**
 * Reads a file of another tool.
 * @param file absolute path
 * @returns undefined when it is of none that is known
 * @throws FaultlineError EXPERIMENT_INVALID for one that is known and wrong, CONFIG_NOT_FOUND outside of a workspace
 */
export type ImportExperiment = (file: string, text: string) => Promise<LoadedExperiment | undefined>;

/** How one request ended, as the client sees it. */
export interface Answer {
  /** `200`, `function error` or `no answer`. */
  readonly status: number | 'function error' | 'no answer';
  /** Of the invocation, or the message, where the answer tells it. */
  readonly id?: string;
}

/** One request of a load: its answer, and how long it took from when it was due. */
export interface Sample extends Answer {
  /** ms from the planned start to the last byte. */
  readonly latencyMs: number;
  /** When it was due, monotonic ms. */
  readonly dueAt: number;
}

/**
 * Sends one request. Never rejects: what goes wrong is an answer too.
 * @param number of those of its load, from 0
 */
export type Send = (signal: AbortSignal, number: number) => Promise<Answer>;

/** What a load is going to send. */
interface Planned {
  /** Absent in a closed loop, which cannot know. */
  readonly requests?: number;
  readonly durationMs: number;
}

/** What happens while an experiment runs, in order. */
export type Progress =
  | ({ readonly type: 'warm-up' } & Planned)
  | ({ readonly type: 'phase'; readonly phase: Phase } & Planned)
  /** Once a second while a load runs. */
  | {
      readonly type: 'tick';
      readonly phase: 'warmUp' | Phase;
      /** Answered so far. */
      readonly requests: number;
      readonly failed: number;
      readonly elapsedMs: number;
      readonly durationMs: number;
    }
  | { readonly type: 'faults'; readonly on: boolean; readonly summaries: readonly string[] }
  | { readonly type: 'figures'; readonly figures: PhaseFigures; readonly checks: readonly Check[] };

/** Where a reporter writes, and what it may assume. */
export interface ReportTarget {
  write(text: string): void;
  readonly color: boolean;
  /** A terminal, on which a line can be written over: for progress. */
  readonly live?: boolean;
  /** Paths are shown relative to this folder. */
  readonly cwd: string;
  readonly seed: string;
}

/** One run of the command, as it is reported. Live reporters write at once, the others at the end. */
export interface Report {
  start?(loaded: LoadedExperiment): void;
  progress?(event: Progress): void;
  /** It did not pass and is tried again; it does not count. */
  retried?(result: ExperimentResult): void;
  result?(result: ExperimentResult): void;
  end(results: readonly ExperimentResult[]): void;
}

/** A format of results. */
export interface Reporter {
  /** One line for the help text. */
  readonly summary: string;
  open(target: ReportTarget): Report;
}
