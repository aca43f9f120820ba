import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Runtime } from '../contract/config.js';

/** `folder/file.export` → the file that is there. */

/** Endings in the order in which they are tried. */
export const HANDLER_ENDINGS: Readonly<Record<string, Runtime>> = {
  '.ts': 'node',
  '.mts': 'node',
  '.cts': 'node',
  '.mjs': 'node',
  '.js': 'node',
  '.cjs': 'node',
  '.py': 'python',
};

export type ResolvedHandler =
  { readonly file: string; readonly export: string; readonly runtime: Runtime } | { readonly problem: string };

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

/** True when `file` is `root` or below it, symlinks followed: a handler never climbs out of the workspace. */
async function isInside(root: string, file: string): Promise<boolean> {
  const [realRoot, realFile] = await Promise.all([realpath(root), realpath(file)]);
  const relative = path.relative(realRoot, realFile);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

async function missing(root: string, handler: string, stem: string): Promise<string> {
  const folder = path.dirname(path.join(root, stem));
  const names = await readdir(folder).catch(() => undefined);
  const tried = Object.keys(HANDLER_ENDINGS).join(', ');
  if (!names) return `no folder ${path.relative(root, folder)} for handler "${handler}"`;
  const candidates = names.filter((name) => path.extname(name) in HANDLER_ENDINGS).slice(0, 5);
  const there = candidates.length ? `; there is ${candidates.join(', ')}` : '';
  return `no file ${stem} with one of ${tried} for handler "${handler}"${there}`;
}

/**
 * @param root absolute workspace folder
 * @param handler as written in the config, `folder/file.export`
 */
export async function resolveHandler(root: string, handler: string): Promise<ResolvedHandler> {
  const dot = handler.lastIndexOf('.');
  const stem = handler.slice(0, dot);
  const exported = handler.slice(dot + 1);
  for (const [ending, runtime] of Object.entries(HANDLER_ENDINGS)) {
    const file = path.join(root, stem + ending);
    if (!(await isFile(file))) continue;
    if (!(await isInside(root, file))) return { problem: `"${handler}" is outside the workspace` };
    return { file, export: exported, runtime };
  }
  return { problem: await missing(root, handler, stem) };
}
