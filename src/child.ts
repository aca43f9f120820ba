import type { ReadyLine } from '../emulator/contract/control.js';
import type { EmulatorProcess } from './launch.js';

/** The emulator as a process: its first line, whether it lives, and its end. */

/** How long an emulator may take to drain before it is ended, in ms. */
const DRAIN_MS = 5_000;
const KILL_MS = 2_000;

const isReady = (value: unknown): value is ReadyLine =>
  typeof value === 'object' && value !== null && 'control' in value && 'token' in value;

/** The line with which an emulator tells where it is; undefined for any other. */
export function parseReady(line: string): ReadyLine | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    return isReady(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Waits for a process to end, first by itself when it was asked to, then by signals.
 * @param asked the request to end; undefined goes to signals at once
 */
export async function endProcess(
  child: EmulatorProcess,
  asked: Promise<unknown> | undefined,
  sleep: (ms: number) => Promise<void>,
): Promise<void> {
  const closed = new Promise<'closed'>((done) => child.once('close', () => done('closed')));
  const within = (ms: number): Promise<'closed' | undefined> => Promise.race([closed, sleep(ms).then(() => undefined)]);
  if (asked !== undefined && (await within(DRAIN_MS)) === 'closed') return;
  child.kill('SIGTERM');
  if ((await within(KILL_MS)) === 'closed') return;
  child.kill('SIGKILL');
  await within(KILL_MS);
}

/** Whether a process exists, also one of another user. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
