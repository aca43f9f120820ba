#!/usr/bin/env node
// npm run check: everything that can be said about the sources without running them. All steps run, also after one
// that failed; one line each.
import { join } from 'node:path';
import { exec } from './lib/exec.mjs';
import { at, toolsDir } from './lib/paths.mjs';
import { checkRegistries } from './lib/registries.mjs';
import { StepError, step } from './lib/steps.mjs';
import { typeCheck, typeCheckContract } from './lib/tsconfigs.mjs';
import { checkManifest } from './manifest.mjs';

/** A tool of node_modules, with what it prints as the error. @param {string} file @param {string[]} args */
async function tool(file, ...args) {
  const { code, stdout, stderr } = await exec(process.execPath, [at('node_modules', file), ...args]);
  if (code !== 0) throw new StepError(`${stdout}\n${stderr}`.trim());
}

/** Where a tool keeps what it knows of unchanged files. @param {string} name */
const cache = (name) => ['--cache-strategy=content', `--cache-location=${join(toolsDir, 'cache', name)}`];

/** @type {readonly { name: string, work: () => unknown }[]} */
const steps = [
  { name: 'types', work: () => typeCheck(at('tsconfig.json')) },
  { name: 'types: pages', work: () => typeCheck(at('tsconfig.media.json')) },
  { name: 'types: editor suite', work: () => typeCheck(at('test/editor/suite/tsconfig.json')) },
  { name: 'types: contract in Node', work: () => typeCheckContract('node') },
  { name: 'types: contract in browsers', work: () => typeCheckContract('browser') },
  { name: 'eslint', work: () => tool('eslint/bin/eslint.js', '--cache', ...cache('eslint'), '.') },
  {
    name: 'format',
    work: () => tool('prettier/bin/prettier.cjs', '--check', '--log-level=warn', '--cache', ...cache('prettier'), '.'),
  },
  { name: 'manifest', work: checkManifest },
  { name: 'one file, one line', work: checkRegistries },
  {
    name: 'architecture',
    work: () => tool('vitest/vitest.mjs', 'run', 'test/unit/architecture.test.ts', '--reporter=dot'),
  },
];

/** Two at a time: as many as the smallest machine has processors. @returns {Promise<boolean>} whether all passed */
export async function check() {
  const rest = [...steps];
  const results = [];
  const worker = async () => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift())
      results.push(await step(next.name, next.work));
  };
  await Promise.all([worker(), worker()]);
  return results.every(({ ok }) => ok);
}

if (import.meta.filename === process.argv[1]) process.exitCode = (await check()) ? 0 : 1;
