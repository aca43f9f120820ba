import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { RUNTIMES, runtimeFacts, type Runtime } from '../contract/runtimes.js';

/** `folder/file.export` → the file that is there. */

/** Endings of handlers in the order in which they are tried. */
export const HANDLER_ENDINGS: ReadonlyMap<string, Runtime> = new Map(
  RUNTIMES.flatMap((runtime) => runtimeFacts[runtime].endings.map((ending) => [ending, runtime] as const)),
);

export type ResolvedHandler =
  { readonly file: string; readonly export: string; readonly runtime: Runtime } | { readonly problem: string };

export async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

/** True when `file` is `root` or below it, symlinks followed: a handler never climbs out of the workspace. */
export async function isInside(root: string, file: string): Promise<boolean> {
  const [realRoot, realFile] = await Promise.all([realpath(root), realpath(file)]);
  const relative = path.relative(realRoot, realFile);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

async function missing(root: string, handler: string, stem: string): Promise<string> {
  const folder = path.dirname(path.join(root, stem));
  const names = await readdir(folder).catch(() => undefined);
  const tried = [...HANDLER_ENDINGS.keys()].join(', ');
  if (!names) return `no folder ${path.relative(root, folder)} for handler "${handler}"`;
  const candidates = names.filter((name) => HANDLER_ENDINGS.has(path.extname(name))).slice(0, 5);
  const there = candidates.length ? `; there is ${candidates.join(', ')}` : '';
  return `no file ${stem} with one of ${tried} for handler "${handler}"${there}`;
}

/**
 * @param root absolute workspace folder
 * @param handler as written in the config, `folder/file.export`
 */
export async function resolveHandler(root: string, handler: string): Promise<ResolvedHandler> {
  for (const [ending, runtime] of HANDLER_ENDINGS) {
    const { stem, exported } = split(handler, runtime);
    const file = path.join(root, stem + ending);
    if (!(await isFile(file))) continue;
    if (!(await isInside(root, file))) return { problem: `"${handler}" is outside the workspace` };
    return { file, export: exported, runtime };
  }
  return { problem: await missing(root, handler, split(handler, 'node').stem) };
}

interface Split {
  readonly stem: string;
  readonly exported: string;
}

/** As the vendor's clients read a handler [S]. */
function split(handler: string, runtime: Runtime): Split {
  if (runtimeFacts[runtime].exportAfter === 'first dot') {
    const dot = handler.indexOf('.', handler.lastIndexOf('/') + 1);
    return { stem: handler.slice(0, dot), exported: handler.slice(dot + 1) };
  }
  const dot = handler.lastIndexOf('.');
  return { stem: handler.slice(0, dot).replaceAll('.', '/'), exported: handler.slice(dot + 1) };
}
