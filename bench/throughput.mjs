#!/usr/bin/env node
// Requests per second through the gateway to a handler in its own process, beside two other servers in the same run:
//   limit     the least that this task takes on this machine: no routing, metrics, logs or faults (--limit FILE)
//   express   bare Express, the answer made in the server itself
// They take turns for several rounds, each round in another order; what is told are medians, also of each
// round's ratios. Build dist/ first.
//   --rounds N (5)  --seconds N (3)  --connections 1,16,64  --limit FILE  --json
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { freePort, here, load, median, startServer } from './lib/processes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '1,16,64' },
    limit: { type: 'string', default: '../shared/bench/limit-gateway.mjs' },
    json: { type: 'boolean', default: false },
  },
});
const connections = options.connections.split(',').map(Number);
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);
const note = (text) => options.json || console.log(text);

/** Those to be measured, each running and idle until its turn. */
async function startAll() {
  const servers = [];
  try {
    const faultline = await startServer(here('serve-faultline.mjs'));
    servers.push({ name: 'faultline', url: faultline.line, stop: faultline.stop });
    const limitFile = resolve(root, options.limit);
    if (existsSync(limitFile)) {
      const port = await freePort();
      const { stop } = await startServer(limitFile, String(port), '4');
      servers.push({ name: 'limit', url: `http://127.0.0.1:${String(port)}`, stop });
    } else note(`limit: skipped, there is no ${options.limit} (see --limit)`);
    const express = await startServer(here('serve-express.mjs'));
    servers.push({ name: 'express', url: express.line, stop: express.stop });
    return servers;
  } catch (error) {
    await Promise.all(servers.map((server) => server.stop()));
    throw error;
  }
}

/** @returns name → connections → measurements, one a round */
async function measureAll(servers) {
  const measured = Object.fromEntries(servers.map(({ name }) => [name, connections.map(() => [])]));
  for (const { name, url } of servers) {
    note(`warming up ${name}`);
    await load(`${url}/hello`, 64, Math.min(seconds, 3));
  }
  for (let round = 0; round < rounds; round++) {
    for (const [index, count] of connections.entries()) {
      for (let turn = 0; turn < servers.length; turn++) {
        const { name, url } = servers[(turn + round) % servers.length];
        const one = await load(`${url}/hello`, count, seconds);
        if (one.failed > 0)
          throw new Error(`${name}: ${String(one.failed)} requests failed at ${String(count)} connections`);
        measured[name][index].push(one);
        note(
          `round ${String(round + 1)}  ${name.padEnd(9)} ${String(count).padStart(3)} connections  ${one.rate.toFixed(0).padStart(6)}/s`,
        );
      }
    }
  }
  return measured;
}

function summarise(measured) {
  return connections.map((count, index) => {
    const figures = (name) => {
      const all = measured[name]?.[index];
      if (!all) return undefined;
      const of = (key) => median(all.map((one) => one[key]));
      return { rate: Math.round(of('rate')), p50: of('p50'), p99: of('p99') };
    };
    // Paired by round: what else the machine does in a round slows both.
    const ratio = (name) =>
      median(measured['faultline'][index].map(({ rate }, round) => rate / measured[name][index][round].rate));
    const [faultline, limit, express] = ['faultline', 'limit', 'express'].map(figures);
    return {
      connections: count,
      faultline,
      limit,
      express,
      ofLimit: limit && ratio('limit'),
      ofExpress: ratio('express'),
    };
  });
}

function table(rows) {
  const percent = (share) => (share === undefined ? '–' : `${(share * 100).toFixed(0)} %`);
  const cell = (figures) => (figures ? `${String(figures.rate)}/s (p99 ${String(figures.p99)} ms)` : '–');
  console.log('\n| connections | faultline | limit | of limit | express | of express |\n|---|---|---|---|---|---|');
  for (const { connections: count, faultline, limit, express, ofLimit, ofExpress } of rows) {
    const cells = [count, cell(faultline), cell(limit), percent(ofLimit), cell(express), percent(ofExpress)];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

const servers = await startAll();
try {
  const rows = summarise(await measureAll(servers));
  if (options.json) console.log(JSON.stringify({ node: process.version, rounds, seconds, rows }));
  else table(rows);
} finally {
  await Promise.all(servers.map((server) => server.stop()));
}
