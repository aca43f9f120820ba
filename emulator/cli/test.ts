import { randomBytes } from 'node:crypto';
import { systemClock, type Clock } from '../clock.js';
import { ExitCode, errorTable, FaultlineError } from '../contract/errors.js';
import type { ExperimentResult } from '../contract/experiment.js';
import type { StartEmulator } from '../contract/library.js';
import { findExperiments, parseShard, shardOf } from '../experiments/find.js';
import { loadFiles } from '../experiments/load.js';
import { reporters } from '../experiments/reporters/index.js';
import { runRounds, type Rounds } from '../experiments/rounds.js';
import { runExperiment } from '../experiments/runner.js';
import type { ImportExperiment, Report } from '../experiments/types.js';
import { importerFor } from './imported.js';
import { openReports } from './test-reports.js';
import type { CliCommand, CliIo } from './types.js';

/** `faultline test`: runs experiments, each in an emulator of its own, one after the other. */

export interface TestOptions {
  /** `NAME` or `NAME=FILE`, one or several. */
  readonly reporter?: string | readonly string[];
  readonly output?: string;
  readonly seed?: string;
  readonly shard?: string;
  readonly repeat?: string;
  readonly retries?: string;
  /** true: after the first. */
  readonly bail?: string | boolean;
}

/** What the command needs beside its arguments; injected in tests. */
export interface TestDependencies {
  readonly clock: Clock;
  readonly start: StartEmulator;
  /** Reads files of other tools that are given. */
  readonly importExperiment?: ImportExperiment;
}

/** Imported late: `--help` and a mistyped option must not wait for the engine. */
const dependencies: TestDependencies = {
  clock: systemClock,
  start: async (options) => (await import('../emulator.js')).startEmulator(options),
};

export const testCommand: CliCommand = {
  register(program, io, done) {
    const names = Object.keys(reporters);
    program
      .command('test')
      .description('Run experiments: break functions on purpose and check what must hold')
      .argument(
        '[files...]',
        'experiment files, folders or patterns of ours or of other tools (default: every *.experiment.yaml below here)',
      )
      .option(
        '--reporter <name>',
        `how results are told: ${names.join(', ')}; NAME=FILE in a file, repeatable (default: spec)`,
        (value: string, before: readonly string[] = []) => [...before, value],
      )
      .option('--output <file>', 'write the results to a file; the terminal shows spec')
      .option('--seed <seed>', 'repeat a run: the same seed draws the same faults (default: a random one, printed)')
      .option('--shard <i/n>', 'run the ith of n parts, for several machines')
      .option('--repeat <n>', 'run each experiment n times with the same seed, and tell which are flaky')
      .option('--retries <n>', 'run one that fails again, at most n times (default: 0)')
      .option('--bail [n]', 'start nothing more once n have failed (default: 1)')
      .action(async (files: string[], options: TestOptions) => {
        done(await runTests(files, options, io, { ...dependencies, importExperiment: importerFor(io) }));
      });
  },
};

/**
 * @returns the exit code: 0 all passed, 1 one failed, was vacuous or was interrupted, 2 one is invalid, 3 an emulator failed,
 *   99 a threshold has ended one
 * @throws FaultlineError USAGE, EXPERIMENT_INVALID or CONFIG_NOT_FOUND before anything has run
 */
export async function runTests(
  files: readonly string[],
  options: TestOptions,
  io: CliIo,
  { clock, start, importExperiment }: TestDependencies,
): Promise<number> {
  const shard = options.shard === undefined ? undefined : parseShard(options.shard);
  const rounds = roundsOf(options);
  const seed = seedOf(options.seed);
  const { report, save } = await openReports([options.reporter ?? []].flat(), options.output, seed, io);
  const found = await findExperiments(files, io.cwd);
  const mine = shard ? shardOf(found, io.cwd, shard.index, shard.count) : found;
  const loaded = await loadFiles(mine, importExperiment);
  const onProgress: Report['progress'] = (event) => report.progress?.(event);
  const results = await runRounds(loaded, rounds, {
    run: (one) => {
      report.start?.(one);
      return runExperiment({ ...one, start, clock, seed, signal: io.signal, onProgress });
    },
    result: (result) => report.result?.(result),
    retried: (result) => report.retried?.(result),
    interrupted: () => io.signal.aborted,
  });
  report.end(results);
  await save();
  return io.signal.aborted ? ExitCode.Failed : exitCodeOf(results);
}

/**
 * A whole number, so that whoever reads it in a log can type it.
 * @throws FaultlineError USAGE
 */
function seedOf(text: string | undefined): string {
  if (text === undefined) return String(randomBytes(4).readUInt32LE());
  if (/^\d+$/.test(text) && Number(text) <= Number.MAX_SAFE_INTEGER) return String(Number(text));
  throw new FaultlineError('USAGE', `--seed ${text} is not a whole number`, {
    hint: `Give a number from 0 to ${Number.MAX_SAFE_INTEGER}, as a run prints it, for example --seed 7.`,
  });
}

function roundsOf({ repeat, retries, bail }: TestOptions): Rounds {
  return {
    repeat: whole('--repeat', repeat ?? '1', 1, 10_000),
    retries: whole('--retries', retries ?? '0', 0, 100),
    bail: bail === undefined || bail === false ? Infinity : bail === true ? 1 : whole('--bail', bail, 1, 1_000_000),
  };
}

/** @throws FaultlineError USAGE that names the option */
function whole(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new FaultlineError('USAGE', `${option} ${text} is not a whole number from ${min} to ${max}`, {
    hint: `Write for example ${option} ${Math.max(min, 2)}.`,
  });
}

/** The highest code of all: a threshold that ended a run, an emulator that failed, an invalid experiment, one that did not pass. */
function exitCodeOf(results: readonly ExperimentResult[]): number {
  const codes = results.map(({ verdict, error }) => {
    if (error) return errorTable[error.code].exit;
    if (verdict === 'aborted') return ExitCode.Aborted;
    return verdict === 'passed' ? ExitCode.Ok : ExitCode.Failed;
  });
  return Math.max(ExitCode.Ok, ...codes);
}
