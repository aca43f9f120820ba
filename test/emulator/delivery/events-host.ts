// Run as a process of its own by events-kill.test.ts, and killed there: accepts events and delivers them.
// usage: node events-host.mjs ROOT RUN SEED; ids begin with RUN. Lines, in the order of events: `open`; `+ID` accepted;
// `=ID CONDITION` when `audit` was told how it ended
import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../emulator/clock.js';
import { seededRng } from '../../../emulator/rng.js';
import { openEvents } from './events-run.js';

const [, , root = '', run = '', seed = ''] = process.argv;
const rng = seededRng(seed);
let ids = 0;

/** At once, and not when the event loop gets to it: what is printed has happened. */
const print = (line: string): void => void writeSync(1, `${line}\n`);

const delivery = await openEvents({
  clock: systemClock,
  root,
  // A minute until the retry is some milliseconds, the lease that a kill leaves behind stays real.
  timeScale: 10_000,
  newId: () => `${run}-own.${String(++ids)}`,
  async handle(request) {
    await delay(rng.next() * 4);
    if (request.function === 'audit') {
      const { requestContext } = JSON.parse(request.payload.toString()) as {
        requestContext: { requestId: string; condition: string };
      };
      print(`=${requestContext.requestId} ${requestContext.condition}`);
      return { ok: true, payload: Buffer.from('null') };
    }
    return rng.next() < 0.5
      ? { ok: true, payload: Buffer.from('{"done":true}') }
      : { ok: false, kind: 'function', type: 'Error', message: 'no', payload: Buffer.from('{"errorMessage":"no"}') };
  },
});
print('open');

async function accept(): Promise<void> {
  const requestId = `${run}.${String(++ids)}`;
  await delivery.accept({
    requestId,
    function: 'counter',
    payload: Buffer.from(`"${requestId}"`),
    source: 'sdk-async',
  });
  print(`+${requestId}`);
}

for (;;) {
  await Promise.all(Array.from({ length: 1 + Math.floor(rng.next() * 8) }, accept));
  await delay(rng.next() * 10);
}
