import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { diskFiles } from '../../lint/disk.js';
import { isGenerated, listFiles, maxBytes, reason } from '../../lint/files.js';
import type { FileList } from '../../lint/files.js';
import { installedIn } from '../../lint/installed.js';
import { applyEdits, compatibleFixes, createLinter, languageOf } from '../../lint/index.js';
import type {
  DeployedFunction,
  FaultlineLinter,
  LinterOptions,
  ProjectFiles,
  PythonWasm,
  Surroundings,
} from '../../lint/index.js';
import { reporters } from '../../lint/reporters/index.js';
import type { LintReport, Reporter } from '../../lint/reporters/index.js';
import { ExitCode, FaultlineError } from '../contract/errors.js';
import type { Finding, Language, RuleMeta } from '../contract/findings.js';
import { deployedFunctions } from './deployed-functions.js';
import { PROVE_OPTION, proveArguments, proveFindings, type ProveDependencies } from './prove.js';
import type { CliCommand, CliIo } from './types.js';

/** `faultline lint`: reads handler code for missing timeouts and error handling. */

export interface LintOptions {
  readonly format?: string;
  readonly fix?: boolean;
  readonly maxFindings?: string;
  /** true: every finding that has an experiment; else the one with this fingerprint. */
  readonly prove?: string | boolean;
}

/** What the command needs beside its arguments; whoever knows the configuration can tell the functions. */
export type LintDependencies = Pick<LinterOptions, 'surroundings' | 'rules' | 'pythonWasm'> & ProveDependencies;

export function createLintCommand(dependencies: LintDependencies = {}): CliCommand {
  return {
    register(program, io, done) {
      program
        .command('lint')
        .description('Find missing timeouts and missing error handling in handlers (JavaScript, TypeScript, Python)')
        .argument('[paths...]', 'files and folders (default: this folder)')
        .option('--format <name>', `how findings are shown: ${Object.keys(reporters).join(', ')}`, 'stylish')
        .option('--fix', 'apply the fixes that keep behaviour, then report what is left')
        .option('--max-findings <n>', 'exit 0 with up to n errors and warnings', '0')
        .option(...PROVE_OPTION)
        .action(async (given: string[], options: LintOptions) => {
          const { paths, prove } = proveArguments(given, options.prove);
          done(await runLint(paths, { ...options, prove }, io, dependencies));
        });
    },
  };
}

export const lintCommand: CliCommand = createLintCommand();

/**
 * @returns 0 when there are no more errors and warnings than allowed, else 1; notes never count
 * @throws FaultlineError USAGE for a path that does not exist, an unknown format or a bad number
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
  const wasm = dependencies.pythonWasm ?? shippedWasm();
  const languages = new Set(list.files.map(languageOf).filter((each): each is Language => each !== undefined));
  const files = diskFiles();
  const linter = await createLinter({
    surroundings: surroundings(await deployedFunctions(list.files), files),
    files,
    ...dependencies,
    languages: [...languages],
    ...(wasm === undefined ? {} : { pythonWasm: wasm }),
  });
  const run = await lintFiles(list, linter, options.fix === true, io);
  for (const problem of run.problems) io.stderr(`faultline lint: cannot read ${problem}\n`);
  run.findings = await proveFindings(run.findings, options.prove, io, dependencies);
  io.stdout(reporter(await report(list, run, io)));
  if (run.fixed > 0) io.stderr(`Fixed ${String(run.fixed)} finding${run.fixed === 1 ? '' : 's'}.\n`);
  if (options.fix === true && run.unsafe > 0) io.stderr(unsafeNote(run.unsafe));
  const failing = run.findings.filter((each) => each.severity !== 'info').length;
  return failing > allowed ? ExitCode.Failed : ExitCode.Ok;
}

function surroundings(
  functions: (file: string) => readonly DeployedFunction[],
  files: ProjectFiles,
): (file: string) => Surroundings {
  return (file) => ({ functions: functions(file), installed: installedIn(files, file) });
}

function unsafeNote(number: number): string {
  const what =
    number === 1 ? '1 more finding has a fix that changes' : `${String(number)} more findings have fixes that change`;
  return `${what} behaviour; review it in the editor (a known function timeout makes timeouts safe to write).\n`;
}

function reporterNamed(name: string): Reporter {
  const found = Object.entries(reporters).find(([key]) => key === name);
  if (found !== undefined) return found[1];
  const hint = `Formats are ${Object.keys(reporters).join(', ')}.`;
  throw new FaultlineError('USAGE', `There is no format "${name}".`, { hint });
}

function findingsAllowed(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new FaultlineError('USAGE', `--max-findings takes a whole number from 0, not "${text}".`);
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

interface Run {
  findings: Finding[];
  readonly problems: string[];
  linted: number;
  generated: number;
  unsupported: number;
  fixed: number;
  unsafe: number;
}

async function lintFiles(list: FileList, linter: FaultlineLinter, fix: boolean, io: CliIo): Promise<Run> {
  const run: Run = {
    findings: [],
    problems: [...list.problems],
    linted: 0,
    generated: 0,
    unsupported: 0,
    fixed: 0,
    unsafe: 0,
  };
  for (const file of list.files) {
    if (io.signal.aborted) break;
    if (languageOf(file) === undefined) {
      run.unsupported++;
      continue;
    }
    try {
      await lintFile(file, linter, fix, run);
    } catch (error) {
      run.problems.push(`${file}: ${reason(error)}`);
    }
  }
  return run;
}

async function lintFile(file: string, linter: FaultlineLinter, fix: boolean, run: Run): Promise<void> {
  const raw = await readFile(file, 'utf8');
  // A byte order mark is not part of the text that positions count in; it is put back when the file is written.
  const mark = raw.startsWith('\uFEFF') ? '\uFEFF' : '';
  const text = raw.slice(mark.length);
  if (isGenerated(text)) {
    run.generated++;
    return;
  }
  let findings = linter.lintText(text, { file });
  const fixes = fix ? compatibleFixes(findings) : [];
  if (fixes.length > 0) {
    const fixed = applyEdits(
      text,
      fixes.flatMap((each) => each.edits),
    );
    const left = linter.lintText(fixed, { file });
    // A fix that breaks the file would be our defect: then the file stays as it is.
    if (!left.some((each) => each.rule === 'syntax-error')) {
      await writeFile(file, mark + fixed);
      run.fixed += fixes.length;
      findings = left;
    }
  }
  run.linted++;
  run.unsafe += findings.filter((each) => each.fixes?.some((one) => !one.safe) === true).length;
  run.findings.push(...findings);
}

async function report(list: FileList, run: Run, io: CliIo): Promise<LintReport> {
  const { rules } = await import('../../lint/rules/index.js');
  return {
    findings: run.findings,
    rules: Object.values<{ meta: RuleMeta }>(rules).map((rule) => rule.meta),
    cwd: io.cwd,
    filesLinted: run.linted,
    skipped: {
      [`over ${String(maxBytes / 1024 / 1024)} MB`]: list.skipped.tooLarge,
      minified: list.skipped.minified,
      generated: run.generated,
      tests: list.skipped.tests,
      'not JavaScript, TypeScript or Python': run.unsupported,
      unreadable: run.problems.length,
    },
    version: await version(),
    color: io.color,
  };
}

/** The package's version, found upward from this file: the layouts of the source and of `dist/` differ. */
async function version(): Promise<string> {
  for (let folder = here(); ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (existsSync(file)) {
      const content: unknown = JSON.parse(await readFile(file, 'utf8'));
      const found =
        typeof content === 'object' && content !== null && 'version' in content ? content.version : undefined;
      return typeof found === 'string' ? found : '0.0.0';
    }
    if (folder === path.dirname(folder)) return '0.0.0';
  }
}

function here(): string {
  return path.dirname(fileURLToPath(import.meta.url));
}

/** The WebAssembly files of a shipped build, beside the bundle; undefined in development. */
function shippedWasm(): PythonWasm | undefined {
  const folder = path.join(here(), 'lint');
  const runtime = path.join(folder, 'web-tree-sitter.wasm');
  const grammar = path.join(folder, 'tree-sitter-python.wasm');
  return existsSync(runtime) && existsSync(grammar) ? { runtime, grammar } : undefined;
}
