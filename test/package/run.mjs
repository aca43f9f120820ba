#!/usr/bin/env node
// Tests the packages in artifacts/ as their users meet them: what is in them, and the tarball in an empty project.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { must } from '../../scripts/lib/exec.mjs';
import { artifactsDir, at } from '../../scripts/lib/paths.mjs';
import { StepError, step } from '../../scripts/lib/steps.mjs';
import { makeTemp, removeTemp } from '../../scripts/lib/temp.mjs';
import { zipNames } from '../../scripts/lib/zip.mjs';
import { compareFiles } from './files.mjs';
import { eslintFinds } from './eslint.mjs';
import { addExamples, plainSamples, runners, runsIn, typedSamples, writeSamples } from './runners.mjs';

const { name, version } = JSON.parse(await readFile(at('package.json'), 'utf8'));
const vsix = join(artifactsDir, `${name}-${version}.vsix`);
const tarball = join(artifactsDir, `${name}-${version}.tgz`);

const compilerOptions = {
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  target: 'ES2023',
  lib: ['ES2023', 'ESNext.Disposable'],
  strict: true,
  noEmit: true,
  types: ['node'],
  typeRoots: [at('node_modules/@types')],
};

/** @param {string} project */
async function install(project) {
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  // As a user does: our own .npmrc, which switches install scripts off, reaches what `npm test` starts.
  const options = ['--ignore-scripts=false', '--no-audit', '--no-fund', '--loglevel=error'];
  await must('npm', ['install', tarball, ...options], { cwd: project });
}

/** @param {string} project */
async function printsVersion(project) {
  const { stdout } = await must('npx', ['--no-install', 'faultline', '--version'], { cwd: project, timeout: 30_000 });
  if (stdout.trim() !== version) throw new StepError(`expected ${version}, but saw ${stdout}`);
  return stdout.trim();
}

/**
 * @param {string} folder of the project
 * @param {Record<string, string>} samples
 * @param {boolean} skipLibCheck false checks our declarations too: nothing in them may want what is not installed with them
 */
async function typeChecks(folder, samples, skipLibCheck) {
  await writeSamples(folder, samples);
  const config = { compilerOptions: { ...compilerOptions, skipLibCheck }, files: Object.keys(samples) };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await must(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', folder], { cwd: folder });
}

/** LevelDB as the VSIX brings it, where there is no node_modules. @param {string} folder */
async function keepsMessages(folder) {
  await must('python3', ['-m', 'zipfile', '-e', vsix, folder]);
  const library = join(folder, 'extension/dist/vendor/classic-level/index.cjs');
  const script = `
    const { ClassicLevel } = require(${JSON.stringify(library)});
    const level = new ClassicLevel(${JSON.stringify(join(folder, 'store'))});
    level.batch([{ type: 'put', key: 'a', value: 'kept' }], { sync: true })
      .then(() => level.get('a'))
      .then((value) => { console.log(value); return level.close(); });`;
  const { stdout } = await must(process.execPath, ['-e', script], { cwd: folder });
  if (stdout.trim() !== 'kept') throw new StepError(`expected kept, but saw ${stdout}`);
}

const tarNames = async () => (await must('tar', ['-tzf', tarball])).stdout.trim().split('\n');

const project = await makeTemp('package');
const unpacked = await makeTemp('vsix');
const results = [];
try {
  results.push(await step('VSIX has its files', async () => compareFiles('vsix-files.txt', await zipNames(vsix))));
  results.push(await step('VSIX keeps messages', () => keepsMessages(unpacked)));
  results.push(await step('tarball has its files', async () => compareFiles('npm-files.txt', await tarNames())));
  results.push(await step('tarball installs', () => install(project)));
  results.push(await step('faultline --version', () => printsVersion(project)));
  results.push(await step('library type-checks', () => typeChecks(join(project, 'plain'), plainSamples, false)));
  results.push(await step('plugin lints in ESLint', () => eslintFinds(project)));
  await addExamples(project);
  results.push(await step('matchers type-check', () => typeChecks(join(project, 'typed'), typedSamples, true)));
  for (const runner of runners) results.push(await step(`tests run in ${runner.title}`, () => runsIn(project, runner)));
} finally {
  await removeTemp(project);
  await removeTemp(unpacked);
}
const failed = results.filter(({ ok }) => !ok).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
