import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../emulator/clock.js';
import { createSqs } from '../../../emulator/delivery/sqs/index.js';
import { openStore } from '../../../emulator/delivery/stores/index.js';
import { queueConfig } from './sqs-harness.js';

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'faultline-sqs-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const queues = [queueConfig('jobs', { redrive: { queue: 'dead', maxReceives: 1 }, delayMs: 0 }), queueConfig('dead')];

/** One run of the emulator, as far as its queues go. */
async function run() {
  const store = await openStore('file', { clock: systemClock, root, log: () => undefined });
  const sqs = createSqs({
    store,
    clock: systemClock,
    newId: randomUUID,
    gateway: () => 'http://127.0.0.1:3000',
    queues: () => queues,
    log: () => undefined,
  });
  await sqs.open();
  const receive = (name: string) => sqs.engine.receive(sqs.engine.queue(name), { max: 10, waitMs: 0, visibilityMs: 0 });
  const stop = async (): Promise<void> => {
    sqs.close();
    await store.close();
  };
  return { sqs, receive, stop };
}

it('has after a restart what it had before: messages, attributes, receives, counts', async () => {
  const first = await run();
  const attributes = { kind: { type: 'Binary', value: 'AP8=' } };
  const jobs = first.sqs.engine.queue('jobs');
  const [id] = await first.sqs.engine.send(jobs, [{ body: 'ä', attributes, trace: 'Root=1', group: 'g' }]);
  const [before] = await first.receive('jobs');
  await first.stop();

  const second = await run();
  expect(second.sqs.snapshot()).toMatchObject([
    { name: 'dead', visible: 0 },
    { name: 'jobs', visible: 1 },
  ]);
  expect(await second.receive('jobs')).toEqual([]);
  await second.stop();

  const third = await run();
  const { sentAt } = before ?? {};
  expect(await third.receive('dead')).toMatchObject([
    {
      id,
      body: 'ä',
      attributes,
      trace: 'Root=1',
      group: 'g',
      sentAt,
      receives: 2,
      source: expect.stringMatching(/:jobs$/) as string,
    },
  ]);
  await third.stop();
});
