import { rmSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { Delivery } from '../../../emulator/delivery/types.js';
import { openStore } from '../../../emulator/delivery/stores/index.js';
import { seededRng } from '../../../emulator/rng.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { openEvents } from './events-run.js';
import { receiveAll } from './store-contract.js';
import { buildHost, makeRoot, type HostProgram } from './store-process.js';

/** How often the process is killed, and with which seed: FAULTLINE_KILLS=100 npx vitest run test/emulator/delivery/events-kill */
const KILLS = Number(process.env['FAULTLINE_KILLS'] ?? 3);
const SEED = process.env['FAULTLINE_SEED'] ?? '7';

let host: HostProgram;
beforeAll(async () => {
  host = await buildHost('events-host');
});
afterAll(() => host.remove());

/** How accepted events have ended, by all that was printed. */
class Ledger {
  readonly accepted = new Set<string>();
  readonly ended = new Map<string, string>();

  read(line: string): void {
    const [id = '', condition = ''] = line.slice(1).split(' ');
    if (line.startsWith('+')) this.accepted.add(id);
    if (line.startsWith('=')) this.ended.set(id, condition);
  }
}

/** A last run, in which everything fails; when all leases and waits are over. */
async function finish(root: string, ledger: Ledger): Promise<void> {
  const clock = new VirtualClock(Date.now() + 3_600_000);
  let ids = 0;
  const delivery: Delivery = await openEvents({
    clock,
    root,
    timeScale: 1,
    newId: () => `last.${String(++ids)}`,
    handle(request) {
      const failed = request.function === 'counter';
      if (!failed) {
        const { requestContext } = JSON.parse(request.payload.toString()) as {
          requestContext: { requestId: string; condition: string };
        };
        ledger.ended.set(requestContext.requestId, requestContext.condition);
      }
      const payload = Buffer.from(failed ? '{"errorMessage":"last"}' : 'null');
      return Promise.resolve(
        failed ? { ok: false, kind: 'function', type: 'Error', message: 'last', payload } : { ok: true, payload },
      );
    },
  });
  while (delivery.async('counter').pending + delivery.async('audit').pending > 0) {
    await turn();
    await clock.advance(1_000);
  }
  await delivery.drain();
  await delivery.close();
}

/** Request ids of the dead letters. */
async function deadLetters(root: string): Promise<ReadonlySet<string>> {
  // After the last run, in its time.
  const clock = new VirtualClock(Date.now() + 86_400_000);
  const store = await openStore('file', { clock, root, log: () => undefined });
  const messages = await receiveAll(store, 'sqs/dead', 0);
  await store.close();
  return new Set(messages.map(({ body }) => JSON.parse(body) as string));
}

it(
  `every event that was accepted ends, with its record and its dead letter, over ${String(KILLS)} kills`,
  async () => {
    const root = makeRoot();
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const rng = seededRng(SEED);
    const ledger = new Ledger();
    for (let run = 0; run < KILLS; run++) {
      const child = host.start(root, String(run), `${SEED}.${String(run)}`);
      await child.reaches(20 + Math.floor(rng.next() * 150));
      await child.kill();
      for (const line of child.lines) ledger.read(line);
    }
    const before = ledger.ended.size;
    const left = [...ledger.accepted].filter((id) => !ledger.ended.has(id)).length;
    await finish(root, ledger);
    const dead = await deadLetters(root);
    const failed = [...ledger.ended].filter(([, condition]) => condition !== 'Success').map(([id]) => id);
    expect([...ledger.accepted].filter((id) => !ledger.ended.has(id))).toEqual([]);
    expect(failed.filter((id) => !dead.has(id))).toEqual([]);
    // Both the runs that were killed and the last one had something to do.
    expect(before).toBeGreaterThan(KILLS * 5);
    expect(left).toBeGreaterThan(0);
  },
  60_000 + KILLS * 3_000,
);
