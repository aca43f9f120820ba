import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { isFile, isInside } from './handlers.js';

/** The program of a function with `runtime: provided`. */
export type ResolvedBootstrap =
  { readonly file: string; readonly command: readonly string[] } | { readonly problem: string };

/**
 * @param root absolute workspace folder
 * @param bootstrap an executable of the workspace, or a command: a program (of the workspace when it has a slash, else of
 * PATH) and its arguments
 */
export async function resolveBootstrap(
  root: string,
  bootstrap: string | readonly string[],
): Promise<ResolvedBootstrap> {
  const single = typeof bootstrap === 'string';
  const [program = '', ...rest] = single ? [bootstrap] : bootstrap;
  if (!single && !program.includes('/')) return { file: await scriptOf(root, rest), command: [program, ...rest] };
  const file = path.resolve(root, program);
  if (!(await isFile(file))) return { problem: `no file ${program}` };
  if (!(await isInside(root, file))) return { problem: `"${program}" is outside the workspace` };
  const runnable = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!runnable) return { problem: `${program} is not executable; run chmod +x ${program}` };
  return { file, command: [file, ...rest] };
}

/** The first argument that is a file of the workspace: what editors open for the function. */
async function scriptOf(root: string, args: readonly string[]): Promise<string> {
  for (const each of args) {
    const file = path.resolve(root, each);
    if (await isFile(file)) return file;
  }
  return root;
}
