import { execFile } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

/*
 * The limit of open files (RLIMIT_NOFILE) of a live process, on Linux: `prlimit` of util-linux sets it from outside, for
 * processes of one's own, without root [V]. Only the soft limit is touched, which can be raised again as far as the hard one.
 */

/** One call takes a few ms; a machine that needs more than this is not one to wait for. */
const PATIENCE_MS = 5_000;

/** What holds a process's limit down. */
interface Held {
  /** Its soft limit as it was: a number, or `unlimited`. */
  readonly original: string;
  /** The lowest counts. */
  readonly limits: Set<{ readonly limit: number }>;
  /** The last change; they are made one after the other. */
  changed: Promise<void>;
}

const held = new Map<number, Held>();

/** A limit that is held down until it is released. */
export interface OpenFilesHold {
  /** File descriptors from this number on cannot be had. */
  readonly limit: number;
  /** Once; the limit is as it was, or as the others want it. @throws Error when that fails and the process is there */
  release(): Promise<void>;
}

/** @returns the absolute path of the program; undefined when there is none in PATH */
export function findPrlimit(searched = process.env['PATH'] ?? ''): string | undefined {
  const candidates = [...searched.split(path.delimiter), '/usr/bin', '/bin'].map((dir) => path.join(dir, 'prlimit'));
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return path.isAbsolute(file);
    } catch {
      return false;
    }
  });
}

/**
 * Leaves a process room for `left` more open files than it has now.
 * @throws Error when the process is gone, or cannot be limited
 */
export async function holdOpenFiles(pid: number, left: number): Promise<OpenFilesHold> {
  const process = held.get(pid) ?? { original: softLimit(pid), limits: new Set(), changed: Promise.resolve() };
  const hold = { limit: limitFor(pid, left, process.original) };
  held.set(pid, process);
  process.limits.add(hold);
  const release = async (): Promise<void> => {
    process.limits.delete(hold);
    await apply(pid, process);
  };
  try {
    await apply(pid, process);
  } catch (error) {
    await release().catch(() => undefined);
    throw error;
  }
  return { limit: hold.limit, release };
}

function apply(pid: number, process: Held): Promise<void> {
  const change = async (): Promise<void> => {
    const limits = Array.from(process.limits, ({ limit }) => limit);
    if (limits.length === 0) held.delete(pid);
    await setSoftLimit(pid, limits.length === 0 ? process.original : String(Math.min(...limits)));
  };
  // One that failed has told whoever asked for it.
  return (process.changed = process.changed.catch(() => undefined).then(change));
}

async function setSoftLimit(pid: number, limit: string): Promise<void> {
  try {
    await promisify(execFile)(findPrlimit() ?? 'prlimit', ['--pid', String(pid), `--nofile=${limit}:`], {
      timeout: PATIENCE_MS,
    });
  } catch (error) {
    if (isThere(pid)) throw error;
  }
}

/** Descriptors are given from the lowest free number: the limit is the number of the first one that is too many. */
function limitFor(pid: number, left: number, original: string): number {
  const open = new Set(readdirSync(`/proc/${String(pid)}/fd`).map(Number));
  let limit = 0;
  for (let free = left; free > 0 || open.has(limit); limit++) if (!open.has(limit)) free--;
  return Math.min(limit, original === 'unlimited' ? Infinity : Number(original));
}

function softLimit(pid: number): string {
  const text = readFileSync(`/proc/${String(pid)}/limits`, 'utf8');
  const [, soft] = /^Max open files\s+(\w+)/m.exec(text) ?? [];
  if (soft === undefined) throw new Error(`the kernel does not tell the limit of open files of process ${String(pid)}`);
  return soft;
}

function isThere(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
