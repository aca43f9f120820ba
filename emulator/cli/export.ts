import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { InvalidArgumentError } from 'commander';
import { ExitCode, FaultlineError } from '../contract/errors.js';
import { loadConfig } from '../config/index.js';
import { exporters } from '../experiments/exporters/index.js';
import { exportExperiment, leftOutLine } from '../experiments/foreign/export.js';
import { workspaceOf } from '../experiments/find.js';
import { parseExperiment } from '../experiments/load.js';
import { faultCatalog } from '../faults/catalog.js';
import { writeOutput } from './output.js';
import { createStyle } from './style.js';
import type { CliCommand, CliIo } from './types.js';

interface ExportCommandOptions {
  readonly to: string;
  readonly role?: string;
  readonly account?: string;
  readonly region?: string;
  readonly control?: string;
  readonly output?: string;
}

/** `faultline export`: an experiment that passes here, to run on the real thing. */
export const exportCommand: CliCommand = {
  register(program, io, done) {
    program
      .command('export')
      .description('Turn an experiment into a document of another tool, to run it on the real thing')
      .argument('<experiment>', 'experiment file')
      .requiredOption('--to <format>', `what to write: ${Object.keys(exporters).join(', ')}`)
      .option('--role <arn>', 'IAM role that AWS FIS takes on', roleArn)
      .option('--account <number>', 'AWS account (default: that of the role)', accountNumber)
      .option('--region <name>', 'AWS region')
      .option('--control <url>', 'chaostoolkit: ask the emulator at this URL for the faults, not AWS', httpUrl)
      .option('--output <file>', 'write to a file (default: standard output)')
      .action(async (file: string, options: ExportCommandOptions) => done(await exportFile(file, options, io)));
  },
};

async function exportFile(given: string, options: ExportCommandOptions, io: CliIo): Promise<number> {
  const file = path.resolve(io.cwd, given);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? `there is no file ${given}` : `cannot read ${given}: ${error.message}`;
    throw new FaultlineError('USAGE', reason, { place: { file } });
  });
  const { experiment } = parseExperiment(text, file);
  const exported = exportExperiment(experiment, options.to, {
    functions: await functionsOf(file),
    defaultsOf,
    options,
  });
  if (options.output === undefined) io.stdout(exported.text);
  else await writeOutput(io.cwd, options.output, exported.text);
  const style = createStyle(io.color);
  for (const one of exported.leftOut) io.stderr(`${style.yellow('not carried over')} ${leftOutLine(one)}\n`);
  for (const todo of exported.todo) io.stderr(`${style.yellow('to do')} ${todo}\n`);
  const use = exported.use.replace('FILE', options.output ?? 'FILE');
  io.stderr(`${exported.title}${options.output === undefined ? '' : ` in ${options.output}`}; run it with: ${use}\n`);
  return ExitCode.Ok;
}

/** None where the experiment lies in no workspace: then only faults that name their function can be exported. */
async function functionsOf(file: string): Promise<readonly string[]> {
  const root = await workspaceOf(file).catch(() => undefined);
  if (root === undefined) return [];
  const { functions } = await loadConfig(root);
  return functions.map(({ name }) => name);
}

function defaultsOf(kind: string): Readonly<Record<string, unknown>> {
  const properties = faultCatalog.find((entry) => entry.kind === kind)?.params.properties ?? {};
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, schema.default]));
}

function roleArn(text: string): string {
  if (/^arn:[\w-]+:iam::\d{12}:role\/\S+$/.test(text)) return text;
  throw new InvalidArgumentError('Give the ARN of a role, for example arn:aws:iam::123456789012:role/fis.');
}

function accountNumber(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError('Give the 12 digits of an account.');
}

function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, '');
  throw new InvalidArgumentError('Give a URL, for example http://127.0.0.1:3001.');
}
