import type { Clock } from '../clock.js';
import { FaultlineError, type ErrorPlace } from '../contract/errors.js';
import type { Expectation, Experiment, ExperimentResult, Phase } from '../contract/experiment.js';
import { DEFAULT_RATE } from '../contract/load.js';
import type { Emulator, StartOptions } from '../contract/library.js';
import { plannedRequests, sendLoad, type Load } from './arrivals.js';
import { checksOf } from './checks.js';
import { FaultPlan } from './fault-plan.js';
import { figuresOf } from './figures.js';
import { handlerPlace } from './handler-line.js';
import { createProbe, targetFunction } from './probe.js';
import { seriesOf } from './series.js';
import type { Probe, Progress, Sample } from './types.js';

/*
 * One experiment, in an emulator of its own:
 *
 *   start → faults prepared (off) → warm-up → steady state ─┬→ faults on → during → faults off → after → stop
 *                                                           └→ it does not hold: stop; breaking what is broken proves nothing
 *
 * A phase begins once every request of the one before has settled. Whatever happens, the faults are cleared and the emulator is
 * stopped.
 */

/** Load of the warm-up, in ms, at the experiment's own rate: cold starts must not decide the steady state. */
export const WARM_UP_MS = 1_000;
/** A request may take this much longer than the timeout of the function it calls before it is given up, in ms. */
const SAFETY_MARGIN_MS = 10_000;
/** Where the target's function is not known, API Gateway's own 30 s count. */
const DEFAULT_TIMEOUT_MS = 30_000;

export interface RunOptions {
  readonly experiment: Experiment;
  /** Absolute path of its file. */
  readonly file: string;
  /** Workspace that the emulator is started on. */
  readonly root: string;
  /** Where each fault is written, for errors. */
  readonly faultPlaces?: readonly ErrorPlace[];
  readonly start: (options: StartOptions) => Promise<Emulator>;
  readonly clock: Clock;
  /** The same seed draws the same faults. */
  readonly seed: string;
  readonly onProgress?: (event: Progress) => void;
  /** Ends the experiment early; it cleans up and the verdict is `error`. */
  readonly signal?: AbortSignal;
}

type Draft = {
  -readonly [
    K in 'checks' | 'phases' | 'faults' | 'place' | 'marks' | 'periods' | 'decisions' | 'hits'
  ]: ExperimentResult[K];
} & { samples: Sample[] };

/** Runs one experiment. Never rejects: an error is a verdict too. */
export async function runExperiment(options: RunOptions): Promise<ExperimentResult> {
  const { clock, experiment, file, seed } = options;
  const startedAt = clock.monotonic();
  const draft: Draft = {
    checks: [],
    phases: [],
    faults: [],
    place: undefined,
    marks: [],
    periods: [],
    decisions: [],
    hits: [],
    samples: [],
  };
  let failure: FaultlineError | undefined;
  try {
    await withEmulator(options, (emulator) => measure(emulator, options, draft));
  } catch (error) {
    failure = FaultlineError.from(error);
  }
  const { place, samples, ...rest } = draft;
  return {
    title: experiment.title,
    file,
    seed,
    startedAt: clock.now() - (clock.monotonic() - startedAt),
    series: seriesOf(samples, startedAt),
    verdict: failure ? 'error' : verdictOf(draft),
    durationMs: clock.monotonic() - startedAt,
    ...rest,
    ...(place ? { place } : {}),
    ...(failure ? { error: failure.toJSON() } : {}),
  };
}

function verdictOf({ checks, faults }: Draft): ExperimentResult['verdict'] {
  if (checks.some((check) => !check.passed)) return 'failed';
  return faults.some((fault) => fault.injected === 0) ? 'vacuous' : 'passed';
}

async function withEmulator(options: RunOptions, use: (emulator: Emulator) => Promise<void>): Promise<void> {
  throwIfAborted(options.signal);
  const { root, seed } = options;
  const emulator = await options.start({ root, seed, port: 0, controlPort: 0, watch: false, stateFile: false });
  try {
    await use(emulator);
    throwIfAborted(options.signal);
  } finally {
    await emulator.faults.clear().catch(() => 0);
    await emulator.stop();
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new FaultlineError('STOPPING', 'interrupted before the end');
}

async function measure(emulator: Emulator, options: RunOptions, draft: Draft): Promise<void> {
  const { experiment, file, clock } = options;
  const reached = targetFunction(emulator.snapshot().functions, experiment.target);
  if (reached) draft.place = await handlerPlace(reached.file, reached.export);
  const probe = createProbe(emulator, experiment.target, file);
  const places = options.faultPlaces ?? experiment.faults.map(() => ({ file }));
  const plan = await FaultPlan.prepare(clock, emulator.faults, experiment.faults, places);
  draft.faults = plan.untouched;
  const load: Load = {
    rate: experiment.load.rate ?? DEFAULT_RATE,
    durationMs: experiment.load.for,
    safetyMs: (reached?.timeoutMs ?? DEFAULT_TIMEOUT_MS) + SAFETY_MARGIN_MS,
  };
  try {
    await warmUp(options, load, probe);
    if (!(await phase('steadyState', experiment.steadyState, options, load, probe, draft))) return;
    await plan.on();
    options.onProgress?.({ type: 'faults', on: true, summaries: plan.summaries });
    await phase('during', experiment.during, options, load, probe, draft);
    draft.faults = await plan.off();
    options.onProgress?.({ type: 'faults', on: false, summaries: plan.summaries });
    if (experiment.after) await phase('after', experiment.after, options, load, probe, draft);
  } finally {
    plan.dispose();
  }
}

/** One request to the end, which starts what it needs, then a load that starts as many instances as the rate needs. */
async function warmUp({ clock, onProgress, signal = never }: RunOptions, load: Load, probe: Probe): Promise<void> {
  const rest: Load = { ...load, durationMs: WARM_UP_MS };
  onProgress?.({ type: 'warm-up', requests: 1 + plannedRequests(rest) });
  await sendLoad(clock, { ...load, durationMs: 0 }, probe, signal);
  await sendLoad(clock, rest, probe, signal);
  throwIfAborted(signal);
}

/** @returns whether every check of the phase passed */
async function phase(
  name: Phase,
  expectation: Expectation,
  { clock, onProgress, signal = never }: RunOptions,
  load: Load,
  probe: Probe,
  draft: Draft,
): Promise<boolean> {
  onProgress?.({ type: 'phase', phase: name, requests: plannedRequests(load) });
  const samples = await sendLoad(clock, load, probe, signal);
  throwIfAborted(signal);
  const figures = figuresOf(name, samples);
  const checks = checksOf(expectation, figures);
  draft.phases = [...draft.phases, figures];
  draft.checks = [...draft.checks, ...checks];
  onProgress?.({ type: 'figures', figures, checks });
  return checks.every((check) => check.passed);
}

const never = new AbortController().signal;
