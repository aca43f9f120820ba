import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../../emulator/contract/library.js';
import { startEmulator } from '../../../emulator/emulator.js';
import { createWorkspace, isAlive, type TestWorkspace } from '../../support/workspace.js';
import { hitsOf } from './process.js';

/** Each tells that it has begun, then works (blocked, for `busy`) or answers. */
const NODE = `
const fs = require('fs');
exports.handler = async ({ begun, busy, quick }) => {
  fs.writeFileSync(begun, String(process.pid));
  if (busy) for (;;);
  if (!quick) await new Promise((resolve) => setTimeout(resolve, 60_000));
  return process.pid;
};
`;
const PYTHON = `
import os, time
def handler(event, context):
    with open(event["begun"], "w") as begun:
        begun.write(str(os.getpid()))
    while event.get("busy"):
        pass
    if not event.get("quick"):
        time.sleep(60)
    return os.getpid()
`;
const CONFIG = `
functions:
  node: { handler: node.handler, timeout: 30 }
  python: { handler: python.handler, timeout: 30 }
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

describe.each(['node', 'python'])('%s', (name) => {
  const begun = (): string => `${workspace.root}/${name}-begun`;

  it.each([
    ['waits', {}],
    ['blocks', { busy: true }],
  ])(`${name}: is killed in the middle of a handler that %s`, async (_, event) => {
    await emulator.faults.add({ kind: 'crash', function: name, params: { when: 'during', ms: 600 } });
    const { payload, record } = await emulator.invoke(name, { ...event, begun: begun() });
    expect(existsSync(begun())).toBe(true);
    expect(payload).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: signal: killed$/),
    });
    expect(hitsOf(record)).toEqual([{ kind: 'crash', where: '600 ms after the handler began', saw: 'SIGKILL' }]);
    await emulator.faults.clear();
    const after = await emulator.invoke(name, { quick: true, begun: begun() });
    expect([after.ok, await isAlive(after.payload as number)]).toEqual([true, true]);
  });

  it(`${name}: exits in the middle, as far as its caller can tell`, async () => {
    await emulator.faults.add({
      kind: 'crash',
      function: name,
      params: { when: 'during', ms: 50, how: 'exit', exitCode: 3 },
    });
    const { record } = await emulator.invoke(name, { begun: begun() });
    expect(record.error?.message).toContain('Runtime exited with error: exit status 3');
  });

  it(`${name}: dies before the handler, or with its effects made`, async () => {
    for (const when of ['before', 'after'] as const) {
      const file = `${begun()}-${when}`;
      await emulator.faults.add({ kind: 'crash', function: name, params: { when } });
      const { record } = await emulator.invoke(name, { quick: true, begun: file });
      expect([record.error?.type, existsSync(file)]).toEqual(['Runtime.ExitError', when === 'after']);
      expect(hitsOf(record)).toEqual([{ kind: 'crash', where: `${when} the handler` }]);
      await emulator.faults.clear();
    }
  });

  it(`${name}: nobody who has answered is hit`, async () => {
    const { id } = await emulator.faults.add({
      kind: 'crash',
      function: name,
      params: { when: 'during', ms: 60_000 },
    });
    const { ok, record } = await emulator.invoke(name, { quick: true, begun: begun() });
    expect([ok, record.faults]).toEqual([true, []]);
    expect((await emulator.faults.list()).find((fault) => fault.id === id)).toMatchObject({ matched: 1, injected: 0 });
  });
});
