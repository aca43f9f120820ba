import { languageOf } from '../../../lint/language.js';
import type { PythonWasm } from '../../../lint/index.js';
import type { Finding } from '../../contract/findings.js';
import type { LintCache } from './cache.js';
import { fixFiles } from './fix.js';
import type { FileLinter } from './lint-file.js';
import { poolFor } from './pool.js';
import type { Project } from './project.js';
import type { FileResult } from './result.js';

/** Lints many files: what a cache knows is not linted again, and the rest is spread over threads where that pays. */

export interface RunOptions {
  readonly files: readonly string[];
  readonly project: Project;
  readonly cache: LintCache | undefined;
  readonly fix: boolean;
  readonly pythonWasm: PythonWasm | undefined;
  readonly signal: AbortSignal;
}

export interface Run {
  /** In the order of the files; those that are neither JavaScript, TypeScript nor Python are not among them. */
  readonly results: ReadonlyMap<string, FileResult>;
  readonly unsupported: number;
  /** How many fixes were written, and how many files. */
  readonly fixed: number;
}

export async function lintFiles(options: RunOptions): Promise<Run> {
  const { cache, signal } = options;
  const files = options.files.filter((each) => languageOf(each) !== undefined);
  const found = new Map<string, FileResult>();
  for (const file of files) {
    const result = cache?.get(file);
    if (result !== undefined) found.set(file, result);
  }
  const missing = files.filter((each) => !found.has(each));
  let local: Promise<FileLinter> | undefined;
  const here = (): Promise<FileLinter> => (local ??= localLinter(options));
  let absent: string[] = [];
  let settings: string[] = [];
  const pool = await poolFor(missing, options);
  if (pool !== undefined) {
    const answer = await pool;
    for (const [file, result] of answer.results) found.set(file, result);
    ({ absent, settings } = { absent: [...answer.lookups.absent], settings: [...answer.lookups.settings] });
  } else {
    for (const file of missing) {
      if (signal.aborted) break;
      found.set(file, await (await here()).lint(file));
    }
  }
  for (const file of missing) put(cache, file, found.get(file));
  let fixed = 0;
  if (options.fix && !signal.aborted) {
    const fixes = await fixFiles(found, here, signal);
    fixed = fixes.number;
    for (const file of fixes.written) cache?.forget(file);
    for (const file of fixes.changed) put(cache, file, found.get(file));
  }
  const lookups = (await local)?.lookups();
  // An interrupted run has seen some files; what it saw is true all the same.
  cache?.save({
    absent: [...absent, ...(lookups?.absent ?? [])],
    settings: [...settings, ...(lookups?.settings ?? [])],
  });
  const results = new Map(
    files.flatMap((file) => (found.has(file) ? [[file, found.get(file) ?? nothing] as const] : [])),
  );
  return { results, unsupported: options.files.length - files.length, fixed };
}

const nothing: FileResult = { findings: [], dependencies: [], versions: {} };

function put(cache: LintCache | undefined, file: string, result: FileResult | undefined): void {
  if (result !== undefined) cache?.put(file, result);
}

async function localLinter({ project, pythonWasm }: RunOptions): Promise<FileLinter> {
  const { createFileLinter } = await import('./lint-file.js');
  return createFileLinter({
    profileOf: (file) => project.profileOf(file),
    surroundings: (file) => project.surroundings(file),
    pythonWasm,
  });
}

export function findingsOf(results: ReadonlyMap<string, FileResult>): Finding[] {
  return [...results.values()].flatMap((each) => each.findings);
}
