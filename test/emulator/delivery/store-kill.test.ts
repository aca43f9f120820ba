import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../../emulator/delivery/stores/index.js';
import { seededRng } from '../../../emulator/rng.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { receiveAll } from './store-contract.js';
import { buildHost, makeRoot, type HostProgram } from './store-process.js';

/** How often the process is killed, and with which seed: FAULTLINE_KILLS=200 npx vitest run test/emulator/delivery/store-kill */
const KILLS = Number(process.env['FAULTLINE_KILLS'] ?? 6);
const SEED = process.env['FAULTLINE_SEED'] ?? '7';

/** What must be in the store, what must not, and what may, by all lines that were ever printed. */
class Ledger {
  private readonly must = new Set<string>();
  private readonly mustNot = new Set<string>();
  /** Old and new id of moves that were begun and not confirmed: one of the two is there, never both. */
  private moves: (readonly [string, string])[] = [];

  read(line: string): void {
    const [first = '', second = ''] = line.slice(1).split(' ');
    if (line.startsWith('+')) this.must.add(first);
    if (line.startsWith('?') || line.startsWith('>')) this.must.delete(first);
    if (line.startsWith('>')) this.moves.push([first, second]);
    if (line.startsWith('-')) this.mustNot.add(first);
    if (line.startsWith('=')) {
      this.mustNot.add(first);
      this.must.add(second);
      this.moves = this.moves.filter(([, to]) => to !== second);
    }
  }

  /** What is wrong with a store that holds these, in words; nothing when all is well. */
  check(ids: readonly string[]): readonly string[] {
    const found = new Set(ids);
    const wrong = [...this.must].filter((id) => !found.has(id)).map((id) => `lost ${id}`);
    wrong.push(...[...this.mustNot].filter((id) => found.has(id)).map((id) => `${id} is back`));
    if (found.size !== ids.length) wrong.push('doubled');
    for (const [from, to] of this.moves) {
      if (found.has(from) === found.has(to)) wrong.push(`${from} → ${to}: ${found.has(to) ? 'both' : 'neither'}`);
    }
    this.moves = [];
    // What was in doubt is not any more.
    for (const id of ids) this.must.add(id);
    return wrong;
  }

  purged(): void {
    for (const id of this.must) this.mustNot.add(id);
    this.must.clear();
  }
}

/** Every id in the store, whose messages are whole. */
async function idsIn(root: string, purge: boolean): Promise<string[]> {
  const logs: string[] = [];
  // When all leases are over.
  const clock = new VirtualClock(Date.now() + 3_600_000);
  const store = await openStore('file', { clock, root, log: (text) => logs.push(text) });
  const queues = await Promise.all(['jobs', 'dead'].map((queue) => receiveAll(store, queue, 0)));
  for (const { id, body, meta } of queues.flat()) {
    const whole = body === `${id} `.repeat(body.length / (id.length + 1)) && meta['id'] === id;
    expect({ id, whole }).toEqual({ id, whole: true });
  }
  if (purge) await Promise.all(['jobs', 'dead'].map((queue) => store.purge(queue)));
  await store.close();
  expect(logs).toEqual([]);
  return queues.flat().map(({ id }) => id);
}

let host: HostProgram;
beforeAll(async () => {
  host = await buildHost();
});
afterAll(() => host.remove());

it(
  `loses nothing, doubles nothing and brings nothing back over ${String(KILLS)} kills`,
  async () => {
    const root = makeRoot();
    const rng = seededRng(SEED);
    const ledger = new Ledger();
    const confirmed = { added: 0, removed: 0, moved: 0 };
    for (let run = 0; run < KILLS; run++) {
      const child = host.start('file', root, String(run), `${SEED}.${String(run)}`);
      // Some while they open what the last one left, most while they work.
      await child.reaches(run % 6 === 5 ? 1 : 2 + Math.floor(rng.next() * 200));
      await child.kill();
      for (const line of child.lines) ledger.read(line);
      confirmed.added += child.lines.filter((line) => line.startsWith('+')).length;
      confirmed.removed += child.lines.filter((line) => line.startsWith('-')).length;
      confirmed.moved += child.lines.filter((line) => line.startsWith('=')).length;
      const purge = run % 5 === 4;
      expect({ run, wrong: ledger.check(await idsIn(root, purge)) }).toEqual({ run, wrong: [] });
      if (purge) ledger.purged();
    }
    expect(Math.min(...Object.values(confirmed))).toBeGreaterThan(KILLS);
    rmSync(root, { recursive: true });
  },
  30_000 + KILLS * 2_000,
);
