import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Emulator } from '../../../emulator/contract/library.js';
import { startEmulator } from '../../../emulator/emulator.js';
import { createWorkspace, isAlive, type TestWorkspace } from '../../support/workspace.js';
import { STARTS } from './starts.js';

/** What the killer's victims see: an invocation that ends in the middle, and a process in which nothing has been called yet. */

let workspace: TestWorkspace;
let emulator: Emulator;
const logged: string[] = [];
beforeAll(async () => {
  workspace = await createWorkspace(STARTS);
  emulator = await startEmulator({ root: workspace.root, seed: 7, log: (message) => logged.push(message) });
});
afterEach(() => emulator.faults.clear());
afterAll(async () => {
  await emulator.stop();
  await workspace[Symbol.asyncDispose]();
});

const add = (name: string, more: Record<string, unknown> = {}) =>
  emulator.faults.add({ kind: 'killer', function: name, params: { meanSeconds: 0.05, ...more } });
const pidOf = (payload: unknown): number => (payload as { pid: number }).pid;

/** Resolves when a snapshot says so. */
async function seen(condition: (pids: readonly (number | undefined)[]) => boolean): Promise<void> {
  const found = new AbortController();
  await emulator.events({
    signal: found.signal,
    onSnapshot: ({ functions }) => {
      if (condition(functions.flatMap(({ instances }) => instances.map(({ pid }) => pid)))) found.abort();
    },
  });
}

async function endsUnder(name: string): Promise<void> {
  const { payload: before } = await emulator.invoke(name);
  const { id } = await add(name);
  const { record } = await emulator.invoke(name, { ms: 60_000 });
  expect(record.error).toMatchObject({ kind: 'exit', type: 'Runtime.ExitError' });
  expect(record.error?.message).toMatch(/^RequestId: \S+ Error: Runtime exited with error: signal: killed$/);
  expect(record.faults).toEqual([
    { fault: id, kind: 'killer', where: `while it ran on ${record.instance ?? ''}`, saw: 'SIGKILL' },
  ]);
  expect((await emulator.faults.list())[0]?.injected).toBeGreaterThan(0);
  expect(logged).toContain(`${id}: SIGKILL to ${record.instance ?? ''} of ${name}`);
  await emulator.faults.clear();
  const { payload: after } = await emulator.invoke(name);
  expect(after).toMatchObject({ calls: 1 });
  expect(pidOf(after)).not.toBe(pidOf(before));
  expect(await isAlive(pidOf(before))).toBe(false);
}

it('node: an invocation ends with its instance, and the next one finds a new process', () => endsUnder('node-fn'));
it('python: an invocation ends with its instance, and the next one finds a new process', () => endsUnder('python-fn'));
it('provided: an invocation ends with its instance, and the next one finds a new process', () =>
  endsUnder('provided-fn'));

it('node: an idle instance is gone, and the next invocation has a cold start', async () => {
  const { payload } = await emulator.invoke('node-fn');
  await add('node-fn');
  await seen((pids) => !pids.includes(pidOf(payload)));
  await emulator.faults.clear();
  const { payload: after, record } = await emulator.invoke('node-fn');
  expect(after).toMatchObject({ calls: 1 });
  expect([record.initMs !== undefined, record.faults]).toEqual([true, []]);
});

/** It has half a second, which may pass on a machine that is busy. */
const KILLED = expect.stringMatching(/signal: killed$/);

it('node: a handler that hears SIGTERM may finish', async () => {
  await add('graceful', { how: 'term' });
  const { ok, payload, record } = await emulator.invoke('graceful');
  expect(record.faults).toMatchObject([{ kind: 'killer', saw: 'SIGTERM' }]);
  if (ok) expect(payload).toBe('finished');
  else expect(record.error?.message).toEqual(KILLED);
});

it('node: SIGTERM ends a handler that does not', async () => {
  await add('node-fn', { how: 'term' });
  const { record } = await emulator.invoke('node-fn', { ms: 60_000 });
  expect(record.faults).toMatchObject([{ kind: 'killer', saw: 'SIGTERM' }]);
  expect(record.error?.message).toMatch(/signal: (terminated|killed)$/);
});
