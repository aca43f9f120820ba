import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, type TestContext } from 'vitest';
import type { MessageStore } from '../../../emulator/delivery/store.js';
import { openStore } from '../../../emulator/delivery/stores/index.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { bodies, message, receiveAll, receiveOne } from './store-contract.js';
import { makeRoot } from './store-process.js';

/** A disk that can be made full, and has room again. */
interface Disk {
  readonly fill: () => void;
  readonly free: () => void;
  readonly reason: RegExp;
}

const clock = new VirtualClock();
const ends: (() => unknown)[] = [];
let root: string;
let logs: string[];

beforeEach(() => {
  root = makeRoot();
  logs = [];
});
afterEach(async () => {
  // A store before the disk that it is on.
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(root, { recursive: true });
});

async function open(): Promise<MessageStore> {
  const store = await openStore('file', { clock, root, log: (text) => logs.push(text) });
  ends.push(() => store.close());
  return store;
}

/** A file system of 2 MB, where the test may mount one: root, and not in every container. */
function smallDisk(context: TestContext): Disk {
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'faultline-test', root]);
  if (mounted.status !== 0) context.skip('no file system can be mounted here');
  ends.push(() => execFileSync('umount', ['--lazy', root]));
  const filler = path.join(root, 'filler');
  return {
    fill() {
      // A block at a time, until not one is left.
      try {
        for (;;) writeFileSync(filler, Buffer.alloc(4_096), { flag: 'a' });
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
      }
    },
    free: () => rmSync(filler),
    reason: /No space left on device/,
  };
}

/** No file of this process may grow: what a quota does. */
function limitedFiles(context: TestContext): Disk {
  const limit = (bytes: string): void => {
    const done = spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
    if (done.status !== 0) context.skip('there is no prlimit here');
  };
  ends.push(() => limit('unlimited'));
  limit('unlimited');
  return { fill: () => limit('1'), free: () => limit('unlimited'), reason: /File too large/ };
}

const large = 'x'.repeat(10_000);

const disks: readonly (readonly [string, (context: TestContext) => Disk])[] = [
  ['a full disk', smallDisk],
  ['a limit of the system', limitedFiles],
];

for (const [what, make] of disks) {
  it(`rejects what ${what} does not take, breaks nothing else, and goes on when there is room`, async (context) => {
    const disk = make(context);
    const store = await open();
    await store.add('jobs', [message('1'), message('2'), message('3'), message(large)]);
    disk.fill();

    // Until not even the room is left that a log has in its last block.
    const refused = { code: 'STORE_UNAVAILABLE', message: disk.reason, hint: /make room on the disk/ };
    await expect(addUntilRefused(store)).rejects.toMatchObject(refused);
    await expect(store.add('jobs', [message('refused')])).rejects.toMatchObject(refused);
    const before = (await store.counts('jobs')).visible;
    const one = await receiveOne(store, 'jobs');
    const two = await receiveOne(store, 'jobs');
    expect([one.body, two.body]).toEqual(['1', '2']);
    await expect(store.move('jobs', one.receipt, 'dead', message('dead'))).rejects.toMatchObject(refused);
    expect(await store.remove('jobs', [one.receipt])).toEqual([true]);
    expect(await store.release('jobs', two.receipt, 0, { tries: 1 })).toBe(true);
    expect(await store.counts('jobs')).toMatchObject({ visible: before - 1, inFlight: 0 });

    disk.free();
    await store.add('jobs', [message('again')]);
    expect(logs).toEqual([expect.stringMatching(disk.reason), 'messages are kept again']);
    await store.close();
    const later = await open();
    const [first, ...rest] = await receiveAll(later, 'jobs');
    expect(first).toMatchObject({ body: '2', meta: { tries: 1 }, receives: 2 });
    expect(bodies(rest).filter((body) => !body.startsWith('fill'))).toEqual(['3', large, 'again']);
    expect(rest).toHaveLength(before - 1);
    expect(await later.names()).toEqual(['jobs']);
    await later.close();
  });

  it(`opens what is there on ${what}, and takes more when there is room`, async (context) => {
    const disk = make(context);
    const store = await open();
    await store.add('jobs', [message('1')]);
    await store.close();
    disk.fill();
    await expect(open()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: disk.reason });
    disk.free();
    const later = await open();
    expect(bodies(await receiveAll(later, 'jobs'))).toEqual(['1']);
    await later.close();
  });
}

async function addUntilRefused(store: MessageStore): Promise<void> {
  for (let count = 0; count < 1_000; count++) await store.add('jobs', [message(`fill ${large}`)]);
}
