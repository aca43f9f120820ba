#!/usr/bin/env node
// How long after a save the new version answers: a TypeScript handler whose bundle has 1 MB, and a plain JavaScript one,
// paired with what must happen at least: esbuild building that bundle once, and a bare `node -e 0`. Medians. Build dist/ first.
//   --saves N (15)  --json
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { startEmulator } from '../dist/index.js';
import { median } from './lib/processes.mjs';

const { values: options } = parseArgs({
  options: { saves: { type: 'string', default: '15' }, json: { type: 'boolean', default: false } },
});
const root = await mkdtemp(join(tmpdir(), 'faultline-bench-'));
const handler = (/** @type {number} */ version) =>
  `import { table } from './data.ts';\nexport const handler = async () => ({ statusCode: 200, body: String(${version} + 0 * table.length) });\n`;
const plain = (/** @type {number} */ version) =>
  `export const handler = async () => ({ statusCode: 200, body: '${version}' });\n`;

/** About 1 MB of code, as a bundle of a few SDK clients has: functions, not data. */
function largeModule() {
  const lines = ['export const table: Array<(n: number) => number> = [];'];
  for (let i = 0; lines.length < 9_000; i++)
    lines.push(
      `table.push(function computed${i}(value: number): number { let sum = ${i}; for (let k = 0; k < value; k++) sum += k % ${i + 1}; return sum; });`,
    );
  return lines.join('\n');
}

await writeFile(join(root, 'data.ts'), largeModule());
await writeFile(join(root, 'large.ts'), handler(0));
await writeFile(join(root, 'plain.mjs'), plain(0));
await writeFile(
  join(root, 'faultline.yaml'),
  'functions:\n' +
    ['large', 'plain']
      .map((name) => `  ${name}: { handler: ${name}.handler, memory: 256, events: [{ http: GET /${name} }] }\n`)
      .join(''),
);

const emulator = await startEmulator({ root, watch: true });
const body = async (/** @type {string} */ name) => (await emulator.fetch(`/${name}`)).text();

/** ms from a save to the first answer of the new version; it is asked for without a pause. */
async function save(/** @type {string} */ file, /** @type {string} */ text, /** @type {string} */ version) {
  const begin = performance.now();
  await writeFile(join(root, file), text);
  const name = file.replace(/\..*/, '');
  while ((await body(name)) !== version);
  return performance.now() - begin;
}

async function buildOnce() {
  const begin = performance.now();
  await build({
    entryPoints: [join(root, 'large.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: join(root, 'out/large.mjs'),
  });
  return performance.now() - begin;
}

async function bareNode() {
  const begin = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - begin;
}

const rounds = [];
let megabytes;
try {
  await Promise.all([body('large'), body('plain')]);
  for (let version = 1; version <= Number(options.saves); version++) {
    const large = await save('large.ts', handler(version), String(version));
    const small = await save('plain.mjs', plain(version), String(version));
    rounds.push({ large, small, build: await buildOnce(), bare: await bareNode() });
  }
  megabytes = (await stat(join(root, 'out/large.mjs'))).size / 1e6;
} finally {
  await emulator.stop();
  await rm(root, { recursive: true, force: true });
}
const of = (/** @type {'large' | 'small' | 'build' | 'bare'} */ key) => median(rounds.map((round) => round[key]));
const figures = {
  saves: rounds.length,
  bundleMB: megabytes,
  bareNodeMs: of('bare'),
  buildMs: of('build'),
  largeMs: of('large'),
  plainMs: of('small'),
  largeToBuildAndStart: median(rounds.map((round) => round.large / (round.build + round.bare))),
};
if (options.json) console.log(JSON.stringify({ node: process.version, ...figures }));
else {
  console.log(`node -e 0                     ${figures.bareNodeMs.toFixed(0)} ms`);
  console.log(`esbuild alone (${megabytes.toFixed(1)} MB)        ${figures.buildMs.toFixed(0)} ms`);
  console.log(
    `save to new answer, bundle    ${figures.largeMs.toFixed(0)} ms  ×${figures.largeToBuildAndStart.toFixed(2)} of the two together`,
  );
  console.log(`save to new answer, plain     ${figures.plainMs.toFixed(0)} ms`);
}
