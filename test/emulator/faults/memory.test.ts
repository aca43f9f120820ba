import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../../emulator/contract/library.js';
import { startEmulator } from '../../../emulator/emulator.js';
import { createWorkspace, isAlive, until, type TestWorkspace } from '../../support/workspace.js';
import { hitsOf, linux } from './process.js';

/** Tells what it has of the memory, in MB; works until it is killed, when asked to. */
const NODE = `
exports.handler = async ({ busy, wait }) => {
  while (busy);
  if (wait) await new Promise((resolve) => setTimeout(resolve, 60_000));
  const { rss, heapUsed } = process.memoryUsage();
  return { rss: rss / 1048576, heap: heapUsed / 1048576, pid: process.pid };
};
`;
const PYTHON = `
import os, time
def handler(event, context):
    while event.get("busy"):
        pass
    if event.get("wait"):
        time.sleep(60)
    with open("/proc/self/statm") as statm:
        rss = int(statm.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 1048576
    return {"rss": rss, "pid": os.getpid()}
`;
const CONFIG = `
functions:
  node: { handler: node.handler, timeout: 60, memory: 256 }
  python: { handler: python.handler, timeout: 60, memory: 256 }
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

interface Seen {
  readonly rss: number;
  readonly heap: number;
  readonly pid: number;
}

describe.runIf(linux).each(['node', 'python'])('%s', (name) => {
  const invoke = async (event: object = {}): Promise<Seen> => (await emulator.invoke(name, event)).payload as Seen;

  it(`${name}: so much is held while the handler runs, and given back`, async () => {
    const before = await invoke();
    await emulator.faults.add({ kind: 'memory', function: name, params: { mb: 100 } });
    const { payload, record } = await emulator.invoke(name, {});
    const during = payload as Seen;
    expect(during.pid).toBe(before.pid);
    expect(during.rss - before.rss).toBeGreaterThan(90);
    expect(hitsOf(record)).toEqual([{ kind: 'memory', where: 'the whole run', saw: '100 MB less' }]);
    await emulator.faults.clear();
    const after = await invoke();
    expect(after.pid).toBe(before.pid);
    expect(after.rss - before.rss).toBeLessThan(50);
  });

  it.each([
    ['waits', { wait: true }],
    ['blocks', { busy: true }],
    ['answers at once', {}],
  ])(`${name}: out of memory, one that %s is killed`, async (_, event) => {
    const { pid } = await invoke();
    await emulator.faults.add({ kind: 'memory', function: name, params: { mode: 'oom' } });
    const { payload, record } = await emulator.invoke(name, event);
    expect(payload).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: signal: killed$/),
    });
    expect(hitsOf(record)).toEqual([{ kind: 'memory', where: 'the whole run', saw: 'signal: killed' }]);
    expect(record.log.join('\n')).toMatch(/\[faultline\] killed: \d+ MB used of 256 MB/);
    await until('it is gone', async () => !(await isAlive(pid)));
    await emulator.faults.clear();
    expect((await invoke()).pid).not.toBe(pid);
  });
});

it.runIf(linux)('node: the pressure can be in the heap, and its end is that of V8 or of the limit', async () => {
  const before = (await emulator.invoke('node', {})).payload as Seen;
  const { id } = await emulator.faults.add({ kind: 'memory', function: 'node', params: { mb: 80, heap: true } });
  const during = (await emulator.invoke('node', {})).payload as Seen;
  expect(during.heap - before.heap).toBeGreaterThan(70);
  await emulator.faults.remove(id);
  const after = (await emulator.invoke('node', {})).payload as Seen;
  expect(after.heap - before.heap).toBeLessThan(20);
  await emulator.faults.add({ kind: 'memory', function: 'node', params: { mode: 'oom', heap: true } });
  const { record } = await emulator.invoke('node', {});
  expect(record.error?.message).toMatch(/Runtime exited with error: signal: (killed|aborted)$/);
});
