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
const SHOWN = ['orders', 'orders-hardened', 'stock'];
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

/** @param {import('../dist/types/emulator/contract/library.js').Emulator} emulator */
function traffic(emulator) {
  const pending = new Set();
  const send = (route) => {
    const call = emulator
      .fetch(route, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sku: 'apple', quantity: 1 }),
      })
      .then((reply) => reply.arrayBuffer())
      .catch(() => undefined)
      .finally(() => pending.delete(call));
    pending.add(call);
  };
  const timer = setInterval(() => {
    send('/orders');
    send('/orders-hardened');
  }, 1_000 / RATE);
  return async () => {
    clearInterval(timer);
    await Promise.all(pending);
  };
}

function line(emulator) {
  const { functions } = emulator.snapshot();
  const cells = SHOWN.map((name) => {
    const { figures, instances } = functions.find((fn) => fn.name === name);
    const p95 = figures.p95 === undefined ? '–' : `${Math.round(figures.p95)} ms`;
    return `${`${figures.rate.toFixed(1)}/s`.padStart(7)} ${`${Math.round(figures.errorShare * 100)} %`.padStart(6)} ${p95.padStart(8)} ${String(instances.length).padStart(3)}`;
  });
  return cells.join('  │');
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
  console.log(SHOWN.map((name) => name.padEnd(27)).join('  │'));
  console.log(SHOWN.map(() => '   rate errors      p95   n').join('  │') + '   (last 10 s; n = instances)');
  const end = traffic(emulator);
  for (const act of ACTS) {
    console.log(`── ${act.title}`);
    const fault = act.fault && (await emulator.faults.add(act.fault));
    for (let i = 0; i < act.seconds && !stopped; i++) {
      await second();
      console.log(line(emulator));
    }
    if (fault) await emulator.faults.remove(fault.id).catch(() => undefined);
  }
  await end();
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
