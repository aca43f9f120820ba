import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Emulator } from '../../../emulator/contract/library.js';
import { startEmulator } from '../../../emulator/emulator.js';
import { createWorkspace, type TestWorkspace } from '../../support/workspace.js';
import { STARTS } from './starts.js';

/** What a handler sees of a cold start: a process in which nothing has been called yet. */

let workspace: TestWorkspace;
let emulator: Emulator;
beforeAll(async () => {
  workspace = await createWorkspace(STARTS);
  emulator = await startEmulator({ root: workspace.root, seed: 7 });
});
afterEach(() => emulator.faults.clear());
afterAll(async () => {
  await emulator.stop();
  await workspace[Symbol.asyncDispose]();
});

async function startsAnew(name: string): Promise<void> {
  const warm = await emulator.invoke(name);
  expect(warm.payload).toMatchObject({ calls: 1 });
  await emulator.faults.add({ kind: 'cold-start', function: name, params: { delayMs: 150 }, first: 1 });
  const cold = await emulator.invoke(name);
  expect(cold.payload).toMatchObject({ calls: 1, told: [] });
  expect((cold.payload as { pid: number }).pid).not.toBe((warm.payload as { pid: number }).pid);
  expect(cold.record.initMs).toBeGreaterThan(150);
  expect(cold.record.log.at(-1)).toMatch(/^REPORT .*\tInit Duration: \d+\.\d\d ms\t/);
  expect(cold.record.faults).toEqual([
    {
      fault: expect.stringMatching(/^cold-start-\d$/),
      kind: 'cold-start',
      where: 'start of the instance',
      saw: 'a cold start, +150 ms of init',
    },
  ]);
  // The instance that was there before has seen nothing of it.
  const after = await emulator.invoke(name);
  expect(after.payload).toMatchObject({ calls: 2, pid: (warm.payload as { pid: number }).pid });
  expect(after.record).not.toHaveProperty('initMs');
}

it('node: a handler finds itself in a new process, after a longer init', () => startsAnew('node-fn'));
it('python: a handler finds itself in a new process, after a longer init', () => startsAnew('python-fn'));
it('provided: a program finds itself in a new process, after a longer init', () => startsAnew('provided-fn'));

it('lets go of the start that it holds up when it is cleared, and leaves no process behind', async () => {
  await using own = await startEmulator({ root: workspace.root, seed: 7 });
  await own.faults.add({ kind: 'cold-start', function: 'node-fn', params: { delayMs: 900_000 } });
  const invoked = own.invoke('node-fn');
  const there = new AbortController();
  let pid: number | undefined;
  await own.events({
    signal: there.signal,
    onSnapshot({ functions }) {
      pid = functions.flatMap(({ instances }) => instances)[0]?.pid;
      if (pid !== undefined) there.abort();
    },
  });
  await own.faults.clear();
  expect((await invoked).payload).toMatchObject({ calls: 1, pid });
  await own.stop();
  expect(() => process.kill(pid as number, 0)).toThrow(/ESRCH/);
});
