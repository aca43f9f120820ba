// Run as a process of its own by the tests of the stores, and killed there: works with a store and says what was confirmed.
// usage: node store-host.mjs WHERE ROOT RUN SEED
//   RUN hold: opens the store, adds one message, prints `open` and stays; or prints the code of the error and ends
//   RUN a number: works until it is killed; ids begin with it, so that no two runs share any. Lines, in the order of events:
//     `opening`, `open`; `+ID` added; `?ID` about to be removed, `-ID` removed; `>ID NEW` about to be moved, `=ID NEW` moved
import { writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { systemClock } from '../../../emulator/clock.js';
import { FaultlineError } from '../../../emulator/contract/errors.js';
import { openStore } from '../../../emulator/delivery/stores/index.js';
import type { MessageStore, NewMessage } from '../../../emulator/delivery/store.js';
import { seededRng } from '../../../emulator/rng.js';

const [, , where = '', root = '', run = '', seed = ''] = process.argv;
const rng = seededRng(seed);
const upTo = (limit: number): number => Math.floor(rng.next() * limit);
let ids = 0;

/** Longer than a run: nobody else gets what one works on. */
const LEASE_MS = 60_000;

/** At once, and not when the event loop gets to it: what is printed has happened. */
const print = (line: string): void => void writeSync(1, `${line}\n`);

/** Bodies of up to 40 KB: LevelDB writes and merges tables all the time. */
const message = (): NewMessage => {
  const id = `${run}.${String(++ids)}`;
  return { id, body: `${id} `.repeat(upTo(40_000 / id.length)), meta: { id }, delayMs: 0, retentionMs: 86_400_000 };
};

async function add(store: MessageStore): Promise<void> {
  const messages = Array.from({ length: 1 + upTo(3) }, message);
  await store.add('jobs', messages);
  for (const { id } of messages) print(`+${id}`);
}

async function remove(store: MessageStore): Promise<void> {
  const messages = await store.receive('jobs', 1 + upTo(4), LEASE_MS);
  for (const { id } of messages) print(`?${id}`);
  const removed = await store.remove(
    'jobs',
    messages.map(({ receipt }) => receipt),
  );
  for (const [at, { id }] of messages.entries()) if (removed[at]) print(`-${id}`);
}

async function move(store: MessageStore): Promise<void> {
  const [first] = await store.receive('jobs', 1, LEASE_MS);
  if (!first) return;
  const to = message();
  print(`>${first.id} ${to.id}`);
  if (await store.move('jobs', first.receipt, 'dead', to)) print(`=${first.id} ${to.id}`);
}

async function release(store: MessageStore): Promise<void> {
  const [first] = await store.receive('jobs', 1, LEASE_MS);
  if (first) await store.release('jobs', first.receipt, 0, { ...first.meta, released: first.receives });
}

print('opening');
const log = (text: string): void => void process.stderr.write(`${text}\n`);
const store = await openStore(where, { clock: systemClock, root, log }).catch((error: unknown) => {
  print(FaultlineError.from(error).code);
  process.exit(2);
});
if (run === 'hold') await store.add('jobs', [message()]);
print('open');
while (run !== 'hold') {
  const works = Array.from({ length: 1 + upTo(5) }, () => [add, add, remove, move, release][upTo(5)] ?? add);
  await Promise.all(works.map((work) => work(store)));
  await turn();
}
setInterval(() => undefined, 60_000);
