import { existsSync, readFileSync } from 'node:fs';
import type { InvocationRecord } from '../../../emulator/contract/records.js';

/** For tests: what the kernel tells of processes, on Linux. */
export const linux = existsSync('/proc/self/stat');

/** `T` while it is stopped, `Z` when it has ended and nobody has waited for it; undefined when it is gone. */
export function stateOf(pid: number): string | undefined {
  try {
    return /\) (\w)/.exec(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

/** The soft limit of open files. */
export function openFilesLimit(pid: number): string | undefined {
  return /^Max open files\s+(\w+)/m.exec(readFileSync(`/proc/${String(pid)}/limits`, 'utf8'))?.[1];
}

/** Resident memory in MB. */
export function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]) / 1_024;
}

/** The faults in a record, without their ids. */
export const hitsOf = ({ faults }: InvocationRecord): object[] =>
  faults.map(({ kind, where, saw }) => ({ kind, ...(where && { where }), ...(saw && { saw }) }));
