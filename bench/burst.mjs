#!/usr/bin/env node
// Fifty calls at the same time of a function that waits for 200 ms: what the last of them waits for, cold and warm, beside
// the 200 ms that it takes at least. Build dist/ first.
//   --calls N (50)  --bursts N (5)  --json
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startEmulator } from '../dist/index.js';
import { median } from './lib/processes.mjs';

const { values: options } = parseArgs({
  options: {
    calls: { type: 'string', default: '50' },
    bursts: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const calls = Number(options.calls);
const emulator = await startEmulator({ root: fileURLToPath(new URL('burst', import.meta.url)) });

async function burst() {
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: calls }, async () => {
      const response = await emulator.fetch('/wait');
      if (response.status !== 200) throw new Error(`status ${response.status}`);
      await response.arrayBuffer();
    }),
  );
  return performance.now() - begin;
}

/** The instances that a burst asked for go on starting after it: warm is when they are all there. */
async function settled() {
  for (let quiet = 0; quiet < 5;) {
    const { instances } = emulator.snapshot().functions[0];
    quiet = instances.some(({ state }) => state === 'starting') ? 0 : quiet + 1;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return emulator.snapshot().functions[0].instances.length;
}

try {
  const cold = await burst();
  const instances = await settled();
  const warm = [];
  for (let i = 0; i < Number(options.bursts); i++) warm.push(await burst());
  const figures = { calls, instances, coldMs: cold, warmMs: median(warm), leastMs: 200 };
  if (options.json) console.log(JSON.stringify({ node: process.version, ...figures }));
  else {
    console.log(`${calls} calls of 200 ms at once`);
    console.log(`cold   ${cold.toFixed(0)} ms  ×${(cold / 200).toFixed(1)}`);
    console.log(
      `warm   ${figures.warmMs.toFixed(0)} ms  ×${(figures.warmMs / 200).toFixed(1)}  (${instances} instances)`,
    );
  }
} finally {
  await emulator.stop();
}
