import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { rescueScript } from '../../paths.js';

/** How long repairing and copying may take, ms; what was copied by then is used. */
const LIMIT_MS = 120_000;

/**
 * Puts what can be read of a damaged store in its place, and the damaged one aside. Until the end all is left as it is, so that
 * a kill, or a disk without room for the copies, loses nothing.
 * @param folder of the store
 * @param libraryFile LevelDB
 * @param date when, epoch ms
 * @returns where the damaged files are now
 */
export async function rescue(folder: string, libraryFile: string, date: number): Promise<string> {
  const [damaged, rescued] = [`${folder}.repairing`, `${folder}.rescued`];
  try {
    await rm(rescued, { recursive: true, force: true });
    // Either may find what the other does not: one stops where the other goes on, or ends where the other gets through.
    for (const how of ['read', 'repair']) {
      await rm(damaged, { recursive: true, force: true });
      await cp(folder, damaged, { recursive: true });
      await runRescue([how, libraryFile, damaged, rescued]);
    }
    await mkdir(rescued, { recursive: true, mode: 0o700 });
    const aside = freeName(folder, date);
    await rename(folder, aside);
    await rename(rescued, folder);
    return aside;
  } finally {
    for (const leftover of [damaged, rescued]) await rm(leftover, { recursive: true, force: true });
  }
}

/** Resolves when it has ended, whichever way: what it has copied is good. */
function runRescue(args: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const env = { ...process.env, NODE_OPTIONS: '' };
    execFile(process.execPath, [rescueScript, ...args], { env, timeout: LIMIT_MS, killSignal: 'SIGKILL' }, () =>
      resolve(),
    );
  });
}

function freeName(folder: string, date: number): string {
  const first = `${folder}.broken-${new Date(date).toISOString().slice(0, 19).replaceAll(':', '-')}`;
  let name = first;
  for (let number = 2; existsSync(name); number++) name = `${first}-${String(number)}`;
  return name;
}
