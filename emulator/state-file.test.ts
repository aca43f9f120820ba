import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeControl } from '../test/emulator/control/fake-backend.js';
import type { FakeControl } from '../test/emulator/control/fake-backend.js';
import { createWorkspace } from '../test/support/workspace.js';
import type { TestWorkspace } from '../test/support/workspace.js';
import { STATE_FILE } from './contract/control.js';
import type { StateFile } from './contract/control.js';
import { claimStateFile, findEmulator, readStateFile } from './state-file.js';

let workspace: TestWorkspace;
let control: FakeControl;
beforeEach(async () => {
  workspace = await createWorkspace({ 'src/deep/handler.js': '' });
  control = await fakeControl();
});
afterEach(async () => {
  await control.server.close();
  await workspace[Symbol.asyncDispose]();
});

const written = () => ({ gateway: 'http://127.0.0.1:1', control: control.url, token: control.token, startedAt: 5 });

/** A process id that is surely free: its process has just ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

async function leave(text: string | Partial<StateFile>): Promise<void> {
  await mkdir(path.join(workspace.root, '.faultline'), { recursive: true });
  const state = { version: 1, pid: process.pid, ...written() };
  const content = typeof text === 'string' ? text : JSON.stringify({ ...state, ...text });
  await writeFile(path.join(workspace.root, STATE_FILE), content);
}

describe('state file', () => {
  it('is private, complete, kept out of version control, and leaves no draft', async () => {
    const claim = await claimStateFile(workspace.root);
    expect(await readStateFile(workspace.root)).toBeUndefined();
    await claim.write(written());
    expect(await readStateFile(workspace.root)).toEqual({ version: 1, pid: process.pid, ...written() });
    expect((await stat(path.join(workspace.root, STATE_FILE))).mode & 0o777).toBe(0o600);
    const folder = path.join(workspace.root, '.faultline');
    expect((await readdir(folder)).sort()).toEqual(['.gitignore', 'emulator.json']);
    expect(await readFile(path.join(folder, '.gitignore'), 'utf8')).toBe('*\n');
    await claim.remove();
    await claim.remove();
    expect(await readdir(folder)).toEqual(['.gitignore']);
  });

  it('leads from a folder below to the running emulator, and from the one above', async () => {
    await leave({});
    const found = await findEmulator(path.join(workspace.root, 'src/deep'));
    expect(found).toMatchObject({ root: workspace.root, state: { control: control.url } });
    const above = await createWorkspace({ 'examples/.faultline/emulator.json': JSON.stringify(found?.state) });
    expect(await findEmulator(above.root)).toMatchObject({ root: path.join(above.root, 'examples') });
    await above.write({ 'other/.faultline/emulator.json': JSON.stringify(found?.state) });
    await expect(findEmulator(above.root)).rejects.toMatchObject({ code: 'USAGE' });
    await above[Symbol.asyncDispose]();
  });

  it('stops a second start with the URL and the process', async () => {
    await leave({});
    await expect(claimStateFile(workspace.root)).rejects.toMatchObject({
      code: 'ALREADY_RUNNING',
      message: expect.stringContaining('http://127.0.0.1:1') as string,
      hint: expect.stringContaining(String(process.pid)) as string,
    });
  });

  it.each([
    ['torn', '{"version":1,"pid":12'],
    ['empty', ''],
    ['garbage', '\u0000\u0001'],
    ['another version', '{"version":2}'],
    ['a process id that is a command', '{"version":1,"pid":-1}'],
  ])('%s counts as none, and is replaced', async (_what, text) => {
    await leave(text);
    expect(await findEmulator(workspace.root)).toBeUndefined();
    const claim = await claimStateFile(workspace.root);
    await claim.write(written());
    expect(await findEmulator(workspace.root)).toBeDefined();
  });

  it('of a killed process is stale, whoever has its port now', async () => {
    await leave({ pid: deadPid() });
    expect(await findEmulator(workspace.root)).toBeUndefined();
    await claimStateFile(workspace.root);
  });

  it('is stale when its pid lives, but its port is gone or does not know the token', async () => {
    await leave({ control: 'http://127.0.0.1:1' });
    expect(await findEmulator(workspace.root)).toBeUndefined();
    await leave({ token: 'of-another-run' });
    expect(await findEmulator(workspace.root)).toBeUndefined();
  });

  it('of a successor is not removed', async () => {
    const claim = await claimStateFile(workspace.root);
    await claim.write(written());
    await leave({ token: 'successor' });
    await claim.remove();
    expect((await readStateFile(workspace.root))?.token).toBe('successor');
  });

  it('a claim that never wrote removes nothing', async () => {
    await leave({ pid: deadPid() });
    const claim = await claimStateFile(workspace.root);
    await claim.remove();
    expect(await readStateFile(workspace.root)).toBeDefined();
  });
});
