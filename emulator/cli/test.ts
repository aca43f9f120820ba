import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { systemClock, type Clock } from '../clock.js';
import { ExitCode, errorTable, FaultlineError } from '../contract/errors.js';
import type { ExperimentResult } from '../contract/experiment.js';
import type { StartEmulator } from '../contract/library.js';
import { findExperiments, parseShard, shardOf } from '../experiments/find.js';
import { loadFiles } from '../experiments/load.js';
import { reporters, type ReporterName } from '../experiments/reporters/index.js';
import { runExperiment } from '../experiments/runner.js';
import type { LoadedExperiment, Report } from '../experiments/types.js';
import type { CliCommand, CliIo } from './types.js';

/** `faultline test`: runs experiments, each in an emulator of its own, one after the other. */

export interface TestOptions {
  readonly reporter?: string;
  readonly output?: string;
  readonly seed?: string;
  readonly shard?: string;
}

/** What the command needs beside its arguments; injected in tests. */
export interface TestDependencies {
  readonly clock: Clock;
  readonly start: StartEmulator;
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
      .argument('[files...]', 'experiment files, folders or patterns (default: every *.experiment.yaml below here)')
      .option('--reporter <name>', `how results are told: ${names.join(', ')}`, 'spec')
      .option('--output <file>', 'write the results to a file; the terminal shows spec')
      .option('--seed <seed>', 'repeat a run: the same seed draws the same faults (default: a random one, printed)')
      .option('--shard <i/n>', 'run the ith of n parts, for several machines')
      .action(async (files: string[], options: TestOptions) => {
        done(await runTests(files, options, io, dependencies));
      });
  },
};

/**
 * @returns the exit code: 0 all passed, 1 one failed, was vacuous or was interrupted, 2 one is invalid, 3 an emulator failed
 * @throws FaultlineError USAGE, EXPERIMENT_INVALID or CONFIG_NOT_FOUND before anything has run
 */
export async function runTests(
  files: readonly string[],
  options: TestOptions,
  io: CliIo,
  { clock, start }: TestDependencies,
): Promise<number> {
  const reporter = reporterNamed(options.reporter ?? 'spec');
  const shard = options.shard === undefined ? undefined : parseShard(options.shard);
  const found = await findExperiments(files, io.cwd);
  const mine = shard ? shardOf(found, io.cwd, shard.index, shard.count) : found;
  const loaded = await loadFiles(mine);
  const seed = options.seed ?? String(randomBytes(4).readUInt32LE());
  const output: string[] = [];
  const report = openReport(reporter, options.output, seed, io, output);
  const results: ExperimentResult[] = [];
  for (const one of loaded) {
    if (io.signal.aborted) break;
    report.start?.(one);
    const result = await runExperiment({
      ...one,
      start,
      clock,
      seed,
      signal: io.signal,
      onProgress: (event) => report.progress?.(event),
    });
    report.result?.(result);
    results.push(result);
  }
  report.end(results);
  if (options.output !== undefined) await writeOutput(path.resolve(io.cwd, options.output), output.join(''));
  return io.signal.aborted ? ExitCode.Failed : exitCodeOf(results);
}

/** With `--output` the format goes to the file, and the terminal still shows what happens. */
function openReport(name: ReporterName, output: string | undefined, seed: string, io: CliIo, lines: string[]): Report {
  const terminal = { write: (text: string) => io.stdout(text), color: io.color, cwd: io.cwd, seed };
  if (output === undefined) return reporters[name].open(terminal);
  const file = reporters[name].open({ ...terminal, write: (text) => void lines.push(text), color: false });
  return both(file, reporters.spec.open(terminal));
}

function both(a: Report, b: Report): Report {
  const all = [a, b];
  return {
    start: (one: LoadedExperiment) => all.forEach((report) => report.start?.(one)),
    progress: (event) => all.forEach((report) => report.progress?.(event)),
    result: (result) => all.forEach((report) => report.result?.(result)),
    end: (results) => all.forEach((report) => report.end(results)),
  };
}

function reporterNamed(name: string): ReporterName {
  if (Object.hasOwn(reporters, name)) return name as ReporterName;
  throw new FaultlineError('USAGE', `there is no reporter "${name}"`, {
    hint: `Reporters: ${Object.keys(reporters).join(', ')}.`,
  });
}

async function writeOutput(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: Error) => {
    throw new FaultlineError('USAGE', `cannot write ${file}: ${error.message}`, {
      hint: 'Name a file in a folder that exists.',
      place: { file },
    });
  });
}

/** The worst of the results: an emulator that failed, then an invalid experiment, then one that did not pass. */
function exitCodeOf(results: readonly ExperimentResult[]): number {
  const codes = results.map(({ verdict, error }) => {
    if (error) return errorTable[error.code].exit;
    return verdict === 'passed' ? ExitCode.Ok : ExitCode.Failed;
  });
  return Math.max(ExitCode.Ok, ...codes);
}
