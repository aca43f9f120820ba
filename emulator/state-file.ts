import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient } from './client.js';
import { STATE_FILE } from './contract/control.js';
import type { StateFile } from './contract/control.js';
import { FaultlineError } from './contract/errors.js';

/** `.faultline/emulator.json`: how commands and the editor find the emulator of a workspace. */

/** How long a running emulator may take to answer before it counts as gone, in ms. */
const ANSWER_MS = 3_000;
/** Folders looked into below the working directory; more is no workspace of functions. */
const MAX_FOLDERS = 200;

/** By hand: the extension reads this file, and a schema library would be most of what it loads at activation. */
function isStateFile(value: unknown): value is StateFile {
  if (typeof value !== 'object' || value === null) return false;
  const { version, pid, gateway, control, token, startedAt } = value as Partial<Record<keyof StateFile, unknown>>;
  return (
    version === 1 &&
    typeof pid === 'number' &&
    Number.isInteger(pid) &&
    pid > 0 &&
    typeof gateway === 'string' &&
    typeof control === 'string' &&
    typeof token === 'string' &&
    token !== '' &&
    typeof startedAt === 'number'
  );
}

/** What only the emulator knows; version and pid are added. */
export type StateToWrite = Omit<StateFile, 'version' | 'pid'>;

export interface StateClaim {
  /** Atomically, readable by the user alone. */
  write(state: StateToWrite): Promise<void>;
  /** Removes it, unless another emulator has replaced it by now. Safe to call twice. */
  remove(): Promise<void>;
}

export interface FoundEmulator {
  /** Folder of its workspace. */
  readonly root: string;
  readonly state: StateFile;
}

/** @returns undefined when there is none, or when what is there is torn or not ours */
export async function readStateFile(root: string): Promise<StateFile | undefined> {
  try {
    const value = JSON.parse(await readFile(path.join(root, STATE_FILE), 'utf8')) as unknown;
    return isStateFile(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** True when its process lives and answers with its token: a pid is reused, and so is a port. */
export async function isAlive(state: StateFile, fetch = globalThis.fetch): Promise<boolean> {
  if (!processExists(state.pid)) return false;
  const client = createClient({ url: state.control, token: state.token, fetch });
  try {
    await client.call('GET /api/faults', { signal: AbortSignal.timeout(ANSWER_MS) });
    return true;
  } catch {
    return false;
  }
}

/**
 * The running emulator of this folder or of the nearest one above it; else the one of a folder right below, as after
 * `faultline start examples`. What a killed one left behind is passed by.
 * @param startDir absolute
 * @throws FaultlineError USAGE when several run right below
 */
export async function findEmulator(startDir: string, fetch = globalThis.fetch): Promise<FoundEmulator | undefined> {
  for (let root = path.resolve(startDir); ; root = path.dirname(root)) {
    const found = await runningIn(root, fetch);
    if (found) return found;
    if (root === path.dirname(root)) return findBelow(startDir, fetch);
  }
}

async function runningIn(root: string, fetch: typeof globalThis.fetch): Promise<FoundEmulator | undefined> {
  const state = await readStateFile(root);
  return state && (await isAlive(state, fetch)) ? { root, state } : undefined;
}

async function findBelow(startDir: string, fetch: typeof globalThis.fetch): Promise<FoundEmulator | undefined> {
  const entries = await readdir(startDir, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).slice(0, MAX_FOLDERS);
  const tried = await Promise.all(folders.map(({ name }) => runningIn(path.join(startDir, name), fetch)));
  const found = tried.filter((one) => one !== undefined);
  if (found.length <= 1) return found[0];
  throw new FaultlineError('USAGE', `several emulators run below ${startDir}`, {
    hint: `run the command in one of ${found.map(({ root }) => path.basename(root)).join(', ')}`,
  });
}

/**
 * Before a start: makes sure that the workspace has no emulator yet.
 * @param root absolute folder of the workspace
 * @throws FaultlineError ALREADY_RUNNING
 */
export async function claimStateFile(root: string): Promise<StateClaim> {
  const running = await readStateFile(root);
  if (running && (await isAlive(running))) {
    throw new FaultlineError('ALREADY_RUNNING', `an emulator already runs for ${root}: ${running.gateway}`, {
      hint: `it is process ${String(running.pid)}; use it, or stop it first`,
    });
  }
  let written: string | undefined;
  return {
    async write(state) {
      await writePrivate(root, { version: 1, pid: process.pid, ...state });
      written = state.token;
    },
    async remove() {
      if (written === undefined || (await readStateFile(root))?.token !== written) return;
      await rm(path.join(root, STATE_FILE), { force: true });
    },
  };
}

async function writePrivate(root: string, state: StateFile): Promise<void> {
  const file = path.join(root, STATE_FILE);
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  // The token must not end up in a repository.
  await writeFile(path.join(folder, '.gitignore'), '*\n');
  const draft = `${file}.${String(process.pid)}-${randomBytes(3).toString('hex')}`;
  try {
    await writeFile(draft, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    await chmod(draft, 0o600);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process exists, but may not be signalled.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
