import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { maxBytes } from '../../../lint/files.js';
import { CONFIG_FILES } from '../../contract/config.js';
import { readVersion } from '../version.js';
import type { Project } from './project.js';
import type { FileResult, Lookups } from './result.js';

/**
 * What earlier runs found. A result holds while all of this is as it was: the linter, the file's settings, its content and
 * that of the files it follows, the functions of the configuration, the versions that rules asked for, and the files that
 * say how imports resolve. What is torn or foreign counts as nothing.
 */

export interface LintCache {
  /** The result of an earlier run, if it still holds. */
  get(file: string): FileResult | undefined;
  put(file: string, result: FileResult): void;
  /** A file was written. */
  forget(file: string): void;
  /** Writes what is known, all or nothing. Failing is no failure: a cache is a help. */
  save(lookups: Lookups): void;
}

/** Size in bytes, time of the last change in ms, hash of the content. */
type Stamp = readonly [number, number, string];

interface Entry {
  readonly hash: string;
  /** Settings and functions. */
  readonly around: string;
  readonly followed: Readonly<Record<string, string>>;
  readonly result: FileResult;
}

interface Content {
  readonly build: string;
  readonly stamps: Record<string, Stamp>;
  readonly results: Record<string, Entry>;
  readonly absent: readonly string[];
  /** Files that say how imports resolve, with their hashes. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A file that changed so shortly before it was read may change again within the same tick of the clock. */
const RACY_MS = 2_000;

export function openCache(cwd: string, project: Project): LintCache {
  const file = path.join(folderFor(cwd), 'cache', 'lint.json');
  const build = thisBuild();
  const before = read(file, build);
  const states = new States(before?.stamps ?? {});
  const known = before !== undefined && resolvesAsBefore(before, states) ? before : undefined;
  const results: Record<string, Entry> = { ...known?.results };
  const aroundOf = (each: string): string =>
    digest(JSON.stringify([project.profileOf(each), project.functionsOf(each)]));
  let changed = known === undefined;
  return {
    get(each) {
      const entry = known?.results[each];
      if (entry === undefined || entry.around !== aroundOf(each) || entry.hash !== states.hash(each)) return undefined;
      if (Object.entries(entry.followed).some(([other, hash]) => states.hash(other) !== hash)) return undefined;
      const { installed } = project.surroundings(each);
      const asked = Object.entries(entry.result.versions);
      return asked.some(([name, version]) => (installed(name) ?? null) !== version) ? undefined : entry.result;
    },
    put(each, result) {
      changed = true;
      // What could not be read may be readable the next time, whatever its size and time say.
      delete results[each];
      const hash = result.problem === undefined ? states.hash(each) : undefined;
      if (hash === undefined) return;
      const followed = result.dependencies.map((other) => [other, states.hash(other) ?? ''] as const);
      results[each] = { hash, around: aroundOf(each), followed: Object.fromEntries(followed), result };
    },
    forget: (each) => states.forget(each),
    save(lookups) {
      if (!changed) return;
      const absent = new Set([...(known?.absent ?? []), ...lookups.absent]);
      const settings = new Set([...Object.keys(known?.settings ?? {}), ...lookups.settings]);
      const hashes = [...settings].map((each) => [each, states.hash(each) ?? ''] as const);
      for (const each of Object.keys(results)) if (states.hash(each) === undefined) delete results[each];
      write(file, {
        build,
        stamps: states.stamps(),
        results,
        absent: [...absent],
        settings: Object.fromEntries(hashes),
      });
    },
  };
}

/** Beside the configuration, else at the root of the repository or the package, else here. */
function folderFor(cwd: string): string {
  for (const names of [CONFIG_FILES, ['.git'], ['package.json']] as const) {
    for (let folder = cwd; ; folder = path.dirname(folder)) {
      if (names.some((name) => existsSync(path.join(folder, name)))) return path.join(folder, '.faultline');
      if (folder === path.dirname(folder)) break;
    }
  }
  return path.join(cwd, '.faultline');
}

/** The linter's code: bundles carry a hash of their content in their names; sources their time. */
function thisBuild(): string {
  const own = fileURLToPath(import.meta.url);
  return `1 ${readVersion()} ${path.basename(own)} ${String(statSync(own, { throwIfNoEntry: false })?.mtimeMs)}`;
}

/** True when no import can lead elsewhere than it did. */
function resolvesAsBefore(before: Content, states: States): boolean {
  if (Object.entries(before.settings).some(([file, hash]) => (states.hash(file) ?? '') !== hash)) return false;
  const folders = new Map<string, Set<string>>();
  return !before.absent.some((each) => {
    const folder = path.dirname(each);
    const names = folders.get(folder) ?? new Set(entries(folder));
    folders.set(folder, names);
    return names.has(path.basename(each)) && isSource(each);
  });
}

/** As lint/disk.ts sees it: what is larger is nobody's source. */
function isSource(file: string): boolean {
  const info = statSync(file, { throwIfNoEntry: false });
  return info?.isFile() === true && info.size <= maxBytes;
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The content of files as it is now, read only where size or time differ from what was known. */
class States {
  readonly #before: Readonly<Record<string, Stamp>>;
  readonly #now = new Map<string, Stamp | undefined>();

  constructor(before: Readonly<Record<string, Stamp>>) {
    this.#before = before;
  }

  /** Undefined for what is not there or cannot be read. */
  hash(file: string): string | undefined {
    if (!this.#now.has(file)) this.#now.set(file, this.#look(file));
    return this.#now.get(file)?.[2];
  }

  forget(file: string): void {
    this.#now.delete(file);
  }

  stamps(): Record<string, Stamp> {
    const all = [...this.#now].filter((each): each is [string, Stamp] => each[1] !== undefined);
    return { ...this.#before, ...Object.fromEntries(all) };
  }

  #look(file: string): Stamp | undefined {
    try {
      const { size, mtimeMs } = statSync(file);
      const known = this.#before[file];
      if (known?.[0] === size && known[1] === mtimeMs) return known;
      const racy = Date.now() - mtimeMs < RACY_MS;
      return [size, racy ? 0 : mtimeMs, digest(readFileSync(file))];
    } catch {
      return undefined;
    }
  }
}

function digest(content: string | Uint8Array): string {
  return createHash('sha1').update(content).digest('base64');
}

/** First a line with the hash of the rest, so that a torn or edited file is told from a whole one. */
function read(file: string, build: string): Content | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    if (text.slice(0, end) !== digest(body)) return undefined;
    const content = JSON.parse(body) as Content;
    return content.build === build ? content : undefined;
  } catch {
    return undefined;
  }
}

function write(file: string, content: Content): void {
  const body = JSON.stringify(content);
  const temporary = `${file}.${String(process.pid)}-${randomBytes(3).toString('hex')}`;
  try {
    const folder = path.dirname(file);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(path.dirname(folder), '.gitignore'), '*\n');
    writeFileSync(temporary, `${digest(body)}\n${body}`);
    renameSync(temporary, file);
  } catch {
    rmSync(temporary, { force: true });
  }
}
