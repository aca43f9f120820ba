import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import picomatch from 'picomatch';
import { CONFIG_FILES } from '../contract/config.js';
import { FaultlineError } from '../contract/errors.js';
import { EXPERIMENT_GLOB } from '../contract/experiment.js';
import { hash32 } from '../rng.js';

/** Which files are experiments, and which workspace each belongs to. */

/** Never entered: what is in there is not the user's own, or was built. */
const SKIPPED = new Set(['node_modules', 'dist', '__pycache__', 'venv']);

/** Every file below `folder`, sorted; hidden folders and dependencies are left out, symlinks are not followed. */
async function walk(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const below = entries.map(async (entry): Promise<string[]> => {
    const full = path.join(folder, entry.name);
    if (entry.isFile()) return [full];
    return entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name) ? walk(full) : [];
  });
  return (await Promise.all(below)).flat();
}

async function findBelow(folder: string, pattern: string): Promise<string[]> {
  const isMatch = picomatch(pattern.replace(/^\.\//, ''));
  return (await walk(folder)).filter((file) => isMatch(path.relative(folder, file).split(path.sep).join('/')));
}

/**
 * @param paths files, folders and glob patterns; none: everything below `cwd`
 * @returns absolute paths, sorted, each once
 * @throws FaultlineError USAGE for a path that is not there, and when nothing is found
 */
export async function findExperiments(paths: readonly string[], cwd: string): Promise<string[]> {
  const files = new Set<string>();
  for (const given of paths.length === 0 ? ['.'] : paths) {
    const full = path.resolve(cwd, given);
    const entry = await stat(full).catch(() => undefined);
    if (entry?.isFile()) files.add(full);
    else if (entry?.isDirectory()) for (const file of await findBelow(full, EXPERIMENT_GLOB)) files.add(file);
    else if (/[*?{[]/.test(given)) for (const file of await findBelow(cwd, given)) files.add(file);
    else throw new FaultlineError('USAGE', `there is no file or folder ${given}`, { place: { file: full } });
  }
  if (files.size > 0) return [...files].sort();
  throw new FaultlineError('USAGE', `no experiment found: no *.experiment.yaml in ${paths.join(', ') || cwd}`, {
    hint: 'docs/experiments.md shows how to write one.',
  });
}

/**
 * The nearest folder upward that holds a faultline.yaml.
 * @throws FaultlineError CONFIG_NOT_FOUND
 */
export async function workspaceOf(file: string): Promise<string> {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    for (const name of CONFIG_FILES) {
      const there = await stat(path.join(folder, name)).catch(() => undefined);
      if (there?.isFile()) return folder;
    }
    if (folder === path.dirname(folder)) break;
  }
  throw new FaultlineError('CONFIG_NOT_FOUND', `no ${CONFIG_FILES[0]} beside ${path.basename(file)} or above it`, {
    hint: 'Run `faultline init` in the folder of your handlers, and keep experiments below it.',
    place: { file },
  });
}

/**
 * The share of one machine, `I/N`, I from 1. Files are ordered by a hash of their path, so that slow neighbours spread over
 * the machines, and then dealt in turn, so that no machine gets more than one file above its share.
 */
export function shardOf(files: readonly string[], cwd: string, index: number, count: number): string[] {
  const key = (file: string): string => path.relative(cwd, file).split(path.sep).join('/');
  const ordered = [...files].sort((a, b) => hash32(key(a)) - hash32(key(b)) || (key(a) < key(b) ? -1 : 1));
  return ordered.filter((_, i) => i % count === index - 1).sort();
}

/** @throws FaultlineError USAGE when it is not I/N with 1 ≤ I ≤ N */
export function parseShard(text: string): { index: number; count: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (match && index >= 1 && index <= count) return { index, count };
  throw new FaultlineError('USAGE', `--shard ${text} is not I/N`, { hint: 'Write for example --shard 1/3.' });
}
