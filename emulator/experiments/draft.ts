import type { Clock } from '../clock.js';
import type {
  Check,
  ExperimentDecision,
  ExperimentFaultPeriod,
  ExperimentHit,
  ExperimentResult,
  FaultOutcome,
  PhaseFigures,
  PhaseMark,
  Verdict,
} from '../contract/experiment.js';
import type { FaultDecision, FaultPeriod } from '../contract/faults.js';
import type { InvocationRecord } from '../contract/records.js';
import { seriesOf } from './series.js';
import type { Sample } from './types.js';

/** Hits that a result keeps. */
const MAX_HITS = 10_000;

/** What is known of a run so far; a result can be made of it at any time, whatever has gone wrong. */
export class Draft {
  readonly checks: Check[] = [];
  readonly phases: PhaseFigures[] = [];
  readonly marks: PhaseMark[] = [];
  readonly samples: Sample[] = [];
  faults: readonly FaultOutcome[] = [];
  periods: readonly ExperimentFaultPeriod[] = [];
  abort: ExperimentResult['abort'];
  place: ExperimentResult['place'];
  readonly #startedAt: number;
  readonly #monotonicStart: number;
  #decisions: readonly ExperimentDecision[] = [];
  readonly #hits: ExperimentHit[] = [];

  constructor(private readonly clock: Clock) {
    this.#startedAt = clock.now();
    this.#monotonicStart = clock.monotonic();
  }

  /** ms since the start of the run. */
  get elapsed(): number {
    return this.clock.monotonic() - this.#monotonicStart;
  }

  /** Epoch ms. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /** Monotonic ms of a time of the run. */
  monotonic(elapsed: number): number {
    return this.#monotonicStart + elapsed;
  }

  /** @param periods those that the emulator tells, epoch ms */
  setPeriods(periods: readonly FaultPeriod[]): void {
    const since = (epoch: number): number => Math.max(0, epoch - this.#startedAt);
    this.periods = periods.map(({ from, to, ...fault }) => ({
      ...fault,
      from: since(from),
      to: to === undefined ? this.elapsed : since(to),
    }));
  }

  setDecisions(decisions: readonly FaultDecision[]): void {
    this.#decisions = decisions.map(({ requestId: _, ...decision }) => decision).sort(byInvocation);
  }

  /** Takes down which faults hit it. */
  saw({ faults, function: name, number, attempt, at }: InvocationRecord): void {
    for (const hit of faults)
      if (this.#hits.length < MAX_HITS)
        this.#hits.push({ ...hit, function: name, number, attempt, at: Math.max(0, at - this.#startedAt) });
  }

  result(): Omit<ExperimentResult, 'title' | 'file' | 'seed' | 'verdict'> & {
    readonly verdict: Exclude<Verdict, 'error'>;
  } {
    const { checks, phases, marks, faults, periods, abort, place } = this;
    return {
      verdict: this.#verdict(),
      startedAt: this.#startedAt,
      durationMs: this.elapsed,
      checks,
      phases,
      marks,
      series: seriesOf(this.samples, this.#monotonicStart),
      faults,
      periods,
      decisions: this.#decisions,
      hits: this.#hits.sort(byInvocation),
      ...(abort ? { abort } : {}),
      ...(place ? { place } : {}),
    };
  }

  #verdict(): Exclude<Verdict, 'error'> {
    if (this.abort) return 'aborted';
    if (this.checks.some(({ passed }) => !passed)) return 'failed';
    const meant = this.faults.filter(({ off }) => !off);
    return meant.length > 0 && meant.every(fired) ? 'passed' : 'vacuous';
  }
}

/** One that runs dry never does. */
export function fired({ injected, dryRun }: Pick<FaultOutcome, 'injected' | 'dryRun'>): boolean {
  return injected > 0 && !dryRun;
}

/** The same for two runs of a seed, in whatever order their invocations ended. */
function byInvocation(a: ExperimentDecision | ExperimentHit, b: ExperimentDecision | ExperimentHit): number {
  return compare(a.fault, b.fault) || compare(a.function, b.function) || a.number - b.number || a.attempt - b.attempt;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
