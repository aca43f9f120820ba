import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ClassicLevel } from 'classic-level';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageStore } from '../../../emulator/delivery/store.js';
import { openStore } from '../../../emulator/delivery/stores/index.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { bodies, message, receiveAll, receiveOne, SECOND } from './store-contract.js';
import { buildHost, makeRoot } from './store-process.js';

let root: string;
let clock: VirtualClock;
let logs: string[];
let opened: MessageStore[];

beforeEach(() => {
  root = makeRoot();
  clock = new VirtualClock();
  logs = [];
  opened = [];
});
afterEach(async () => {
  for (const store of opened) await store.close();
  rmSync(root, { recursive: true });
});

async function open(): Promise<MessageStore> {
  const store = await openStore('file', { clock, root, log: (text) => logs.push(text) });
  opened.push(store);
  return store;
}

const folder = (): string => path.join(root, '.faultline/store');
const files = (pattern: RegExp): string[] => readdirSync(folder()).filter((name) => pattern.test(name));

describe('before there is anything to keep', () => {
  it('costs nothing: no folder, and LevelDB is not loaded', async () => {
    const { cache } = createRequire(import.meta.url);
    const library = createRequire(import.meta.url).resolve('classic-level');
    const before = cache[library];
    delete cache[library];
    const store = await open();
    expect(await receiveAll(store, 'jobs')).toEqual([]);
    expect(await store.purge('jobs')).toBe(0);
    expect(await store.counts('jobs')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    await store.add('jobs', []);
    await store.close();
    expect([existsSync(path.join(root, '.faultline')), cache[library]]).toEqual([false, undefined]);
    cache[library] = before;
  });

  it('is made with the first message, out of sight of version control and of other users', async () => {
    const store = await open();
    await store.add('jobs', [message('1')]);
    expect(readFileSync(path.join(root, '.faultline/.gitignore'), 'utf8')).toBe('*\n');
    expect(files(/^CURRENT$/)).toEqual(['CURRENT']);
  });
});

describe('over a restart', () => {
  it('keeps what is visible, delayed and in flight; receives, receipts and meta', async () => {
    const first = await open();
    await first.add('jobs', [message('1'), message('2'), message('3', { delayMs: 60 * SECOND }), message('4')]);
    const one = await receiveOne(first, 'jobs', 30 * SECOND);
    await first.release('jobs', one.receipt, 0, { tries: 1 });
    const again = await receiveOne(first, 'jobs', 30 * SECOND);
    const two = await receiveOne(first, 'jobs', 30 * SECOND);
    await first.move('jobs', two.receipt, 'dead', message('dead', { sentAt: two.sentAt }));
    await first.close();

    await clock.advance(10 * SECOND);
    const second = await open();
    expect(await second.counts('jobs')).toMatchObject({ visible: 1, inFlight: 1, delayed: 1 });
    expect([...(await second.names())].sort()).toEqual(['dead', 'jobs']);
    expect(await receiveOne(second, 'dead')).toMatchObject({ body: 'dead', sentAt: two.sentAt });
    expect(bodies(await receiveAll(second, 'jobs', 100 * SECOND))).toEqual(['4']);
    await clock.advance(20 * SECOND);
    expect(await receiveOne(second, 'jobs')).toMatchObject({
      body: '1',
      meta: { tries: 1 },
      receives: 3,
      sentAt: one.sentAt,
      firstReceivedAt: one.firstReceivedAt,
    });
    expect(await second.remove('jobs', [again.receipt])).toEqual([false]);
    await clock.advance(30 * SECOND);
    expect(bodies(await receiveAll(second, 'jobs'))).toEqual(['1', '3']);
  });

  it('takes receipts of before', async () => {
    const first = await open();
    await first.add('jobs', [message('1')]);
    const { receipt } = await receiveOne(first, 'jobs');
    await first.close();
    const second = await open();
    expect(await second.remove('jobs', [receipt])).toEqual([true]);
    await second.close();
    expect(await (await open()).names()).toEqual([]);
  });

  it('has forgotten what was removed, purged or is too old, and goes on in order', async () => {
    const first = await open();
    const old = message('old', { retentionMs: 10 * SECOND });
    await first.add('jobs', [message('1'), old, message('2'), message('3')]);
    await first.add('purged', [message('4')]);
    await first.remove('jobs', [(await receiveOne(first, 'jobs')).receipt]);
    await first.purge('purged');
    await first.close();
    await clock.advance(10 * SECOND);
    const second = await open();
    await second.add('jobs', [message('5')]);
    expect(bodies(await receiveAll(second, 'jobs'))).toEqual(['2', '3', '5']);
    expect(await second.names()).toEqual(['jobs']);
    expect(logs).toEqual([]);
  });

  it('tells whoever asks that a lease of before is over', async () => {
    const first = await open();
    await first.add('jobs', [message('1')]);
    await receiveOne(first, 'jobs', 30 * SECOND);
    await first.close();
    const second = await open();
    const told = new Promise<void>((resolve) => void second.onVisible('jobs', resolve));
    await clock.advance(30 * SECOND);
    await told;
    expect((await receiveOne(second, 'jobs')).receives).toBe(2);
  });
});

describe('refuses', () => {
  it('a folder that another emulator of this process uses, without giving its lock away', async () => {
    const first = await open();
    await first.add('jobs', [message('1')]);
    await expect(open()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: /another emulator uses/ });
    const host = await buildHost();
    try {
      const other = host.start('file', root, 'hold', '');
      await other.reaches(2);
      expect(other.lines).toEqual(['opening', 'STORE_UNAVAILABLE']);
      await other.kill();
    } finally {
      host.remove();
    }
  });

  it('a folder that another process uses, and takes it when that is gone', async () => {
    const host = await buildHost();
    try {
      clock = new VirtualClock(Date.now() + 60 * SECOND);
      const late = await open();
      const other = host.start('file', root, 'hold', '');
      await other.reaches(2);
      const refused = { code: 'STORE_UNAVAILABLE', hint: /delivery\.store: memory, or a Redis/ };
      await expect(open()).rejects.toMatchObject(refused);
      await expect(late.add('jobs', [message('1')])).rejects.toMatchObject(refused);
      await late.close();
      await other.kill();
      const [left] = await receiveAll(await open(), 'jobs');
      expect(left?.id).toBe('hold.1');
    } finally {
      host.remove();
    }
  });

  it('a folder that it cannot write, and says why', async () => {
    mkdirSync(path.join(root, '.faultline'));
    writeFileSync(folder(), 'a file');
    await expect(open()).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: /^messages cannot be kept in .*store: .*not a directory/,
      hint: /memory, or a Redis URL/,
    });
  });

  it('what a newer version has written', async () => {
    const level = new ClassicLevel(folder());
    await level.put('version', '2');
    await level.close();
    await expect(open()).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: /written by a newer Faultline \(version 2/,
      hint: /update Faultline/,
    });
  });
});

describe('of a damaged folder', () => {
  const TOTAL = 200;

  /** Messages in tables and in the log, as a store looks that has worked for a while. */
  async function fill(): Promise<void> {
    for (let half = 0; half < 2; half++) {
      const store = await open();
      const added = Array.from({ length: TOTAL / 2 }, (_, at) => message(`${String(half * 100 + at)};`.repeat(300)));
      await store.add('jobs', added);
      await store.close();
    }
  }

  const all = (pattern: RegExp, damage: (file: string) => void) => (): void => {
    const names = files(pattern);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) damage(path.join(folder(), name));
  };
  const last = (pattern: RegExp, damage: (file: string) => void) => (): void =>
    damage(path.join(folder(), files(pattern).sort().at(-1) ?? ''));
  const garbage = (file: string): void => writeFileSync(file, 'garbage'.repeat(1_000));
  const half = (file: string): void => truncateSync(file, readFileSync(file).length >> 1);
  const noise = (file: string): void => {
    const bytes = readFileSync(file);
    for (let at = 50; at < bytes.length; at += bytes.length / 10) bytes[Math.floor(at)] = 0x2a;
    writeFileSync(file, bytes);
  };

  /** What is done to the folder, and how many of its messages are found again, at least. */
  const damages: readonly (readonly [string, () => void, number])[] = [
    ['a MANIFEST of garbage', all(/^MANIFEST/, garbage), TOTAL],
    ['no MANIFEST', all(/^MANIFEST/, rmSync), TOTAL],
    ['an empty CURRENT', all(/^CURRENT$/, (file) => truncateSync(file, 0)), TOTAL],
    ['no CURRENT', all(/^CURRENT$/, rmSync), TOTAL],
    ['a table that is cut off', last(/ldb$/, half), 1],
    ['a table that is missing', last(/ldb$/, rmSync), 1],
    ['bytes that changed in a table', last(/ldb$/, noise), TOTAL / 2],
    ['nothing but garbage', all(/ldb$|log$|^MANIFEST|^CURRENT/, garbage), 0],
  ];

  it.each(damages)('uses what can be read, and keeps the rest aside: %s', async (_what, damage, least) => {
    await fill();
    damage();
    const store = await open();
    const found = await receiveAll(store, 'jobs');
    expect(found.length).toBeGreaterThanOrEqual(least);
    expect(found.length).toBeLessThanOrEqual(TOTAL);
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
    for (const { body } of found) expect(body === body.slice(0, body.indexOf(';') + 1).repeat(300)).toBe(true);
    expect(logs.join('\n')).toMatch(
      /store was damaged .*the damaged files are kept in .*store\.broken-2025-01-01T00-00-00/,
    );
    const kept = readdirSync(path.join(root, '.faultline')).filter((name) => name !== '.gitignore');
    expect(kept.sort()).toEqual(['store', 'store.broken-2025-01-01T00-00-00']);
    await store.add('jobs', [message('after')]);
    await store.close();
    logs.length = 0;
    expect(await (await open()).counts('jobs')).toMatchObject({ visible: 1, inFlight: found.length });
    expect(logs).toEqual([]);
  });

  it('reads a log up to where it was torn', async () => {
    await fill();
    last(/log$/, half)();
    const store = await open();
    expect((await store.counts('jobs')).visible).toBeGreaterThanOrEqual(TOTAL / 2);
  });

  it('says when a part of the log cannot be read', async () => {
    await fill();
    last(/log$/, noise)();
    await open();
    expect(logs.join('\n')).toMatch(/was damaged: its last changes \(\d+ bytes\) could not be read/);
  });
});
