import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { languageOf } from './language.js';
import { compareText } from './text.js';

/** The one module of this room that reads the disk; for command lines, never imported by the linter itself. */

/** Directories that hold nobody's own code. */
const skippedDirectories: ReadonlySet<string> = new Set(
  '.git .hg .svn node_modules dist build out .faultline coverage .venv venv .tox __pycache__ .aws-sam .serverless cdk.out .next .nuxt .cache vendor site-packages'.split(
    ' ',
  ),
);
const testFile = /(\.|_|-)(test|tests|spec)\.\w+$|^test_.*\.py$|^conftest\.py$/;
const declarations = /\.d\.[cm]?ts$/i;
const minified = /\.min\.[cm]?js$|\.bundle\.[cm]?js$/;

/** Files above this are data or bundles. */
export const maxBytes = 1024 * 1024;

/** The files to lint, in one order on every machine, and what was left out and why. */
export interface FileList {
  readonly files: readonly string[];
  readonly skipped: { minified: number; tooLarge: number; tests: number; declarations: number };
  /** What could not be read, in words. */
  readonly problems: readonly string[];
}

interface Walk {
  readonly files: Set<string>;
  readonly skipped: FileList['skipped'];
  readonly problems: string[];
  /** Real paths of the directories on the way: a link back to one of them is a loop. */
  readonly seen: Set<string>;
}

/**
 * Lists the files below some paths. A path that names a file is taken as it is, also where a walk would skip it;
 * one that does not exist is the caller's to report, so it must exist.
 */
export async function listFiles(paths: readonly string[]): Promise<FileList> {
  const walk: Walk = {
    files: new Set(),
    skipped: { minified: 0, tooLarge: 0, tests: 0, declarations: 0 },
    problems: [],
    seen: new Set(),
  };
  for (const path of paths) {
    const info = await stat(path);
    if (info.isDirectory()) await walkDirectory(path, walk);
    else if (declarations.test(path)) walk.skipped.declarations++;
    else if (info.size > maxBytes) walk.skipped.tooLarge++;
    else walk.files.add(path);
  }
  return { files: [...walk.files].sort(compareText), skipped: walk.skipped, problems: walk.problems };
}

async function walkDirectory(directory: string, walk: Walk): Promise<void> {
  try {
    const real = await realpath(directory);
    if (walk.seen.has(real)) return;
    walk.seen.add(real);
    const names = (await readdir(directory)).sort(compareText);
    for (const name of names) await visit(join(directory, name), name, walk);
  } catch (error) {
    walk.problems.push(`${directory}: ${reason(error)}`);
  }
}

async function visit(path: string, name: string, walk: Walk): Promise<void> {
  try {
    const own = await lstat(path);
    // A link may point anywhere, or nowhere; what it points at is judged like the thing itself.
    const info = own.isSymbolicLink() ? await stat(path) : own;
    if (info.isDirectory()) {
      if (!skippedDirectories.has(name) && name !== '__tests__') await walkDirectory(path, walk);
    } else if (info.isFile() && languageOf(name) !== undefined) {
      take(path, name, info.size, walk);
    }
  } catch (error) {
    if (languageOf(name) !== undefined) walk.problems.push(`${path}: ${reason(error)}`);
  }
}

function take(path: string, name: string, size: number, walk: Walk): void {
  if (minified.test(name)) walk.skipped.minified++;
  else if (testFile.test(name)) walk.skipped.tests++;
  else if (size > maxBytes) walk.skipped.tooLarge++;
  else walk.files.add(path);
}

/** A file system error in a few words. */
export function reason(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'ELOOP') return 'is a loop of links';
  if (code === 'EISDIR') return 'is a folder';
  return error instanceof Error ? error.message : String(error);
}
