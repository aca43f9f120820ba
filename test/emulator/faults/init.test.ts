import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Emulator } from '../../../emulator/contract/library.js';
import { startEmulator } from '../../../emulator/emulator.js';
import { createWorkspace, type TestWorkspace } from '../../support/workspace.js';
import { STARTS } from './starts.js';

/** What callers and handlers see of an init that fails; its hang and its limits are in ../instances/start-effects.test.ts. */

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

const add = (name: string, params: Record<string, unknown>) =>
  emulator.faults.add({ kind: 'init', function: name, params });
const linesOf = (log: readonly string[]): string[] =>
  log.map((line) => line.replace(/[\d.]+ ms/g, 'X ms')).filter((line) => /^INIT_REPORT|loaded/.test(line));

it('node: the module is not loaded, and the caller has its error', async () => {
  await add('node-fn', { errorType: 'Shop.Closed', message: 'no database' });
  const { payload, record } = await emulator.invoke('node-fn');
  expect(payload).toEqual({
    errorType: 'Shop.Closed',
    errorMessage: 'no database',
    trace: ['Shop.Closed: no database'],
  });
  expect(record.error).toEqual({ kind: 'init', type: 'Shop.Closed', message: 'no database' });
  expect(linesOf(record.log)).toEqual([
    'INIT_REPORT Init Duration: X ms\tPhase: init\tStatus: error\tError Type: Runtime.Unknown',
    'INIT_REPORT Init Duration: X ms\tPhase: invoke\tStatus: error\tError Type: Runtime.Unknown',
  ]);
  expect(record.faults).toEqual([
    { fault: 'init-1', kind: 'init', where: 'start of the instance', saw: 'Shop.Closed' },
  ]);
  // A route makes of it what it makes of any function error.
  expect((await emulator.fetch('/node')).status).toBe(500);
  await emulator.faults.clear();
  expect((await emulator.invoke('node-fn')).payload).toMatchObject({ calls: 1 });
});

it('python: the module is not loaded, and the caller has its error', async () => {
  await add('python-fn', { errorType: 'KeyError', message: "'TABLE'" });
  const { payload, record } = await emulator.invoke('python-fn');
  expect(payload).toEqual({ errorType: 'KeyError', errorMessage: "'TABLE'", requestId: '', stackTrace: [] });
  expect(linesOf(record.log)).toHaveLength(2);
  expect(record.log.filter((line) => line.startsWith("[ERROR] KeyError: 'TABLE'"))).toHaveLength(2);
});

it('provided: the caller has the error, although the program was ready', async () => {
  await add('provided-fn', { errorType: 'Shop.Closed', message: 'no database' });
  expect((await emulator.invoke('provided-fn')).payload).toEqual({
    errorType: 'Shop.Closed',
    errorMessage: 'no database',
  });
});

async function recovers(name: string): Promise<void> {
  await add(name, { mode: 'exit', exitCode: 3, tries: 1 });
  const { payload, record } = await emulator.invoke(name);
  expect(payload).toMatchObject({ calls: 1, told: [] });
  expect(record).not.toHaveProperty('initMs');
  expect(record.faults).toMatchObject([{ kind: 'init', saw: 'Runtime.ExitError at the first try' }]);
}
it('node: a process that exits once is started again within the invocation', () => recovers('node-fn'));
it('python: a process that exits once is started again within the invocation', () => recovers('python-fn'));
it('provided: a process that exits once is started again within the invocation', () => recovers('provided-fn'));

it('is no problem of the function, and slows down nobody else', async () => {
  await add('node-fn', { mode: 'exit', exitCode: 3 });
  const { record } = await emulator.invoke('node-fn');
  expect(record.error?.message).toMatch(/^RequestId: \S+ Error: Runtime exited with error: exit status 3$/);
  expect(emulator.snapshot().functions.find(({ name }) => name === 'node-fn')).not.toHaveProperty('problem');
});
