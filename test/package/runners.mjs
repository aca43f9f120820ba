// The examples' tests against the installed tarball, each in its own test runner. The runners are those of this
// repository, so nothing is downloaded.
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { exec } from '../../scripts/lib/exec.mjs';
import { at } from '../../scripts/lib/paths.mjs';
import { StepError } from '../../scripts/lib/steps.mjs';

/** @typedef {{ title: string, args: string[], passes: RegExp }} Runner */

const bin = (/** @type {string} */ file) => at('node_modules', file);

/** What each prints when its tests have run: a runner that finds no test must not pass. @type {readonly Runner[]} */
export const runners = [
  {
    title: 'vitest',
    args: [bin('vitest/vitest.mjs'), 'run', '--root=.', 'examples/test/orders.test.mjs'],
    passes: /Tests\D+7 passed/,
  },
  {
    title: 'jest',
    args: [bin('jest/bin/jest.js'), '--rootDir=.', '--testMatch=**/examples/test/jest/*.test.cjs', '--ci'],
    passes: /Tests: +3 passed/,
  },
  { title: 'mocha', args: [bin('mocha/bin/mocha.js'), 'examples/test/mocha/orders.spec.mjs'], passes: /2 passing/ },
  {
    title: 'node:test',
    args: ['--test', 'examples/test/node/orders.spec.mjs'],
    passes: /pass 2/,
  },
];

/** Makes a package of this repository's node_modules one of the project's. @param {string} project @param {string} name */
export async function link(project, name) {
  const target = join(project, 'node_modules', name);
  await mkdir(dirname(target), { recursive: true });
  await symlink(bin(name), target, 'junction');
}

/** @param {string} project where the tarball has been installed */
export async function addExamples(project) {
  await cp(at('examples'), join(project, 'examples'), {
    recursive: true,
    filter: (file) => !file.endsWith('.faultline'),
  });
  // Imported by name in tests and types; jest's and mocha's own words are global.
  for (const name of ['vitest', 'expect', '@jest/globals']) await link(project, name);
}

/** @param {string} project @param {Runner} runner */
export async function runsIn(project, { title, args, passes }) {
  const { code, stdout, stderr } = await exec(process.execPath, args, { cwd: project, timeout: 60_000 });
  const output = stripVTControlCharacters(`${stdout}\n${stderr}`);
  if (code !== 0 || !passes.test(output)) throw new StepError(`${title} ended with ${String(code)}:\n${output.trim()}`);
}

const survives = `
await expect(emulator).toSurvive({ kind: 'latency', params: { ms: 5 } }, { request: 'GET /a', within: '2s' });
await expect(emulator).not.toRecover([{ kind: 'hang' }], { invoke: 'stock', event: 1 });
expect(await emulator.invoke('stock')).toBeHitBy('latency');
// @ts-expect-error -- there is no such option
await expect(emulator).toSurvive({ kind: 'latency' }, { reqest: 'GET /a' });
`;
const start = `import { startEmulator } from 'faultline';
import { faultlineMatchers } from 'faultline/matchers';
const emulator = await startEmulator({ root: '.' });
`;

/** What is written where a runner's types are installed: `expect` knows the matchers. */
export const typedSamples = {
  'vitest.ts': `import { expect } from 'vitest';\n${start}expect.extend(faultlineMatchers);\n${survives}`,
  'jest.ts': `import { expect } from '@jest/globals';\n${start}expect.extend(faultlineMatchers);\n${survives}`,
};

/** Without any runner; the declarations themselves are checked as well. */
export const plainSamples = {
  'sample.ts': `import { startEmulator } from 'faultline';

const emulator = await startEmulator({ root: '.', seed: 7 });
const reply: Response = await emulator.fetch('/orders', { method: 'POST' });
console.log(reply.status);
await emulator.stop();
`,
  'survives.ts': `import { startEmulator } from 'faultline';
import { assertSurvives, type Survival } from 'faultline/matchers';

await using emulator = await startEmulator({ root: '.' });
const survival: Survival = await assertSurvives(emulator, { kind: 'latency' }, { request: 'GET /a', status: [200] });
console.log(survival.answers[0]?.status);
`,
  'required.cts': `import { startEmulator } from 'faultline';
import { assertHitBy } from 'faultline/matchers';

export const run = async () => {
  const emulator = await startEmulator();
  assertHitBy(await emulator.invoke('stock'), 'latency');
};
`,
};

/** @param {string} folder @param {Record<string, string>} files */
export async function writeSamples(folder, files) {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}
