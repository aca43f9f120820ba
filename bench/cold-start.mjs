#!/usr/bin/env node
// What a cold start costs: the first invocation of a function in a fresh emulator, paired with a bare `node -e 0`, which
// is the least that a process of its own takes. Medians over several pairs. Build dist/ first.
//   --pairs N (15)  --json
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startEmulator } from '../dist/index.js';
import { median } from './lib/processes.mjs';

const { values: options } = parseArgs({
  options: { pairs: { type: 'string', default: '15' }, json: { type: 'boolean', default: false } },
});

async function bareNode() {
  const begin = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - begin;
}

/** ms from the call to the result, and what the instance's start took of it. */
async function coldStart() {
  const root = fileURLToPath(new URL('cold', import.meta.url));
  const emulator = await startEmulator({ root });
  try {
    const begin = performance.now();
    const { ok, record } = await emulator.invoke('hello');
    const whole = performance.now() - begin;
    if (!ok || record.initMs === undefined) throw new Error('that was no cold start');
    return { whole, init: record.initMs };
  } finally {
    await emulator.stop();
  }
}

const pairs = [];
for (let i = -1; i < Number(options.pairs); i++) {
  const bare = await bareNode();
  const { whole, init } = await coldStart();
  // The first pair reads the files from disk.
  if (i >= 0) pairs.push({ bare, whole, init });
}
const figures = {
  pairs: pairs.length,
  bareMs: median(pairs.map((pair) => pair.bare)),
  initMs: median(pairs.map((pair) => pair.init)),
  firstInvocationMs: median(pairs.map((pair) => pair.whole)),
  initToBare: median(pairs.map((pair) => pair.init / pair.bare)),
  firstInvocationToBare: median(pairs.map((pair) => pair.whole / pair.bare)),
};
if (options.json) console.log(JSON.stringify({ node: process.version, ...figures }));
else {
  console.log(`node -e 0          ${figures.bareMs.toFixed(1)} ms`);
  console.log(`instance ready     ${figures.initMs.toFixed(1)} ms  ×${figures.initToBare.toFixed(2)}`);
  console.log(
    `first invocation   ${figures.firstInvocationMs.toFixed(1)} ms  ×${figures.firstInvocationToBare.toFixed(2)}`,
  );
}
