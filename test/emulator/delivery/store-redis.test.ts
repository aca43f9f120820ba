import { createClient } from '@redis/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../emulator/clock.js';
import type { MessageStore } from '../../../emulator/delivery/store.js';
import { openStore } from '../../../emulator/delivery/stores/index.js';
import { openRedisStore } from '../../../emulator/delivery/stores/redis.js';
import { startRedis, type RedisServer } from './redis-server.js';
import { buildHost } from './store-process.js';
import { bodies, listen, message, receiveAll, receiveOne, SECOND, storeContract } from './store-contract.js';

const NO_PORT = 'redis://someone:pass%20word@127.0.0.1:1/3';

let server: RedisServer;
let databases = 0;
let logs: string[] = [];
let ends: (() => Promise<unknown>)[] = [];

/** Sees what the stores have left on the server. */
const admin = async (url: string): Promise<Admin> => createClient({ url }).connect() as unknown as Promise<Admin>;

interface Admin {
  sendCommand(args: readonly string[]): Promise<unknown>;
  destroy(): void;
}

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.kill());
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  ends = [];
  logs = [];
});

/** One of the server's sixteen, empty. */
async function emptyDatabase(): Promise<string> {
  const url = `${server.url}/${String(databases++ % 16)}`;
  const client = await admin(url);
  await client.sendCommand(['FLUSHDB']);
  client.destroy();
  return url;
}

/** As an emulator opens it: in the server's time. */
async function open(url: string): Promise<MessageStore> {
  const store = await openStore(url, { clock: systemClock, root: '/nowhere', log: (text) => logs.push(text) });
  ends.push(() => store.close());
  return store;
}

/** Resolves when a line like this was logged. */
async function logged(pattern: RegExp): Promise<void> {
  while (!logs.some((line) => pattern.test(line))) await new Promise((resolve) => setImmediate(resolve));
}

storeContract('redis', async (clock) =>
  openRedisStore({ url: await emptyDatabase(), clock, log: () => undefined, now: () => clock.now() }),
);

describe('several emulators on one Redis', () => {
  it('hand each of 1000 messages out once', async () => {
    const total = 1_000;
    const url = await emptyDatabase();
    const stores = [await open(url), await open(url)];
    const seen: string[][] = [[], []];
    const count = (): number => seen.flat().length;
    const consume = async (store: MessageStore, mine: string[]): Promise<void> => {
      let wake = (): void => undefined;
      const end = store.onVisible('jobs', () => wake());
      while (count() < total) {
        const woken = new Promise<void>((resolve) => (wake = resolve));
        const some = await store.receive('jobs', 10, 600 * SECOND);
        mine.push(...bodies(some));
        if (count() < total && some.length === 0) await Promise.race([woken, all]);
      }
      end();
    };
    const batch = (at: number): Promise<void> =>
      (stores[at % 2] as MessageStore).add(
        'jobs',
        Array.from({ length: 10 }, (_, each) => message(String(at * 10 + each))),
      );
    const all = Promise.all(Array.from({ length: total / 10 }, (_, at) => batch(at)));
    await Promise.all([all, ...stores.map((store, at) => consume(store, seen[at] as string[]))]);
    const numbers = seen.flat().map(Number);
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, at) => at));
    expect(seen.map((mine) => mine.length > 0)).toEqual([true, true]);
    expect(await stores[0]?.counts('jobs')).toMatchObject({ visible: 0, inFlight: total });
  });

  it('tell each other what is added, released, or delayed', async () => {
    const url = await emptyDatabase();
    const [one, other] = [await open(url), await open(url)];
    const added = await listen(other, 'jobs');
    await one.add('jobs', [message('1')]);
    await added.told;
    const { receipt } = await receiveOne(other, 'jobs');
    const released = await listen(one, 'jobs');
    await other.release('jobs', receipt, 0);
    await released.told;
    expect((await receiveOne(one, 'jobs')).receives).toBe(2);
    const delayed = await listen(other, 'late');
    await one.add('late', [message('2', { delayMs: 30 })]);
    await delayed.told;
    expect(bodies(await receiveAll(other, 'late'))).toEqual(['2']);
  });

  it('take over what one that is gone had received, when its lease is over', async () => {
    const url = await emptyDatabase();
    const [gone, left] = [await open(url), await open(url)];
    await gone.add('jobs', [message('1')]);
    const { receipt } = await receiveOne(gone, 'jobs', 50);
    await gone.close();
    const over = await listen(left, 'jobs');
    await over.told;
    const again = await receiveOne(left, 'jobs');
    expect([again.receives, await left.remove('jobs', [receipt])]).toEqual([2, [false]]);
    expect(await left.remove('jobs', [again.receipt])).toEqual([true]);
  });

  it('are bundled, other processes, and killed', async () => {
    const url = await emptyDatabase();
    const store = await open(url);
    const { told } = await listen(store, 'jobs');
    const host = await buildHost();
    try {
      const other = host.start(url, '/nowhere', 'hold', '');
      await other.reaches(2);
      expect(other.lines).toEqual(['opening', 'open']);
      await other.kill();
    } finally {
      host.remove();
    }
    await told;
    expect((await receiveOne(store, 'jobs')).id).toBe('hold.1');
  });

  it('leave nothing on the server when all is done', async () => {
    const url = await emptyDatabase();
    const store = await open(url);
    await store.add('jobs', [message('1'), message('2', { delayMs: 1 }), message('3')]);
    await store.move('jobs', (await receiveOne(store, 'jobs')).receipt, 'dead', message('4'));
    await store.purge('jobs');
    await store.remove('dead', [(await receiveOne(store, 'dead')).receipt]);
    const client = await admin(url);
    expect(((await client.sendCommand(['KEYS', '*'])) as string[]).sort()).toEqual([
      '{faultline}:order',
      '{faultline}:version',
    ]);
    client.destroy();
  });
});

describe('a Redis that cannot be used', () => {
  it('is named, without its password, when it is down', async () => {
    const error = await openStore(NO_PORT, { clock: systemClock, root: '/', log: (text) => logs.push(text) }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: 'Redis at redis://127.0.0.1:1/3 cannot be used: connect ECONNREFUSED 127.0.0.1:1',
      hint: /delivery\.store/,
    });
    expect(error).not.toHaveProperty('cause');
    expect(logs).toEqual([]);
  });

  it.each(['redis://', 'redis://user:pass%20word@:port', 'rediss://127.0.0.1:99999', 'redis://h/no-database'])(
    'is told when %s is no URL of one',
    async (url) => {
      await expect(open(url)).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        message: expect.not.stringContaining('word') as unknown,
      });
    },
  );

  it('is told when it does not let us in', async () => {
    const locked = await startRedis({ password: 'pass word' });
    ends.push(() => locked.kill());
    const at = (credentials: string): string => locked.url.replace('//', `//${credentials}`);
    for (const url of [locked.url, at(':wrong%20word@')]) {
      await expect(open(url)).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        message: expect.stringMatching(
          /^Redis at redis:\/\/127\.0\.0\.1:\d+ cannot be used: .*(AUTH|WRONGPASS)/,
        ) as unknown,
      });
    }
    const store = await open(at(':pass%20word@'));
    await store.add('jobs', [message('1')]);
    expect(bodies(await receiveAll(store, 'jobs'))).toEqual(['1']);
  });

  it('is told when a newer Faultline keeps its messages there', async () => {
    const url = await emptyDatabase();
    const client = await admin(url);
    await client.sendCommand(['SET', '{faultline}:version', '2']);
    client.destroy();
    await expect(open(url)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: /newer Faultline/ });
  });
});

describe('a Redis that goes away', () => {
  it('rejects what cannot be kept, shows nothing meanwhile, and is used again when it is back', async () => {
    const first = await startRedis({ password: 'secret' });
    ends.push(() => first.kill());
    const store = await open(first.url.replace('//', '//:secret@'));
    await store.add('jobs', [message('1')]);
    const { receipt } = await receiveOne(store, 'jobs');

    await first.kill();
    await logged(/cannot be used: .*; trying again$/);
    const refused = { code: 'STORE_UNAVAILABLE', message: /^Redis at redis:\/\/127\.0\.0\.1:\d+ cannot be used/ };
    await expect(store.add('jobs', [message('2')])).rejects.toMatchObject(refused);
    await expect(store.remove('jobs', [receipt])).rejects.toMatchObject(refused);
    await expect(store.release('jobs', receipt, 0)).rejects.toMatchObject(refused);
    await expect(store.move('jobs', receipt, 'dead', message('3'))).rejects.toMatchObject(refused);
    await expect(store.purge('jobs')).rejects.toMatchObject(refused);
    expect(await store.receive('jobs', 1, SECOND)).toEqual([]);
    expect(await store.counts('jobs')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    expect(await store.names()).toEqual([]);

    const { told } = await listen(store, 'jobs');
    const second = await startRedis({ password: 'secret', port: first.port });
    ends.push(() => second.kill());
    await told;
    await store.add('jobs', [message('4')]);
    expect(bodies(await receiveAll(store, 'jobs'))).toEqual(['4']);
    const again = await listen(store, 'jobs');
    await store.add('jobs', [message('5')]);
    await again.told;
    expect(logs.map((line) => line.replace(/\d{4,}/, 'PORT').replace(/used: .*;/, 'used;'))).toEqual([
      'Redis at redis://127.0.0.1:PORT cannot be used; trying again',
      'Redis at redis://127.0.0.1:PORT is back',
    ]);
    expect(logs.join()).not.toContain('secret');
  });

  it('is closed all the same', async () => {
    const short = await startRedis();
    const store = await open(short.url);
    await short.kill();
    await store.close();
    await expect(store.add('jobs', [message('1')])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('may have forgotten the scripts', async () => {
    const url = await emptyDatabase();
    const store = await open(url);
    const client = await admin(url);
    await client.sendCommand(['SCRIPT', 'FLUSH']);
    client.destroy();
    await store.add('jobs', [message('1')]);
    expect(bodies(await receiveAll(store, 'jobs'))).toEqual(['1']);
  });
});
