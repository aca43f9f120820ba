import type { ExperimentInput } from './experiment.js';
import type { FaultDecision } from './faults.js';
import type { InvocationDetail } from './records.js';

/** The experiment that proves a finding, and what became of it. It runs in the emulator, never without being asked for. */

/**
 * What an invocation of an experiment can show; one invocation may show several.
 * - `timeout`: the function's timeout passed
 * - `error`: the handler threw, rejected, or called back with an error
 * - `exit`: the process ended, or something that nobody caught ended it
 * - `success`: it ended well, as its caller sees it: an HTTP status below 400, or no error where nobody reads a status
 * - `client-error`, `server-error`: the handler answered 4xx or 5xx by itself
 * - `bad-answer`: what it returned is no answer for HTTP: it has no status code
 * - `empty`: it returned nothing
 * - `reported`: it named the messages of its batch that are to be delivered again
 * - `too-late`: it took longer than the gateway waits
 */
export const PROOF_OUTCOMES = [
  'timeout',
  'error',
  'exit',
  'success',
  'client-error',
  'server-error',
  'bad-answer',
  'empty',
  'reported',
  'too-late',
] as const;
export type ProofOutcome = (typeof PROOF_OUTCOMES)[number];

/** One experiment: what is broken, what the function is invoked with, and what would confirm the finding. */
export interface ProofAttempt {
  /** Who is invoked and hit. */
  readonly function: string;
  /** As an experiment file has it. It fails where the finding is confirmed, and passes once the code is mended. */
  readonly experiment: ExperimentInput;
  /** What is broken, in words that follow "While": `api.example.com never answered`. */
  readonly breaks: string;
  /** False for a plain invocation, whose fault only keeps it an experiment. */
  readonly needsHit: boolean;
  /** Why a run that does not confirm refutes nothing either: what is broken is less than the finding is about. */
  readonly onlyConfirms?: string;
  /** Any of these, shown by an invocation that the fault hit, confirms the finding. */
  readonly confirmedBy: readonly ProofOutcome[];
  /** `http`: somebody reads the status of the answer; `event`: only an error counts as a failure. */
  readonly caller: 'http' | 'event';
  /** After so many ms the gateway in front has given up: what `too-late` means. */
  readonly limitMs?: number;
}

/** What a finding carries. */
export interface Proof {
  /** The function of the configuration that is invoked, the first of several; absent when the finding cannot be proved. */
  readonly function?: string;
  /** Why there is no experiment, where there is none. */
  readonly unprovable?: string;
  /** Made in this order, until one confirms the finding. */
  readonly attempts: readonly ProofAttempt[];
  /** Once it has run. */
  readonly result?: ProofResult;
}

/** `inconclusive`: nothing was proved either way: the fault hit nothing, the handler did not load. */
export type ProofVerdict = 'confirmed' | 'refuted' | 'inconclusive';

export interface ProofResult {
  readonly verdict: ProofVerdict;
  /** What happened, in a sentence. */
  readonly text: string;
  /** The experiment that decided, which can be saved as a file; absent when none could run. */
  readonly experiment?: ExperimentInput;
  /** The invocation that decided, with its log. */
  readonly record?: InvocationDetail;
  /** What the faults decided about it. */
  readonly decisions: readonly FaultDecision[];
  /** Of the emulator: the same seed makes the same decisions. */
  readonly seed: string;
}

/** What the emulator is asked to run. */
export type ProofRequest = Pick<Proof, 'attempts'>;
