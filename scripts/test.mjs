#!/usr/bin/env node
// npm test: installs what is needed, builds, checks, tests, packs, and tests the packages in a real editor.
// Goes on after a failure wherever the next step still says something; ends with a table and one line of counts.
//   --only unit|package|editor   while developing
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exec } from './lib/exec.mjs';
import { at, toolsDir } from './lib/paths.mjs';
import { printSummary } from './lib/summary.mjs';

/** @typedef {{ passed: number, failed: number }} Tally */
/** @typedef {'unit' | 'package' | 'editor'} Part */

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {string[]} args of Node
 * @property {readonly Part[]} parts when it runs under `--only`
 * @property {readonly string[]} [needs] stages without which it has nothing to say
 * @property {(output: string) => Promise<Tally> | Tally} [count] how many tests it ran
 * @property {'begins' | 'goes on'} [beside] it mostly waits for the network: those after it that go on beside it do not wait
 */

const vitestReport = join(toolsDir, 'vitest.json');

/** @type {readonly Stage[]} */
const stages = [
  { name: 'tools', args: ['scripts/tools.mjs'], parts: ['editor'], beside: 'begins' },
  {
    name: 'build',
    args: ['scripts/build.mjs', '--strict', '--types'],
    parts: ['unit', 'package', 'editor'],
    beside: 'goes on',
  },
  { name: 'check', args: ['scripts/check.mjs'], parts: [], beside: 'goes on' },
  {
    name: 'unit',
    args: [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${vitestReport}`,
    ],
    parts: ['unit'],
    count: countVitest,
  },
  { name: 'package', args: ['scripts/package.mjs', '--no-build'], parts: ['package', 'editor'], needs: ['build'] },
  { name: 'package test', args: ['test/package/run.mjs'], parts: ['package'], needs: ['package'], count: countLine },
  { name: 'editor', args: ['test/editor/run.mjs'], parts: ['editor'], needs: ['tools', 'package'], count: countLine },
];

/** @returns {Promise<Tally>} */
async function countVitest() {
  const report = JSON.parse(await readFile(vitestReport, 'utf8'));
  // A file that cannot even be loaded has no tests that could fail.
  const broken = report.testResults.filter(
    (/** @type {any} */ file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
}

/** @param {string} output that ends with `N passed, N failed` @returns {Tally} */
function countLine(output) {
  const [, passed = '0', failed = '0'] = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1) ?? [];
  return { passed: Number(passed), failed: Number(failed) };
}

/**
 * @param {Stage} stage
 * @param {boolean} [quiet] its output is shown when it has ended, and not among that of another
 * @returns {Promise<import('./lib/summary.mjs').StageResult & { show?: () => void }>}
 */
async function run({ name, args, count }, quiet = false) {
  const title = `\n── ${name} ${'─'.repeat(Math.max(0, 70 - name.length))}`;
  if (!quiet) console.log(title);
  const begin = performance.now();
  const { code, stdout, stderr } = await exec(process.execPath, args, { cwd: at(), tee: !quiet });
  const tally = (await Promise.resolve(count?.(stdout)).catch(() => undefined)) ?? { passed: 0, failed: 0 };
  // Red is red: a stage that failed without a failing test counts as one.
  const failed = code !== 0 && tally.failed === 0 ? 1 : tally.failed;
  const state = code === 0 && failed === 0 ? 'passed' : 'failed';
  const show = () => console.log(`${title}\n${stdout}${stderr}`.trimEnd());
  const seconds = (performance.now() - begin) / 1000;
  return { name, state, seconds, passed: tally.passed, failed, ...(quiet ? { show } : {}) };
}

const { values } = parseArgs({ options: { only: { type: 'string' } } });
if (values.only !== undefined && !['unit', 'package', 'editor'].includes(values.only)) {
  console.error('--only takes unit, package or editor');
  process.exit(2);
}

/** @type {import('./lib/summary.mjs').StageResult[]} */
const results = [];
/** @type {ReturnType<typeof run>[]} */
const begun = [];

/** Waits for what was begun beside others. */
async function joined() {
  for (const result of await Promise.all(begun.splice(0))) {
    result.show?.();
    results.push(result);
  }
}

for (const stage of stages) {
  if (values.only !== undefined && !stage.parts.includes(/** @type {Part} */ (values.only))) continue;
  if (stage.beside === 'begins') {
    begun.push(run(stage, true));
    continue;
  }
  if (stage.beside === undefined) await joined();
  const missing = stage.needs?.find((need) => results.some(({ name, state }) => name === need && state !== 'passed'));
  results.push(
    missing === undefined
      ? await run(stage)
      : { name: stage.name, state: `not run, ${missing} failed`, seconds: 0, passed: 0, failed: 1 },
  );
}
await joined();
printSummary(results);
if (results.some(({ state }) => state !== 'passed')) process.exitCode = 1;
