import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { createReaper } from '../../../emulator/instances/reaper.js';
import { repo } from './harness.js';

/** Not there, or ended and only waiting to be collected by whoever adopted it. */
function gone(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return !existsSync('/proc/self');
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

it('ends instances that spin, are frozen or stopped by a fault, and removes the files, when the emulator is killed with SIGKILL', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-reaper-'));
  const temp = mkdtempSync(path.join(os.tmpdir(), 'faultline-reaped-'));
  writeFileSync(path.join(temp, 'a bundle'), '');
  const outfile = path.join(folder, 'host.mjs');
  await build({
    entryPoints: [path.join(import.meta.dirname, 'reaper-host.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['esbuild', 'pidusage'],
    outfile,
  });
  const handlers = ['outcomes.cjs:busy', 'outcomes.py:busy', 'outcomes.cjs:pid!', 'outcomes.cjs:busy~'];
  const host = spawn(process.execPath, [outfile, repo, temp, ...handlers], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: host.stdout }), 'line')) as [string];
  const pids = JSON.parse(line) as number[];
  expect(pids.length).toBe(4);
  expect(pids.map(gone)).toEqual([false, false, false, false]);
  host.kill('SIGKILL');
  await until(() => pids.every(gone) && !existsSync(temp));
  rmSync(folder, { recursive: true });
});

it('spares what has been taken off its list, and what is not on it', async () => {
  const temp = mkdtempSync(path.join(os.tmpdir(), 'faultline-reaped-'));
  const reaper = createReaper({ tempDirs: [temp] });
  const sleepers = [1, 2, 3].map(() => spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }));
  const [listed, removed, unknown] = sleepers.map(({ pid }) => pid as number) as [number, number, number];
  reaper.add(listed);
  reaper.add(removed);
  reaper.remove(removed);
  await reaper.dispose();
  await until(() => gone(listed));
  expect([gone(removed), gone(unknown), existsSync(temp)]).toEqual([false, false, false]);
  for (const each of sleepers.slice(1)) each.kill('SIGKILL');
});
