import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Emulator } from '../../../emulator/contract/library.js';
import { startCounting } from './answers.js';
import { hitsOf } from './process.js';

let emulator: Emulator;
let stop: () => Promise<void>;
beforeAll(async () => ({ emulator, stop } = await startCounting()));
afterEach(() => emulator.faults.clear());
afterAll(() => stop());

const seenBy = async (name: string): Promise<unknown> =>
  (await emulator.invoke(`${name}-caller`, { path: `/${name}` })).payload;

it.each(['node', 'python'])('%s: a handler that calls it gets the status, and it has not run', async (name) => {
  expect(await seenBy(name)).toEqual({ status: 200, body: '1' });
  await emulator.faults.add({ kind: 'status', function: name, params: { code: 418, body: 'teapot' } });
  expect(await seenBy(name)).toEqual({ status: 418, body: 'teapot' });
  const [record] = emulator.invocations({ function: name });
  expect(record && hitsOf(record)).toEqual([{ kind: 'status', where: 'instead of the handler', saw: '418' }]);
  await emulator.faults.clear();
  // Its second call, not its third.
  expect(await seenBy(name)).toEqual({ status: 200, body: '2' });
  await emulator.faults.add({ kind: 'status', function: name, params: { preventExecution: false } });
  expect(await seenBy(name)).toMatchObject({ status: 503 });
  await emulator.faults.clear();
  expect(await seenBy(name)).toEqual({ status: 200, body: '4' });
});
