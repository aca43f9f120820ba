import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Emulator } from '../../../emulator/contract/library.js';
import { startCounting } from './answers.js';
import { hitsOf } from './process.js';

let emulator: Emulator;
let stop: () => Promise<void>;
beforeAll(async () => ({ emulator, stop } = await startCounting()));
afterEach(() => emulator.faults.clear());
afterAll(() => stop());

const calls = async (name: string): Promise<unknown> =>
  ((await emulator.invoke(name)).payload as { readonly body?: string }).body;

it.each(['node', 'python'])('%s: throws before the handler, or after it with its effects made', async (name) => {
  expect(await calls(name)).toBe('1');
  for (const when of ['before', 'after'] as const) {
    const params = { errorType: 'Broken', message: 'on purpose', when };
    await emulator.faults.add({ kind: 'exception', function: name, params });
    const { ok, payload, record } = await emulator.invoke(name);
    expect([ok, payload]).toEqual([
      false,
      expect.objectContaining({ errorType: 'Broken', errorMessage: 'on purpose' }),
    ]);
    expect(hitsOf(record)).toEqual([{ kind: 'exception', where: `${when} the handler` }]);
    const caller = await emulator.invoke(`${name}-caller`, { path: `/${name}` });
    expect(caller.payload).toMatchObject({ status: 500 });
    await emulator.faults.clear();
  }
  // Twice it ran before the error.
  expect(await calls(name)).toBe('4');
});
