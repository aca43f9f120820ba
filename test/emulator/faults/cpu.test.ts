import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator, InvokeResult } from '../../../emulator/contract/library.js';
import { startEmulator } from '../../../emulator/emulator.js';
import { createWorkspace, isAlive, until, type TestWorkspace } from '../../support/workspace.js';
import { linux, stateOf } from './process.js';

/** Counts turns of work of about a millisecond each, and the longest gap that it sees between two of them. */
const NODE = `
exports.handler = async ({ ms }) => {
  let longest = 0;
  let last = performance.now();
  for (const end = last + ms; last < end;) {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }
  return { longest, pid: process.pid };
};
`;
const PYTHON = `
import os, time
def handler(event, context):
    longest, last = 0, time.monotonic()
    end = last + event["ms"] / 1000
    while last < end:
        now = time.monotonic()
        longest, last = max(longest, now - last), now
    return {"longest": longest * 1000, "pid": os.getpid()}
`;
const CONFIG = `
functions:
  node: { handler: node.handler, timeout: 60, freeze: true }
  python: { handler: python.handler, timeout: 60, freeze: true }
  short-node: { handler: node.handler, timeout: 2 }
  short-python: { handler: python.handler, timeout: 2 }
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

const seen = ({ payload }: InvokeResult) => payload as { longest: number; pid: number };
const instanceOf = (name: string) => emulator.snapshot().functions.find((fn) => fn.name === name)?.instances[0];

describe.each(['node', 'python'])('%s', (name) => {
  it(`${name}: stands still for most of the time, in the middle of its work`, async () => {
    await emulator.invoke(name, { ms: 1 });
    await emulator.faults.add({ kind: 'cpu', function: name, params: { share: 20, periodMs: 1_000 } });
    const starved = await emulator.invoke(name, { ms: 1_500 });
    expect(seen(starved).longest).toBeGreaterThan(750);
    expect(starved.record.faults).toEqual([
      expect.objectContaining({ kind: 'cpu', saw: expect.stringMatching(/^stopped for \d+ ms$/) }),
    ]);
  });

  it.runIf(linux)(`${name}: goes on as soon as the fault ends, and rests as ever`, async () => {
    const { pid } = seen(await emulator.invoke(name, { ms: 1 }));
    await until('it rests', () => stateOf(pid) === 'T');
    await emulator.faults.add({ kind: 'cpu', function: name, params: { share: 1, periodMs: 10_000 } });
    const running = emulator.invoke(name, { ms: 10 });
    await until('it is busy, and stopped', () => instanceOf(name)?.state === 'busy' && stateOf(pid) === 'T');
    await emulator.faults.clear();
    expect(seen(await running).pid).toBe(pid);
    await until('it rests again', () => stateOf(pid) === 'T');
    expect(seen(await emulator.invoke(name, { ms: 1 })).pid).toBe(pid);
  });

  it(`${name}: is ended at its timeout, stopped or not`, async () => {
    const short = `short-${name}`;
    const { pid } = seen(await emulator.invoke(short, { ms: 1 }));
    await emulator.faults.add({ kind: 'cpu', function: short, params: { share: 1, periodMs: 10_000 } });
    const { record } = await emulator.invoke(short, { ms: 1 });
    expect(record.error?.type).toBe('Sandbox.Timedout');
    await until('it is gone', async () => !(await isAlive(pid)));
  });
});

it('nothing is left of a stopped instance when the emulator stops', async () => {
  const other = await startEmulator({ root: workspace.root, seed: 1 });
  await other.invoke('short-node', { ms: 1 });
  await other.faults.add({ kind: 'cpu', function: 'short-node', params: { share: 1, periodMs: 10_000 } });
  const running = other.invoke('short-node', { ms: 1 });
  const pid = other.snapshot().functions.find((fn) => fn.name === 'short-node')?.instances[0]?.pid as number;
  if (linux) await until('it is stopped', () => stateOf(pid) === 'T');
  await other.stop();
  await running.catch(() => undefined);
  expect(await isAlive(pid)).toBe(false);
});
