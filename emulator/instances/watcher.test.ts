import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../clock.js';
import { affects, createWatcher, type Watcher } from './watcher.js';

describe('affects', () => {
  const js = { file: '/w/api/a.js', runtime: 'node' as const };
  const ts = { file: '/w/api/a.ts', runtime: 'node' as const };
  const py = { file: '/w/api/a.py', runtime: 'python' as const };
  const own = { file: '/w/api/bootstrap', runtime: 'provided' as const };
  it.each([
    ['the handler itself', js, ['/w/api/a.js'], '/w/api/a.js', true],
    ['a neighbour that no scan saw', js, ['/w/api/a.js'], '/w/api/lib/b.cjs', true],
    ['a dependency elsewhere', js, ['/w/api/a.js', '/w/lib/c.js'], '/w/lib/c.js', true],
    ['code elsewhere that it does not import', js, ['/w/api/a.js'], '/w/other/d.js', false],
    ['code elsewhere, while its imports are not known', js, undefined, '/w/other/d.js', true],
    ['a text file beside it', js, undefined, '/w/api/readme.md', false],
    ['an input of the bundle', ts, ['/w/api/a.ts', '/w/lib/c.ts'], '/w/lib/c.ts', true],
    ['a neighbour that is not in the bundle', ts, ['/w/api/a.ts'], '/w/api/b.ts', false],
    ['any source, while the bundle does not build', ts, undefined, '/w/lib/c.ts', true],
    ['any Python below the root', py, undefined, '/w/lib/c.py', true],
    ['JavaScript, for Python', py, undefined, '/w/api/a.js', false],
    ['a bootstrap', own, undefined, '/w/api/bootstrap', true],
    ['anything beside or below a bootstrap', own, undefined, '/w/api/rules/tax.txt', true],
    ['what is elsewhere, for a bootstrap', own, undefined, '/w/other/d.js', false],
  ])('%s', (_name, fn, inputs, changed, expected) => {
    expect(affects(fn, inputs, [changed])).toBe(expected);
  });
});

describe('createWatcher', () => {
  let watcher: Watcher | undefined;
  let root = '';
  afterEach(async () => {
    await watcher?.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('tells of a save once, and not of what tools make', async () => {
    root = mkdtempSync(path.join(os.tmpdir(), 'faultline-watch-'));
    for (const folder of ['src', 'node_modules/x', '.faultline'])
      mkdirSync(path.join(root, folder), { recursive: true });
    const file = path.join(root, 'src/a.js');
    writeFileSync(file, '1');
    let told: (paths: readonly string[]) => void = () => undefined;
    const change = (): Promise<readonly string[]> => new Promise((resolve) => (told = resolve));
    watcher = await createWatcher({ root, clock: systemClock, onChange: (paths) => told(paths) });
    const first = change();
    writeFileSync(path.join(root, 'node_modules/x/index.js'), '2');
    writeFileSync(path.join(root, '.faultline/emulator.json'), '2');
    writeFileSync(file, '2');
    expect(await first).toEqual([file]);
    const second = change();
    const added = path.join(root, 'src/b.py');
    writeFileSync(added, '');
    expect(await second).toEqual([added]);
  });
});
