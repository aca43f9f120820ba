import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { groupUsage } from './group-usage.js';

let proc: string;
beforeEach(() => {
  proc = mkdtempSync(path.join(os.tmpdir(), 'faultline-proc-'));
  mkdirSync(path.join(proc, 'sys'));
});
afterEach(() => rmSync(proc, { recursive: true, force: true }));

interface Fake {
  readonly pid: number;
  readonly parent?: number;
  readonly group: number;
  readonly ticks?: number;
  readonly mb: number;
  readonly virtual?: number;
  readonly pssMb?: number;
}

/** proc(5): pid (name) state ppid pgrp session tty tpgid flags 4 faults utime stime cutime cstime … vsize rss. */
function put({ pid, parent = 1, group, ticks = 0, mb, virtual = pid, pssMb }: Fake): void {
  const folder = path.join(proc, String(pid));
  mkdirSync(folder, { recursive: true });
  const rest = ['S', parent, group, group, 0, -1, 0, 0, 0, 0, 0, ticks, 0, 0, 0, 20, 0, 1, 0, 5, virtual, mb * 256, 0];
  writeFileSync(path.join(folder, 'stat'), `${pid} (a ) b) ${rest.join(' ')}`);
  if (pssMb !== undefined)
    writeFileSync(path.join(folder, 'smaps_rollup'), `Rss: 9 kB\nPss:    ${pssMb * 1_024} kB\nPss_Anon: 1 kB\n`);
}

const watched = (pid: number) => ({ pid, working: true, memoryLimitMb: 128, sample: () => undefined });

it('adds up each group, whatever is in it', async () => {
  const meter = groupUsage(new VirtualClock(), proc);
  put({ pid: 10, group: 10, mb: 40 });
  put({ pid: 11, parent: 10, group: 10, mb: 30 });
  put({ pid: 12, parent: 1, group: 10, mb: 5 });
  put({ pid: 20, group: 20, mb: 60 });
  put({ pid: 30, group: 30, mb: 500 });
  const usage = await meter.measure([watched(10), watched(20), watched(99)]);
  expect([...usage]).toEqual([
    [10, { cpu: 0, memoryMb: 75 }],
    [20, { cpu: 0, memoryMb: 60 }],
  ]);
});

it('tells the share of a core since the last look', async () => {
  const clock = new VirtualClock();
  const meter = groupUsage(clock, proc);
  put({ pid: 10, group: 10, mb: 40, ticks: 100 });
  await meter.measure([watched(10)]);
  await clock.advance(500);
  put({ pid: 10, group: 10, mb: 40, ticks: 120 });
  put({ pid: 11, parent: 10, group: 10, mb: 1, ticks: 5 });
  expect((await meter.measure([watched(10)])).get(10)?.cpu).toBe(50);
});

it('finds what comes later, also under the number of one that was not ours', async () => {
  const meter = groupUsage(new VirtualClock(), proc);
  put({ pid: 30, group: 30, mb: 500 });
  await meter.measure([watched(10)]);
  rmSync(path.join(proc, '30'), { recursive: true });
  put({ pid: 10, group: 10, mb: 40 });
  await meter.measure([watched(10)]);
  put({ pid: 30, parent: 10, group: 10, mb: 20 });
  expect((await meter.measure([watched(10)])).get(10)?.memoryMb).toBe(60);
});

it('counts a child that is just being made once, with its parent', async () => {
  const meter = groupUsage(new VirtualClock(), proc);
  put({ pid: 10, group: 10, mb: 100, virtual: 77 });
  put({ pid: 11, parent: 10, group: 10, mb: 100, virtual: 77 });
  expect((await meter.measure([watched(10)])).get(10)?.memoryMb).toBe(100);
});

it('does not count what has ended while it looked', async () => {
  const meter = groupUsage(new VirtualClock(), proc);
  put({ pid: 10, group: 10, mb: 100, pssMb: 90 });
  put({ pid: 11, parent: 10, group: 10, mb: 90 });
  expect((await meter.measure([watched(10)])).get(10)?.memoryMb).toBe(90);
});

it('asks for the shares before it calls the limit passed', async () => {
  const meter = groupUsage(new VirtualClock(), proc);
  put({ pid: 10, group: 10, mb: 100, pssMb: 60 });
  put({ pid: 11, parent: 10, group: 10, mb: 90, pssMb: 50 });
  expect((await meter.measure([watched(10)])).get(10)?.memoryMb).toBe(110);
});
