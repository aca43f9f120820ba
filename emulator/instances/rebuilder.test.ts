import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { forgetRebuilder, rebuilderOf, writeBundle } from './rebuilder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'faultline-rebuild-'));
});
afterEach(async () => {
  forgetRebuilder(folder);
  await rm(folder, { recursive: true, force: true });
});

const options = (): esbuild.BuildOptions => ({
  entryPoints: [path.join(folder, 'app.ts')],
  outfile: path.join(folder, 'bundle.mjs'),
  bundle: true,
  format: 'esm',
  sourcemap: 'external',
  write: false,
  logLevel: 'silent',
});

async function version(text: string, outfile: string): Promise<string> {
  await writeFile(path.join(folder, 'app.ts'), text);
  await writeBundle(await rebuilderOf(folder).build(esbuild, options()), path.join(folder, outfile));
  return readFile(path.join(folder, outfile), 'utf8');
}

it('builds the source as it is, each time under a name of its own with a map of its own', async () => {
  expect(await version('export const value: number = 1;', '1.mjs')).toMatch(
    /value = 1;[\s\S]*\/\/# sourceMappingURL=1\.mjs\.map\n$/,
  );
  expect(await version('export const value: number = 2;', '2.mjs')).toContain('value = 2;');
  expect(await version('export const value: number = 3;', '3.mjs')).toContain('value = 3;');
  expect(await readFile(path.join(folder, '1.mjs'), 'utf8')).toContain('value = 1;');
  const map = JSON.parse(await readFile(path.join(folder, '3.mjs.map'), 'utf8')) as { sources: string[] };
  expect(map.sources).toEqual(['app.ts']);
});

it('fails as the first build does, and builds again once the source is mended', async () => {
  await version('export const value = 1;', '1.mjs');
  await expect(version('export const value = (', '2.mjs')).rejects.toMatchObject({
    errors: [{ location: { line: 1 } }],
  });
  expect(await version('export const value = 2;', '3.mjs')).toContain('value = 2;');
});
