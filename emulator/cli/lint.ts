import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { listFiles, reason } from '../../lint/files.js';
import type { FileList } from '../../lint/files.js';
import type { PythonWasm, Surroundings } from '../../lint/index.js';
import { reporterNames, reporters } from '../../lint/reporters/index.js';
import type { Reporter } from '../../lint/reporters/index.js';
import { ExitCode, FaultlineError } from '../contract/errors.js';
import type { Finding } from '../contract/findings.js';
import { openCache } from './lint/cache.js';
import { changedOnly } from './lint/changed.js';
import { findingsAllowed, presets } from './lint/options.js';
import type { LintOptions } from './lint/options.js';
import { openProject } from './lint/project.js';
import type { Project } from './lint/project.js';
import { reportOf } from './lint/report.js';
import { findingsOf, lintFiles } from './lint/run.js';
import type { Run } from './lint/run.js';
import { judge } from './lint/verdict.js';
import type { Verdict } from './lint/verdict.js';
import { PROVE_OPTION, proveArguments } from './prove-arguments.js';
import type { ProveDependencies } from './prove.js';
import type { CliCommand, CliIo } from './types.js';

/** `faultline lint`: reads handler code for missing timeouts and error handling. */

/** What tests put in the place of what the project says. */
export interface LintDependencies extends ProveDependencies {
  readonly surroundings?: (file: string) => Surroundings;
}

const collect = (word: string, before: readonly string[] = []): readonly string[] => [...before, word];

export function createLintCommand(dependencies: LintDependencies = {}): CliCommand {
  return {
    register(program, io, done) {
      program
        .command('lint')
        .description('Find missing timeouts and missing error handling in handlers (JavaScript, TypeScript, Python)')
        .argument('[paths...]', 'files and folders (default: this folder)')
        .option('--format <name>', `how findings are shown: ${reporterNames.join(', ')}`, 'stylish')
        .option('--preset <name>', `which rules run: ${presets.join(', ')} (default: recommended)`)
        .option('--rule <rule=level>', 'set a rule to off, info, warning or error, repeatable', collect)
        .option('--fix', 'apply the fixes that keep behaviour, then report what is left')
        .option('--max-findings <n>', 'exit 0 with up to n errors and warnings', '0')
        .option('--since <revision>', 'only files changed since a revision of git, and what depends on them')
        .option(
          '--baseline <file>',
          'leave out the findings in it (default: .faultline-lint-baseline.json if there is one)',
        )
        .option('--update-baseline', 'write what is found now into the baseline')
        .option('--no-cache', 'lint every file, also what has not changed since the last run')
        .option(...PROVE_OPTION)
        .addHelpText('after', help)
        .action(async (given: string[], options: LintOptions) => {
          const { paths, prove } = proveArguments(given, options.prove);
          done(await runLint(paths, { ...options, prove }, io, dependencies));
        });
    },
  };
}

const help = `
Settings are in the section lint: of faultline.yaml. Exit codes: 0 fine, 1 findings, 2 wrong use.

  faultline lint --update-baseline          an old project: what is there now is known, only new findings are told
  faultline lint --since main --format github   in CI: the files of a pull request, as annotations`;

export const lintCommand: CliCommand = createLintCommand();

/**
 * @returns 0 when there are no more errors and warnings than allowed, else 1; notes never count
 * @throws FaultlineError USAGE for what is typed wrong, CONFIG_INVALID for settings or a baseline that are
 */
export async function runLint(
  paths: readonly string[],
  options: LintOptions,
  io: CliIo,
  dependencies: LintDependencies = {},
): Promise<number> {
  const reporter = reporterNamed(options.format ?? 'stylish');
  const allowed = findingsAllowed(options.maxFindings ?? '0');
  const list = await listFiles(await existing(paths.length === 0 ? ['.'] : paths, io.cwd));
  const project = await projectOf(list, options, io, dependencies);
  const files = list.files.filter((file) => !project.ignores(file));
  const changed = await changedOnly(options.since, project, io);
  const cache = options.cache === false ? undefined : openCache(io.cwd, project);
  const run = await lintFiles({
    files: changed.worthLooking(files),
    project,
    cache,
    fix: options.fix === true,
    pythonWasm: shippedWasm(),
    signal: io.signal,
  });
  if (io.signal.aborted) return ExitCode.Failed;
  const seen = changed.of(run.results);
  const verdict = await proved(await judge(findingsOf(seen), [...seen.keys()], options, io), options, io, dependencies);
  const report = reportOf({ list, run, seen, verdict, ignored: list.files.length - files.length, io });
  for (const problem of report.problems) io.stderr(`faultline lint: cannot read ${problem}\n`);
  io.stdout(reporter(await report.make()));
  for (const line of [...fixNotes(run, verdict.findings, options), ...verdict.notes]) io.stderr(`${line}\n`);
  const failing = verdict.findings.filter((each) => each.severity !== 'info').length;
  return failing > allowed ? ExitCode.Failed : ExitCode.Ok;
}

async function proved(
  verdict: Verdict,
  { prove }: LintOptions,
  io: CliIo,
  dependencies: LintDependencies,
): Promise<Verdict> {
  if (prove === undefined || prove === false) return verdict;
  const { proveFindings } = await import('./prove.js');
  return { ...verdict, findings: await proveFindings(verdict.findings, prove, io, dependencies) };
}

async function projectOf(
  list: FileList,
  options: LintOptions,
  io: CliIo,
  dependencies: LintDependencies,
): Promise<Project> {
  const project = await openProject(list.files, io.cwd, options);
  for (const note of project.notes) io.stderr(`faultline lint: the functions are not known: ${note}\n`);
  const { surroundings } = dependencies;
  if (surroundings === undefined) return project;
  return { ...project, surroundings, functionsOf: (file) => surroundings(file).functions };
}

function fixNotes(run: Run, left: readonly Finding[], options: LintOptions): string[] {
  const unsafe = left.filter((each) => each.fixes?.some((one) => !one.safe) === true).length;
  return [
    ...(run.fixed > 0 ? [`Fixed ${String(run.fixed)} finding${run.fixed === 1 ? '' : 's'}.`] : []),
    ...(options.fix === true && unsafe > 0 ? [unsafeNote(unsafe)] : []),
  ];
}

function unsafeNote(number: number): string {
  const what =
    number === 1 ? '1 more finding has a fix that changes' : `${String(number)} more findings have fixes that change`;
  return `${what} behaviour; review it in the editor (a known function timeout makes timeouts safe to write).`;
}

function reporterNamed(name: string): Reporter {
  const found = Object.entries(reporters).find(([key]) => key === name);
  if (found !== undefined) return found[1];
  const hint = `Formats are ${reporterNames.join(', ')}.`;
  throw new FaultlineError('USAGE', `There is no format "${name}".`, { hint });
}

async function existing(paths: readonly string[], cwd: string): Promise<string[]> {
  return Promise.all(
    paths.map(async (given) => {
      const full = path.resolve(cwd, given);
      try {
        await stat(full);
        return full;
      } catch (error) {
        const hint = 'Name files or folders that exist, relative to this folder.';
        throw new FaultlineError('USAGE', `Cannot lint ${given}: ${reason(error)}.`, { hint, cause: error });
      }
    }),
  );
}

/** The WebAssembly files of a shipped build, beside the bundle; undefined in development. */
function shippedWasm(): PythonWasm | undefined {
  const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), 'lint');
  const runtime = path.join(folder, 'web-tree-sitter.wasm');
  const grammar = path.join(folder, 'tree-sitter-python.wasm');
  return existsSync(runtime) && existsSync(grammar) ? { runtime, grammar } : undefined;
}
