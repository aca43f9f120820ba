import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunResult } from '../../instances/types.js';
import { fine, stillInstance, testEngine, underFaultsOn } from '../fixture.js';
import { findPrlimit, holdOpenFiles } from '../open-files.js';

const able = existsSync('/proc/self/limits') && findPrlimit() !== undefined;

let sleeper: ChildProcess | undefined;
afterEach(() => sleeper?.kill('SIGKILL'));

/** A process of no importance, which has opened all that it will. */
async function sleeping(): Promise<number> {
  sleeper = spawn('/bin/sh', ['-c', 'echo up; read line'], { stdio: ['pipe', 'pipe', 'ignore'] });
  await new Promise((resolve) => sleeper?.stdout?.once('data', resolve));
  return sleeper.pid as number;
}
const soft = (pid: number): string | undefined =>
  /^Max open files\s+(\w+)/m.exec(readFileSync(`/proc/${String(pid)}/limits`, 'utf8'))?.[1];

describe('descriptors', () => {
  it('is refused where limits of a running process cannot be changed', () => {
    for (const platform of ['darwin', 'win32'] as const) {
      const add = () => testEngine('seed', platform).engine.add({ kind: 'descriptors' });
      expect(add).toThrow('descriptors cannot be realised on this machine: only Linux');
    }
  });

  it('finds the program where PATH says, or where it always is', () => {
    expect(findPrlimit('/nowhere')).toBe(existsSync('/usr/bin/prlimit') ? '/usr/bin/prlimit' : findPrlimit());
  });

  it('asks the runtime to make ready what it needs itself', () => {
    const { plan, engine } = underFaultsOn(stillInstance, { kind: 'descriptors', params: { left: 3 } });
    expect(plan.effects).toEqual([{ type: 'descriptors', fault: 'descriptors-1' }]);
    expect(engine.list()[0]?.summary).toBe('EMFILE after 3 more open files or sockets');
  });

  it('does not count where there is no process', async () => {
    const { plan, run } = underFaultsOn(stillInstance, { kind: 'descriptors' });
    expect(await run()).toBe(fine);
    expect(plan.hits).toEqual([]);
  });
});

describe.runIf(able)('the limit of a live process', () => {
  it('is lowered for the run, and raised again', async () => {
    const pid = await sleeping();
    const before = soft(pid);
    const seen: (string | undefined)[] = [];
    const { plan, run } = underFaultsOn({ ...stillInstance, pid }, { kind: 'descriptors', params: { left: 2 } });
    const open = readdirSync(`/proc/${String(pid)}/fd`).map(Number);
    const running = run(
      new Promise((resolve) => {
        const turn = (): void => {
          if (soft(pid) === before) return void setImmediate(turn);
          seen.push(soft(pid));
          resolve(fine);
        };
        turn();
      }),
    );
    await running;
    // One more than it is to have, which the runtime takes up.
    const limit = Number(seen[0]);
    expect(limit - open.filter((fd) => fd < limit).length).toBe(3);
    expect(plan.hits).toEqual([
      {
        fault: 'descriptors-1',
        kind: 'descriptors',
        where: `process ${String(pid)}`,
        saw: `EMFILE from descriptor ${String(limit)} on`,
      },
    ]);
    expect(soft(pid)).toBe(before);
  });

  it('is the lowest that anybody holds, and as it was in the end, in whatever order they let go', async () => {
    const pid = await sleeping();
    const before = soft(pid);
    const wide = await holdOpenFiles(pid, 9);
    const narrow = await holdOpenFiles(pid, 1);
    expect(soft(pid)).toBe(String(narrow.limit));
    await wide.release();
    expect(soft(pid)).toBe(String(narrow.limit));
    await narrow.release();
    expect(soft(pid)).toBe(before);
  });

  it('is raised as soon as the fault ends, also in the middle of the run', async () => {
    const pid = await sleeping();
    const before = soft(pid);
    const { run, engine } = underFaultsOn({ ...stillInstance, pid }, { kind: 'descriptors' });
    let end: (result: RunResult) => void = () => undefined;
    const running = run(new Promise((resolve) => (end = resolve)));
    const turns = async (condition: () => boolean): Promise<void> => {
      while (!condition()) await new Promise((resolve) => setImmediate(resolve));
    };
    await turns(() => soft(pid) !== before);
    engine.clear();
    await turns(() => soft(pid) === before);
    end(fine);
    expect(await running).toBe(fine);
    expect(soft(pid)).toBe(before);
  });

  it('is nobody’s when the process is gone', async () => {
    const pid = await sleeping();
    const hold = await holdOpenFiles(pid, 1);
    const ended = new Promise((resolve) => sleeper?.once('exit', resolve));
    sleeper?.kill('SIGKILL');
    await ended;
    await hold.release();
    await expect(holdOpenFiles(pid, 1)).rejects.toThrow();
  });
});
