import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ExitCode, FaultlineError } from '../contract/errors.js';
import { importDocument } from '../experiments/foreign/import.js';
import { experimentText, leftOutText } from '../experiments/foreign/write.js';
import { importers } from '../experiments/importers/index.js';
import { writeOutput } from './output.js';
import { createStyle } from './style.js';
import type { CliCommand, CliIo } from './types.js';

interface ImportCommandOptions {
  readonly from?: string;
  readonly function?: string;
  readonly target?: string;
  readonly output?: string;
}

/** `faultline import`: what another tool has written, as an experiment of ours. */
export const importCommand: CliCommand = {
  register(program, io, done) {
    program
      .command('import')
      .description('Turn an experiment or faults of another tool into an experiment file')
      .argument('<file>', 'document of the other tool, JSON or YAML; - for standard input')
      .option('--from <format>', `its format: ${Object.keys(importers).join(', ')} (default: by what is in it)`)
      .option('--function <name>', 'function that its faults hit, where it names none or another')
      .option('--target <what>', 'what is called while it is broken: "POST /orders", or a function')
      .option('--output <file>', 'write the experiment to a file (default: standard output)')
      .action(async (file: string, options: ImportCommandOptions) => done(await importFile(file, options, io)));
  },
};

async function importFile(given: string, options: ImportCommandOptions, io: CliIo): Promise<number> {
  const file = given === '-' ? path.join(io.cwd, 'standard-input') : path.resolve(io.cwd, given);
  const text = given === '-' ? await io.stdin() : await read(file, given);
  const imported = importDocument(text, file, { ...options, env: io.env });
  const yaml = experimentText(imported, file, io.cwd);
  if (options.output === undefined) io.stdout(yaml);
  else await writeOutput(io.cwd, options.output, yaml);
  const style = createStyle(io.color);
  const { length } = imported.experiment.faults;
  io.stderr(`${imported.title}: ${String(length)} ${length === 1 ? 'fault' : 'faults'} imported`);
  io.stderr(
    imported.leftOut.length === 0 ? ', nothing left out\n' : `, ${String(imported.leftOut.length)} left out:\n`,
  );
  for (const one of imported.leftOut) io.stderr(`  ${style.yellow('not carried over')} ${leftOutText(one, io.cwd)}\n`);
  for (const assumed of imported.assumed) io.stderr(`  ${style.yellow('assumed')} ${assumed}\n`);
  if (options.output !== undefined) io.stderr(`wrote ${options.output}; next: faultline test ${options.output}\n`);
  return ExitCode.Ok;
}

async function read(file: string, given: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? `there is no file ${given}` : `cannot read ${given}: ${error.message}`;
    throw new FaultlineError('USAGE', reason, { place: { file } });
  });
}
