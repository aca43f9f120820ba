import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { folderSize, TempFolders } from './temp-folders.js';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(os.tmpdir(), 'faultline-temp-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

function make(): { clock: VirtualClock; temp: TempFolders } {
  const clock = new VirtualClock();
  return { clock, temp: new TempFolders(clock, path.join(parent, 'build'), 60_000) };
}

describe('temporary folders', () => {
  it('are each instance’s own, and removed', async () => {
    const { temp } = make();
    const folders = ['i1', 'i2'].map((id) => temp.open(id) as string);
    writeFileSync(path.join(folders[0] as string, 'file'), '');
    expect(readdirSync(folders[1] as string)).toEqual([]);
    folders.forEach((folder) => temp.remove(folder));
    await temp.dispose();
    expect(readdirSync(path.join(parent, 'build'))).toEqual([]);
  });

  it('are handed on when they are kept, with what is in them', async () => {
    const { temp } = make();
    const folder = temp.open('i1') as string;
    writeFileSync(path.join(folder, 'file'), '');
    temp.keep(folder);
    expect(temp.open('i2')).not.toBe(folder);
    expect([temp.takeKept(), temp.takeKept()]).toEqual([expect.objectContaining({ folder }), undefined]);
    temp.keep(folder);
    temp.forget();
    await temp.dispose();
    expect(existsSync(folder)).toBe(false);
  });

  it('are kept for a while only', async () => {
    const { clock, temp } = make();
    const [first, second] = ['i1', 'i2'].map((id) => temp.open(id) as string) as [string, string];
    temp.keep(first);
    await clock.advance(30_000);
    temp.keep(second);
    await clock.advance(30_000);
    expect(temp.takeKept()).toMatchObject({ folder: second });
    temp.keep(second);
    await clock.advance(60_000);
    await temp.dispose();
    expect([first, second].map((folder) => existsSync(folder))).toEqual([false, false]);
  });

  it('are done without when none can be made', () => {
    writeFileSync(path.join(parent, 'build'), 'a file where the folder should be');
    expect(make().temp.open('i1')).toBeUndefined();
  });
});

describe('the size of a folder', () => {
  it('is that of everything below it, what is sparse or only linked to left out', async () => {
    mkdirSync(path.join(parent, 'a/b'), { recursive: true });
    writeFileSync(path.join(parent, 'a/b/three'), Buffer.alloc(3 * 1_048_576, 1));
    writeFileSync(path.join(parent, 'a/two'), Buffer.alloc(2 * 1_048_576, 1));
    writeFileSync(path.join(parent, 'sparse'), '');
    truncateSync(path.join(parent, 'sparse'), 1_000_000_000);
    symlinkSync(os.homedir(), path.join(parent, 'link'));
    // A file system may need a block or two for itself.
    expect([5, 6]).toContain(await folderSize(parent, 512));
  });

  it('of what is not there is 0', async () => {
    expect(await folderSize(path.join(parent, 'absent'), 512)).toBe(0);
  });
});
