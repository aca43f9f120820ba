import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Emulator, StartOptions } from '../../emulator/contract/library.js';
import { startEmulator } from '../../emulator/emulator.js';
import { createWorkspace, isAlive, until, type TestWorkspace } from '../support/workspace.js';

/** Several emulators in one process, as tests that run side by side have them: nothing of one is seen in another. */

const files = (name: string): Record<string, string> => ({
  'whose.mjs': `export const handler = async () =>
  ({ name: '${name}', pid: process.pid, gateway: process.env.AWS_ENDPOINT_URL_SQS });`,
  'faultline.yaml': `functions:\n  whose: { handler: whose.handler, events: [{ http: GET /whose }] }\nqueues: { jobs: {} }\n`,
});

let one: TestWorkspace;
let other: TestWorkspace;
beforeAll(async () => {
  [one, other] = await Promise.all([createWorkspace(files('one')), createWorkspace(files('other'))]);
});
afterAll(async () => {
  await Promise.all([one[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
});

/** Several at once on the roots given; all of them end, whatever the test does. */
async function running(options: readonly StartOptions[], use: (all: readonly Emulator[]) => Promise<void>) {
  const all = await Promise.all(options.map((each) => startEmulator(each)));
  try {
    await use(all);
  } finally {
    await Promise.all(all.map((each) => each.stop()));
  }
}

interface Whose {
  readonly name: string;
  readonly pid: number;
  readonly gateway: string;
}
const whose = async (emulator: Emulator): Promise<Whose> => (await emulator.invoke('whose', {})).payload as Whose;

const send = (emulator: Emulator, action: string, body: object): Promise<Response> =>
  emulator.fetch('/', {
    method: 'POST',
    headers: { 'x-amz-target': `AmazonSQS.${action}`, 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({ QueueUrl: `${emulator.url}/000000000000/jobs`, ...body }),
  });

it('two on one root and one on another have their own ports, processes, faults, queues and records', async () => {
  const pids: number[] = [];
  await running(
    [
      { root: one.root, seed: 7 },
      { root: one.root, seed: 8 },
      { root: other.root, seed: 7 },
    ],
    async (all) => {
      const [a, b, c] = all as [Emulator, Emulator, Emulator];
      expect(new Set(all.flatMap(({ url, control }) => [url, control.url])).size).toBe(6);
      expect(new Set(all.map(({ control }) => control.token)).size).toBe(3);
      const served = await Promise.all(all.map(whose));
      pids.push(...served.map(({ pid }) => pid));
      expect(served.map(({ name }) => name)).toEqual(['one', 'one', 'other']);
      expect(served.map(({ gateway }) => gateway)).toEqual(all.map(({ url }) => url));
      expect(new Set(pids).size).toBe(3);

      await a.faults.add({ kind: 'status', params: { code: 503 } });
      expect(await Promise.all(all.map(async (each) => (await each.fetch('/whose')).status))).toEqual([503, 200, 200]);
      expect(await Promise.all(all.map(async (each) => (await each.faults.list()).length))).toEqual([1, 0, 0]);
      expect(all.map((each) => each.invocations().map(({ faults }) => faults.length))).toEqual([
        [1, 0],
        [0, 0],
        [0, 0],
      ]);

      expect((await send(b, 'SendMessage', { MessageBody: 'for b' })).status).toBe(200);
      expect(all.map((each) => each.snapshot().queues[0]?.visible)).toEqual([0, 1, 0]);

      // One ends; the others do not notice.
      await a.stop();
      await expect(a.fetch('/whose')).rejects.toThrow();
      expect((await whose(b)).pid).toBe(pids[1]);
      expect((await whose(c)).pid).toBe(pids[2]);
    },
  );
  await until('every process to be gone', async () => !(await Promise.all(pids.map(isAlive))).includes(true));
});

it('the same seed draws the same faults in each, whatever runs beside it', async () => {
  const seeds = ['7', '8', '7', '7'];
  const options = seeds.map((seed, i) => ({ root: i === 3 ? other.root : one.root, seed }));
  await running(options, async (all) => {
    const drawn = await Promise.all(
      all.map(async (each, i) => {
        await each.faults.add({ kind: 'exception', function: 'whose', rate: 50 });
        const calls = Array.from({ length: 24 }, () => each.fetch('/whose'));
        // The last one asks one after the other: what is drawn does not depend on how much runs at once.
        if (i < 3) await Promise.all(calls);
        else for (const call of calls) await call;
        return (await each.faults.decisions()).map(({ number, hit }) => `${String(number)} ${String(hit)}`);
      }),
    );
    expect(drawn[0]).toHaveLength(24);
    expect(new Set(drawn[0]?.map((line) => line.split(' ')[1]))).toEqual(new Set(['true', 'false']));
    expect(drawn[2]).toEqual(drawn[0]);
    expect(drawn[3]).toEqual(drawn[0]);
    expect(drawn[1]).not.toEqual(drawn[0]);
  });
});

it('many starts and stops leave nothing behind: no file, no listener of the process, no handle', async () => {
  const listeners = (): number =>
    (['exit', 'SIGINT', 'SIGTERM', 'uncaughtException', 'warning'] as const).reduce(
      (sum, event) => sum + process.listenerCount(event),
      0,
    );
  // Of everything that this worker runs: what other tests have left may end meanwhile.
  const sockets = (): number =>
    process.getActiveResourcesInfo().filter((name) => /^(TCPServerWrap|ProcessWrap|PipeWrap)$/.test(name)).length;
  const before = { listeners: listeners(), sockets: sockets() };
  const warnings: Error[] = [];
  const warned = (warning: Error): void => void warnings.push(warning);
  process.on('warning', warned);
  for (let round = 0; round < 3; round++)
    await running([{ root: one.root }, { root: other.root }, { root: one.root }, { root: other.root }], async (all) => {
      await Promise.all(all.map(whose));
    });
  process.off('warning', warned);
  expect(warnings).toEqual([]);
  expect(listeners()).toBe(before.listeners);
  // The last pipes of a process that has ended are closed by the event loop, in its time.
  await until('what was opened to be closed', () => sockets() <= before.sockets);
  for (const { root } of [one, other])
    expect((await readdir(path.join(root, '.faultline'))).filter((name) => name !== '.gitignore')).toEqual([]);
});
