import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../../emulator/contract/library.js';
import { startEmulator } from '../../../emulator/emulator.js';
import { createWorkspace, isAlive, until, type TestWorkspace } from '../../support/workspace.js';
import { hitsOf, linux, stateOf } from './process.js';

const NODE = `exports.handler = async () => process.pid;`;
const PYTHON = `
import os
def handler(event, context):
    return os.getpid()
`;
const MODES = [
  { mode: 'idle', when: 'before' },
  { mode: 'busy', when: 'after' },
  { mode: 'stopped', when: 'before' },
  { mode: 'stopped', when: 'after' },
] as const;
const RUNTIMES = ['node', 'python'];
/** One function for each, so that their timeouts pass at the same time. */
const CONFIG = `functions:
${RUNTIMES.flatMap((name) => [
  `  slow-${name}: { handler: ${name}.handler, timeout: 60, freeze: true }`,
  ...MODES.map((_, i) => `  ${name}-${String(i)}: { handler: ${name}.handler, timeout: 3 }`),
]).join('\n')}
`;

let workspace: TestWorkspace;
let emulator: Emulator;
beforeAll(async () => {
  workspace = await createWorkspace({ 'node.js': NODE, 'python.py': PYTHON, 'faultline.yaml': CONFIG });
  emulator = await startEmulator({ root: workspace.root, seed: 1 });
});
afterEach(() => emulator.faults.clear());
afterAll(async () => {
  await emulator.stop();
  await workspace[Symbol.asyncDispose]();
});

const pidOf = (name: string): number =>
  emulator.snapshot().functions.find((fn) => fn.name === name)?.instances[0]?.pid as number;

describe.each(RUNTIMES)('%s', (name) => {
  it(`${name}: idle, busy or stopped, it is ended at the timeout`, async () => {
    const hanging = MODES.map(async (params, i) => {
      const fn = `${name}-${String(i)}`;
      await emulator.invoke(fn);
      const pid = pidOf(fn);
      await emulator.faults.add({ kind: 'hang', function: fn, params });
      const { record } = await emulator.invoke(fn);
      expect(record.error?.type).toBe('Sandbox.Timedout');
      const saw = params.mode === 'stopped' ? { saw: 'SIGSTOP' } : {};
      expect(hitsOf(record)).toEqual([{ kind: 'hang', where: `${params.when} the handler`, ...saw }]);
      await until('the process is gone', async () => !(await isAlive(pid)));
    });
    await Promise.all(hanging);
  });

  it.runIf(linux)(`${name}: stopped, it goes on as soon as the fault ends, and rests as ever`, async () => {
    const slow = `slow-${name}`;
    await emulator.invoke(slow);
    const pid = pidOf(slow);
    await until('it rests', () => stateOf(pid) === 'T');
    await emulator.faults.add({ kind: 'hang', function: slow, params: { mode: 'stopped' } });
    const running = emulator.invoke(slow);
    await until('it is busy, and stopped', () => {
      const [instance] = emulator.snapshot().functions.find((fn) => fn.name === slow)?.instances ?? [];
      return instance?.state === 'busy' && stateOf(pid) === 'T';
    });
    await emulator.faults.clear();
    expect((await running).payload).toBe(pid);
    await until('it rests again', () => stateOf(pid) === 'T');
    expect((await emulator.invoke(slow)).payload).toBe(pid);
  });
});
