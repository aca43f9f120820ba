import type { Clock } from '../clock.js';
import { FaultlineError, type ErrorPlace } from '../contract/errors.js';
import type { Experiment, ExperimentResult } from '../contract/experiment.js';
import type { Emulator, StartOptions } from '../contract/library.js';
import { Course } from './course.js';
import { Draft } from './draft.js';
import type { Progress } from './types.js';

/**
 * One experiment, in an emulator of its own: start → its course → stop. Whatever happens, the faults are cleared and the
 * emulator is stopped.
 */

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
  /** Nothing is sent while the faults are off; the steady state is not checked. */
  readonly faultsOnly?: boolean;
  /** Ends the experiment early; it cleans up and the verdict is `error`. */
  readonly signal?: AbortSignal;
}

/** Runs one experiment. Never rejects: an error is a verdict too. */
export async function runExperiment(options: RunOptions): Promise<ExperimentResult> {
  const { clock, experiment, file, seed, root } = options;
  const draft = new Draft(clock);
  let failure: FaultlineError | undefined;
  try {
    await withEmulator(options, (emulator, signal) => {
      const faultPlaces = options.faultPlaces ?? experiment.faults.map(() => ({ file }));
      const onProgress = options.onProgress ?? ignore;
      const { faultsOnly } = options;
      const parts = { emulator, experiment, file, root, faultPlaces, clock, draft, onProgress, signal, faultsOnly };
      return new Course(parts).run();
    });
  } catch (error) {
    failure = FaultlineError.from(error);
  }
  return {
    title: experiment.title,
    file,
    seed,
    ...draft.result(),
    ...(failure ? { verdict: 'error', error: failure.toJSON() } : {}),
  };
}

const ignore = (): void => undefined;
const never = new AbortController().signal;

async function withEmulator(
  { root, seed, start, signal = never, experiment: { timeScale } }: RunOptions,
  use: (emulator: Emulator, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  throwIfAborted(signal);
  const emulator = await start({
    root,
    seed,
    port: 0,
    controlPort: 0,
    watch: false,
    stateFile: false,
    // What an experiment sends is nobody else's, and must not wait for the next run.
    store: 'memory',
    ...(timeScale === 1 ? {} : { timeScale }),
  });
  try {
    await use(emulator, signal);
    throwIfAborted(signal);
  } finally {
    await emulator.faults.clear().catch(() => 0);
    await emulator.stop();
  }
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new FaultlineError('STOPPING', 'interrupted before the end');
}
