import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FaultlineError } from '../contract/errors.js';
import type { ExperimentResult } from '../contract/experiment.js';
import { reporters, type ReporterName } from '../experiments/reporters/index.js';
import type { LoadedExperiment, Progress, Report } from '../experiments/types.js';
import type { CliIo } from './types.js';

/** Who is told of a run: `--reporter NAME` on the terminal, `--reporter NAME=FILE` in a file, several of them at once. */

export interface Reports {
  readonly report: Report;
  /** Writes the files. @throws FaultlineError USAGE for one that cannot be written */
  save(): Promise<void>;
}

interface Wanted {
  readonly name: ReporterName;
  /** Absolute; absent: the terminal. */
  readonly file?: string;
}

/**
 * @param given `spec`, `junit=junit.xml` …
 * @param output where the one without a file goes instead of the terminal
 * @throws FaultlineError USAGE before anything has run: an unknown reporter, two for one place, a folder that is not there
 */
export async function openReports(
  given: readonly string[],
  output: string | undefined,
  seed: string,
  io: CliIo,
): Promise<Reports> {
  const wanted = wantedOf(given, output, io.cwd);
  for (const { file } of wanted) if (file !== undefined) await checkFolder(file);
  const { color, cwd, terminal: live = false } = io;
  const terminal = { write: (text: string) => io.stdout(text), color, live, cwd, seed };
  const files: { file: string; parts: string[] }[] = [];
  const reports = wanted.map(({ name, file }) => {
    if (file === undefined) return reporters[name].open(terminal);
    const parts: string[] = [];
    files.push({ file, parts });
    return reporters[name].open({ ...terminal, write: (text) => void parts.push(text), color: false, live: false });
  });
  return {
    report: all(reports),
    save: async () => {
      for (const { file, parts } of files) await write(file, parts.join(''));
    },
  };
}

/** The terminal always shows something: `spec` when every reporter has a file. */
function wantedOf(given: readonly string[], output: string | undefined, cwd: string): readonly Wanted[] {
  const wanted = (given.length === 0 ? ['spec'] : given).map((text): Wanted => {
    const [, name = text, file] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    return { name: named(name), ...(file === undefined ? {} : { file: path.resolve(cwd, file) }) };
  });
  const open = wanted.filter(({ file }) => file === undefined);
  if (open.length > 1) {
    throw new FaultlineError(
      'USAGE',
      `${open.map(({ name }) => name).join(' and ')} would both write to the terminal`,
      {
        hint: `Give a file to all but one, for example --reporter ${open[1]?.name ?? ''}=report.txt.`,
      },
    );
  }
  if (output !== undefined && open.length === 0)
    throw new FaultlineError('USAGE', `--output ${output} has no reporter: each has a file of its own`, {
      hint: 'Leave --output out.',
    });
  const placed = output === undefined ? wanted : wanted.map((each) => ({ file: path.resolve(cwd, output), ...each }));
  const files = placed.flatMap(({ file }) => file ?? []);
  const twice = files.find((file, i) => files.indexOf(file) !== i);
  if (twice !== undefined)
    throw new FaultlineError('USAGE', `two reporters would write ${twice}`, { hint: 'Give each a file of its own.' });
  return files.length < placed.length ? placed : [...placed, { name: 'spec' }];
}

function named(name: string): ReporterName {
  if (Object.hasOwn(reporters, name)) return name as ReporterName;
  throw new FaultlineError('USAGE', `there is no reporter "${name}"`, {
    hint: `Reporters: ${Object.keys(reporters).join(', ')}; NAME=FILE writes one to a file.`,
  });
}

function all(reports: readonly Report[]): Report {
  return {
    start: (one: LoadedExperiment) => reports.forEach((report) => report.start?.(one)),
    progress: (event: Progress) => reports.forEach((report) => report.progress?.(event)),
    retried: (result: ExperimentResult) => reports.forEach((report) => report.retried?.(result)),
    result: (result: ExperimentResult) => reports.forEach((report) => report.result?.(result)),
    end: (results) => reports.forEach((report) => report.end(results)),
  };
}

/** Told before minutes of experiments, whose results would have nowhere to go. */
async function checkFolder(file: string): Promise<void> {
  const folder = await stat(path.dirname(file)).catch(() => undefined);
  if (!folder?.isDirectory()) throw unwritable(file, 'there is no such folder');
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: Error) => {
    throw unwritable(file, error.message);
  });
}

function unwritable(file: string, why: string): FaultlineError {
  return new FaultlineError('USAGE', `cannot write ${file}: ${why}`, {
    hint: 'Name a file in a folder that exists.',
    place: { file },
  });
}
