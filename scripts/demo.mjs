/**
 * `npm start`: the examples at work, with a fault in them. Runs traffic against `orders` (written without timeouts or
 * error handling) and `orders-hardened`, makes `stock` slow and then unreachable, and prints what a caller sees. At a terminal it
 * then stays up for the dashboard and the editor; otherwise it ends.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmulator } from '../dist/index.js';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'examples');
const stay = process.stdout.isTTY && !process.argv.includes('--once');
const ROUTES = ['/orders', '/orders-hardened'];
/** Requests per second to each route. */
const RATE = 10;

/** @type {{ seconds: number, title: string, fault?: import('../dist/types/emulator/contract/faults.js').FaultSpec }[]} */
const ACTS = [
  { seconds: 4, title: 'all is well' },
  {
    seconds: 5,
    title: 'fault: stock answers 5 s late, every other time',
    fault: { kind: 'latency', function: 'stock', params: { ms: 5_000 }, rate: 50, for: '5s' },
  },
  {
    seconds: 5,
    title: 'fault: connections to stock are refused',
    fault: { kind: 'network', function: 'orders*', params: { mode: 'refused' }, for: '5s' },
  },
  { seconds: 4, title: 'faults cleared' },
];

async function start() {
  const options = { root, seed: 7, watch: true, stateFile: true, log: (text) => console.error(text) };
  try {
    return await startEmulator({ ...options, port: 3000, controlPort: 3001 });
  } catch (error) {
    if (error.code !== 'PORT_IN_USE') throw error;
    return startEmulator(options);
  }
}

/**
 * Open-loop traffic to both routes.
 * @param {import('../dist/types/emulator/contract/library.js').Emulator} emulator
 * @returns what callers saw since the last look, and the end of it
 */
function traffic(emulator) {
  const pending = new Set();
  const seen = new Map(ROUTES.map((route) => [route, []]));
  const send = async (route) => {
    const began = performance.now();
    const failed = await emulator
      .fetch(route, { method: 'POST', body: JSON.stringify({ sku: 'apple', quantity: 1 }) })
      .then(async (reply) => (await reply.arrayBuffer(), reply.status >= 500))
      .catch(() => true);
    seen.get(route).push({ failed, ms: performance.now() - began });
  };
  const sendBoth = () => {
    for (const route of ROUTES) {
      const call = send(route).finally(() => pending.delete(call));
      pending.add(call);
    }
  };
  const timer = setInterval(sendBoth, 1_000 / RATE);
  return {
    look: () => ROUTES.map((route) => cell(seen.get(route).splice(0))).join('  │ '),
    async end() {
      clearInterval(timer);
      await Promise.all(pending);
    },
  };
}

/** `answered  failed  slowest` of one second. */
function cell(calls) {
  const failed = calls.filter((call) => call.failed).length;
  const slowest = calls.length ? `${Math.round(Math.max(...calls.map((call) => call.ms)))} ms` : '–';
  return `${String(calls.length - failed).padStart(8)} ${String(failed || '·').padStart(7)} ${slowest.padStart(9)}`;
}

const second = () => new Promise((resolve) => setTimeout(resolve, 1_000));

try {
  const emulator = await start();
  let stopped = false;
  const stop = async () => {
    if (stopped) process.exit(130);
    stopped = true;
    await emulator.stop();
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  console.log(`Faultline runs examples/ at ${emulator.url}  (seed ${emulator.seed})`);
  console.log(`Dashboard: ${emulator.control.url}/#token=${emulator.control.token}\n`);
  // The first request of each function starts its instance; what follows is about faults, not about cold starts.
  for (const route of ROUTES) await emulator.fetch(route, { method: 'POST', body: '{"sku":"apple","quantity":1}' });
  console.log(ROUTES.map((route) => `POST ${route}`.padEnd(26)).join('  │ '));
  console.log(ROUTES.map(() => '      ok  failed   slowest').join('  │ ') + '   (each second, as callers see it)');
  const load = traffic(emulator);
  for (const act of ACTS) {
    if (stopped) break;
    console.log(`── ${act.title}`);
    const fault = act.fault && (await emulator.faults.add(act.fault));
    for (let i = 0; i < act.seconds && !stopped; i++) {
      await second();
      console.log(load.look());
    }
    if (fault) await emulator.faults.remove(fault.id).catch(() => undefined);
  }
  await load.end();
  if (!stopped) {
    console.log('\norders passed every failure on to its callers; orders-hardened kept answering.');
    console.log('The same as a test:  node dist/cli.js test examples');
    console.log('What lint says:      node dist/cli.js lint examples');
    if (stay) console.log('Still running; Ctrl+C stops it.');
    else await stop();
  }
} catch (error) {
  console.error(error.hint ? `${error.message}\n  ${error.hint}` : error);
  process.exit(error.exitCode ?? 3);
}
