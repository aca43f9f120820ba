import { readFileSync, readdirSync } from 'node:fs';
import type { Clock } from '../clock.js';
import type { Meter, Usage } from './sampler.js';

/**
 * Process groups as Linux tells them: /proc/PID/stat of every process that is in one of the groups. Others are read once,
 * when they appear: each instance leads a session of its own, which nobody else can join.
 */

/** Of proc(5): state is the third; those before it are cut off, since the name in between may hold anything. */
const Field = { parent: 1, group: 2, userTime: 11, childSystemTime: 14, virtualBytes: 20, residentPages: 21 } as const;

const MB = 1_048_576;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Clock ticks, those of ended children that were waited for included. */
  readonly ticks: number;
  readonly virtual: number;
  readonly pages: number;
}

/** @param proc folder of the process file system */
export function groupUsage(clock: Clock, proc = '/proc'): Meter {
  const { pageSize, ticksPerSecond } = auxiliary(proc);
  /** Processes that are in no group of ours. */
  let others = new Set<number>();
  let ticksBefore = new Map<number, number>();
  let lookedAt = clock.monotonic();

  function members(groups: ReadonlySet<number>): Map<number, Process[]> {
    const found = new Map<number, Process[]>();
    const seen = new Set<number>();
    for (const name of readdirSync(proc)) {
      const pid = Number(name);
      if (!(pid > 0)) continue;
      if (others.has(pid) && !groups.has(pid)) {
        seen.add(pid);
        continue;
      }
      const process = readProcess(proc, pid);
      if (!process) continue;
      if (!groups.has(process.group)) seen.add(pid);
      else if (!found.get(process.group)?.push(process)) found.set(process.group, [process]);
    }
    others = seen;
    return found;
  }

  return {
    costly: false,
    measure(processes) {
      const now = clock.monotonic();
      const seconds = Math.max(0.001, (now - lookedAt) / 1_000);
      lookedAt = now;
      const groups = members(new Set(processes.map(({ pid }) => pid)));
      const ticks = new Map<number, number>();
      const usage = new Map<number, Usage>();
      for (const { pid, memoryLimitMb } of processes) {
        const group = groups.get(pid);
        if (!group) continue;
        const used = group.reduce((sum, each) => sum + each.ticks, 0);
        ticks.set(pid, used);
        const cpu = (Math.max(0, used - (ticksBefore.get(pid) ?? used)) / ticksPerSecond / seconds) * 100;
        usage.set(pid, { cpu: Math.round(cpu * 10) / 10, memoryMb: memoryOf(group, memoryLimitMb) });
      }
      ticksBefore = ticks;
      return Promise.resolve(usage);
    },
  };

  /** What processes share counts for each of them, unless that matters: then the kernel is asked for their shares. */
  function memoryOf(group: readonly Process[], limitMb: number): number {
    const resident = Math.ceil(residentBytes(group, pageSize) / MB);
    if (resident <= limitMb || group.length === 1) return resident;
    const shares = group.map(({ pid, pages }) => proportional(proc, pid) ?? pages * pageSize);
    return Math.min(resident, Math.ceil(shares.reduce((sum, bytes) => sum + bytes, 0) / MB));
  }
}

/** Between fork and exec a child is its parent once more, with the same memory. */
function residentBytes(group: readonly Process[], pageSize: number): number {
  const byPid = new Map(group.map((each) => [each.pid, each]));
  let pages = 0;
  for (const each of group) {
    const parent = byPid.get(each.parent);
    if (parent?.virtual !== each.virtual || parent.pages !== each.pages) pages += each.pages;
  }
  return pages * pageSize;
}

function readProcess(proc: string, pid: number): Process | undefined {
  try {
    const text = readFileSync(`${proc}/${pid}/stat`, 'latin1');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const at = (index: number): number => fields[index] ?? 0;
    let ticks = 0;
    for (let index: number = Field.userTime; index <= Field.childSystemTime; index++) ticks += at(index);
    return {
      pid,
      parent: at(Field.parent),
      group: at(Field.group),
      ticks,
      virtual: at(Field.virtualBytes),
      pages: at(Field.residentPages),
    };
  } catch {
    return undefined;
  }
}

/** Resident bytes, what is shared divided by those who share it; undefined when the kernel will not tell. */
function proportional(proc: string, pid: number): number | undefined {
  try {
    const match = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`${proc}/${pid}/smaps_rollup`, 'latin1'));
    return match ? Number(match[1]) * 1_024 : 0;
  } catch (error) {
    // It has ended meanwhile, unless it is there and not to be read.
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? undefined : 0;
  }
}

/** What the kernel told this very process at its start: the sizes that /proc counts in. */
function auxiliary(proc: string): { pageSize: number; ticksPerSecond: number } {
  const [PAGE_SIZE, CLOCK_TICKS] = [6n, 17n];
  const values = new Map<bigint, number>();
  try {
    const words = readFileSync(`${proc}/self/auxv`);
    for (let at = 0; at + 16 <= words.length; at += 16) values.set(word(words, at), Number(word(words, at + 8)));
  } catch {
    // Every machine of today has the defaults below.
  }
  return { pageSize: values.get(PAGE_SIZE) ?? 4_096, ticksPerSecond: values.get(CLOCK_TICKS) ?? 100 };
}

const little = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function word(bytes: Buffer, at: number): bigint {
  return little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at);
}
