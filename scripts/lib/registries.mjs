import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { at } from './paths.mjs';
import { StepError } from './steps.mjs';
import { registryLines } from './typescript.mjs';

/** Folders where one thing is one file and one line of `index.ts`, with where its documentation is. */
const registries = [
  { folder: 'emulator/faults/kinds', page: (/** @type {string} */ id) => ({ file: `docs/faults/${id}.md` }) },
  { folder: 'emulator/balancing', page: (/** @type {string} */ id) => ({ file: 'docs/balancing.md', heading: id }) },
  {
    folder: 'emulator/experiments/importers',
    page: (/** @type {string} */ id) => ({ file: 'docs/formats.md', heading: id }),
  },
  {
    folder: 'emulator/experiments/exporters',
    page: (/** @type {string} */ id) => ({ file: 'docs/formats.md', heading: id }),
  },
  { folder: 'lint/rules', page: (/** @type {string} */ id) => ({ file: `docs/rules/${id}.md` }) },
];

/** Files that are no entries: the registry itself, interfaces, what tests share. */
const others = new Set(['index.ts', 'types.ts', 'fixture.ts', 'fixtures.ts']);

/** @param {{ file: string, heading?: string }} page @returns {Promise<string | undefined>} what is wrong with it */
async function wrongPage({ file, heading }) {
  const text = await readFile(at(file), 'utf8').catch(() => undefined);
  if (text === undefined) return `no page ${file}`;
  if (heading === undefined) return undefined;
  const headings = text.split('\n').filter((line) => line.startsWith('#'));
  return headings.some((line) => line.replaceAll('`', '').split(/\s+/).includes(heading))
    ? undefined
    : `no section '${heading}' in ${file}`;
}

/** Files of the folder that nothing in it imports: entries that somebody forgot to register. @param {string} folder */
async function orphans(folder) {
  const names = (await readdir(at(folder))).filter((name) => name.endsWith('.ts'));
  const sources = names.filter((name) => !name.endsWith('.test.ts'));
  const texts = await Promise.all(sources.map((name) => readFile(join(at(folder), name), 'utf8')));
  return sources.filter(
    (name) => !others.has(name) && !texts.some((text) => text.includes(`'./${name.slice(0, -3)}.js'`)),
  );
}

/** @param {(typeof registries)[number]} registry @returns {Promise<string[]>} what is missing */
async function faultsOf({ folder, page }) {
  if (!existsSync(at(folder, 'index.ts'))) return [];
  const lines = await registryLines(`${folder}/index.ts`);
  const wrong = await Promise.all(
    lines.map(async ({ id, file, line }) => {
      const place = `${folder}/index.ts:${line} ${id}:`;
      if (file === undefined) return [`${place} is not imported from a file of its own`];
      const test = existsSync(at(folder, `${file}.test.ts`)) ? undefined : `no test ${folder}/${file}.test.ts`;
      return [test, await wrongPage(page(id))].filter((text) => text !== undefined).map((text) => `${place} ${text}`);
    }),
  );
  const files = lines.map(({ file }) => file);
  const twice = files.filter((file, index) => file !== undefined && files.indexOf(file) !== index);
  return [
    ...wrong.flat(),
    ...twice.map((file) => `${folder}/index.ts: ${file}.ts has more than one line`),
    ...(await orphans(folder)).map((name) => `${folder}/${name}: has no line in index.ts`),
  ];
}

/** One file, one line, one test, one page: for every entry of every registry. */
export async function checkRegistries() {
  const faults = (await Promise.all(registries.map(faultsOf))).flat();
  if (faults.length > 0) throw new StepError(faults.join('\n'));
  return registries.map(({ folder }) => basename(folder)).join(', ');
}
