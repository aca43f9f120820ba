import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alive, bench, closeAll, type Bench } from './harness.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-freeze-'));
});
afterEach(async () => {
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

/** T while it is stopped. */
function stateOf(pid: number): string | undefined {
  if (existsSync('/proc/self')) return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
  return execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).trim()[0];
}
const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

interface Left {
  readonly ticks: string;
  readonly pid: number;
}
async function frozen(environment: Record<string, string> = {}): Promise<{ subject: Bench } & Left> {
  const subject = bench('background.cjs', { environment, function: { freeze: true } });
  const left = (await subject.invoke()).value as Left;
  await subject.until(() => stateOf(left.pid) === 'T');
  return { subject, ...left };
}

describe('a frozen instance', () => {
  it('does nothing of what it has left running, until the next invocation', async () => {
    const { subject, ticks, pid } = await frozen();
    // Everything in its group has stopped before a whole process could be started and waited for.
    execFileSync(process.execPath, ['-e', '0']);
    const before = [sizeOf(ticks), sizeOf(`${ticks}-child`)];
    execFileSync(process.execPath, ['-e', '0']);
    expect([sizeOf(ticks), sizeOf(`${ticks}-child`)]).toEqual(before);
    const instance = subject.pool.acquire();
    expect(instance).not.toBeInstanceOf(Promise);
    await subject.until(() => sizeOf(ticks) > (before[0] ?? 0) && sizeOf(`${ticks}-child`) > (before[1] ?? 0));
    expect(stateOf(pid)).not.toBe('T');
  });

  it('takes one invocation after the other', async () => {
    const { subject, pid } = await frozen();
    for (let i = 0; i < 3; i++) expect((await subject.invoke()).value).toMatchObject({ pid });
    await subject.until(() => stateOf(pid) === 'T');
  });

  it('ends when it is asked to, also as the last of its version', async () => {
    const { subject, pid } = await frozen();
    await subject.pool.reload();
    await subject.until(() => !subject.pids().includes(pid));
    const [next] = subject.pids();
    await subject.until(() => stateOf(next as number) === 'T');
    await subject.pool.drain();
    expect([pid, next as number].filter(alive)).toEqual([]);
  });

  it('is let end by itself', async () => {
    const ended = path.join(folder, 'ended');
    const { subject } = await frozen({ ENDED: ended });
    await subject.pool.drain();
    expect(readFileSync(ended, 'utf8')).toBe('by itself');
  });

  it('ends when it is killed', async () => {
    const { subject, pid } = await frozen();
    await subject.pool.kill();
    expect(alive(pid)).toBe(false);
  });
});

it('an instance that is not to be frozen goes on', async () => {
  const subject = bench('background.cjs');
  const { ticks } = (await subject.invoke()).value as Left;
  const before = sizeOf(ticks);
  await subject.until(() => sizeOf(ticks) > before + 5);
});
