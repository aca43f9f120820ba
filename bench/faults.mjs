#!/usr/bin/env node
// What the fault layer costs: throughput through the gateway to a handler in its own process, in one run, of
//   bypassed   the baseline: the same sources, built the same way, in which dispatch plans no faults, queues pass
//              everything on, and the fault engine is not there at all (bench/lib/faults-build.mjs cuts it out)
//   idle       as users have it, no fault active
//   elsewhere  as users have it, with a fault for another function, which every invocation is compared with
// Beside throughput, which whatever else the machine does falsifies, the CPU time that the emulator's process uses for a request
// is compared (Linux): in a pool with instances enough it is what bounds throughput.
// Each round measures all three beside each other, each round in another order; what is told are medians of the ratios of a
// round to its baseline, with the middle half of them. The claim: under 3 % for `idle`.
//   --rounds N (9)  --seconds N (2)  --connections 16  --json
import { readFile, rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { buildFaultBenches } from './lib/faults-build.mjs';
import { here, load, median, startServer } from './lib/processes.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '16' },
    json: { type: 'boolean', default: false },
  },
});
const [rounds, seconds, connections] = [options.rounds, options.seconds, options.connections].map(Number);
const note = (text) => options.json || console.log(text);
/** All get the same, so that none is better compiled than the others. */
const WARM_UP_SECONDS = 5;
const CANDIDATES = ['idle', 'elsewhere'];

/** @param {{ bypassed: string, real: string }} libraries */
async function startAll({ bypassed, real }) {
  const servers = {};
  const start = async (name, library, ...faults) => {
    const { line, stop, pid } = await startServer(here('serve-faults.mjs'), library, ...faults);
    servers[name] = { url: line, stop, pid };
  };
  try {
    await start('bypassed', bypassed);
    await start('idle', real);
    await start('elsewhere', real, JSON.stringify({ kind: 'latency', function: 'other', for: '24h' }));
    return servers;
  } catch (error) {
    await stopAll(servers);
    throw error;
  }
}

const stopAll = (servers) => Promise.all(Object.values(servers).map(({ stop }) => stop()));

/** CPU time of a process so far, in ticks of 10 ms. */
async function ticksOf(pid) {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** @returns requests per second, and requests per tick of CPU time of the emulator's process */
async function measureOne({ url, pid }, name) {
  const before = await ticksOf(pid);
  const { rate, failed } = await load(`${url}/hello`, connections, seconds);
  if (failed > 0) throw new Error(`${name}: ${String(failed)} requests failed`);
  return { rate, perTick: (rate * seconds) / ((await ticksOf(pid)) - before) };
}

/** @returns candidate → what it is of the baseline, one a round */
async function measure(servers) {
  const ratios = Object.fromEntries(CANDIDATES.map((name) => [name, { rate: [], perTick: [] }]));
  const names = Object.keys(servers);
  for (const name of names) await load(`${servers[name].url}/hello`, connections, WARM_UP_SECONDS);
  for (let round = 0; round < rounds; round++) {
    const found = {};
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length];
      found[name] = await measureOne(servers[name], name);
    }
    const base = found.bypassed;
    for (const name of CANDIDATES) {
      for (const key of ['rate', 'perTick']) ratios[name][key].push(found[name][key] / base[key]);
      const [mine, of] = [found[name].rate.toFixed(0), base.rate.toFixed(0)];
      const cpu = ((found[name].perTick / base.perTick) * 100).toFixed(1);
      note(`round ${String(round + 1)}  ${name.padEnd(9)} ${mine}/s of ${of}/s  by CPU ${cpu} %`);
    }
  }
  return ratios;
}

const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)];

const libraries = await buildFaultBenches();
let servers;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void stopAll(servers ?? {}).finally(() => process.exit(1)));
try {
  servers = await startAll(libraries);
  const ratios = await measure(servers);
  const rows = CANDIDATES.flatMap((name) =>
    Object.entries(ratios[name]).map(([by, all]) => ({
      name,
      by: by === 'rate' ? 'throughput' : 'requests for the same CPU time',
      ratio: median(all),
      low: quantile(all, 0.25),
      high: quantile(all, 0.75),
    })),
  );
  if (options.json) console.log(JSON.stringify({ node: process.version, rounds, seconds, connections, rows }));
  else {
    console.log('\n| fault layer | by | of the bypassed one | middle half | overhead |\n|---|---|---|---|---|');
    const percent = (share) => `${(share * 100).toFixed(1)} %`;
    for (const { name, by, ratio, low, high } of rows)
      console.log(
        `| ${name} | ${by} | ${percent(ratio)} | ${percent(low)} to ${percent(high)} | ${percent(1 - ratio)} |`,
      );
  }
} finally {
  if (servers) await stopAll(servers);
  await rm(libraries.folder, { recursive: true, force: true });
}
