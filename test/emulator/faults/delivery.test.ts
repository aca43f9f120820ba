import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultSpec } from '../../../emulator/contract/faults.js';
import type { Emulator } from '../../../emulator/contract/library.js';
import { startEmulator } from '../../../emulator/index.js';
import { createWorkspace, until, type TestWorkspace } from '../../support/workspace.js';

/** Faults of deliveries as handlers see them: each writes down what it was called with. */

const NODE = `import { appendFileSync } from 'node:fs';
export const handler = async (event, context) => {
  appendFileSync(process.env.SEEN, JSON.stringify({ id: context.awsRequestId, event }) + '\\n');
};`;
const PYTHON = `import json, os
def handler(event, context):
    with open(os.environ["SEEN"], "a") as seen:
        seen.write(json.dumps({"id": context.aws_request_id, "event": event}) + "\\n")
`;
// One instance each, so that the order in which they are called is that of their lines.
const CONFIG = `functions:
  node: { handler: node.handler, environment: { SEEN: seen-node }, scaling: { max: 1 }, events: [{ queue: node-jobs }] }
  python: { handler: python.handler, environment: { SEEN: seen-python }, scaling: { max: 1 }, events: [{ queue: python-jobs }] }
queues: { node-jobs: {}, python-jobs: {} }
`;

interface Seen {
  readonly id: string;
  readonly event: unknown;
}
interface Batch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

let workspace: TestWorkspace;
let emulator: Emulator;
const read = new Map<string, number>();

beforeAll(async () => {
  workspace = await createWorkspace({ 'faultline.yaml': CONFIG, 'node.mjs': NODE, 'python.py': PYTHON });
  emulator = await startEmulator({ root: workspace.root, seed: 7 });
});
afterAll(async () => {
  await emulator.stop();
  await workspace[Symbol.asyncDispose]();
});
afterEach(() => emulator.faults.clear());

async function linesOf(name: string): Promise<readonly Seen[]> {
  const text = await readFile(path.join(workspace.root, `seen-${name}`), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Seen]));
}

/** What the handler has seen since the last call, once it is `count` by `by`. */
async function seen(name: string, count: number, by = (lines: readonly Seen[]) => lines.length) {
  const from = read.get(name) ?? 0;
  const since = async (): Promise<readonly Seen[]> => (await linesOf(name)).slice(from);
  await until(`${name} is called`, async () => by(await since()) >= count);
  const lines = await since();
  read.set(name, from + lines.length);
  return lines;
}

const recordsOf = (lines: readonly Seen[]) => lines.flatMap(({ event }) => (event as Batch).Records);

/** The messages that it has seen since, once they are `count`, whatever the batches. */
async function messages(name: string, count: number): Promise<Batch['Records'][number][]> {
  return recordsOf(await seen(name, count, (lines) => recordsOf(lines).length));
}

async function send(name: string, event: unknown): Promise<string> {
  const response = await emulator.fetch(`/2015-03-31/functions/${name}/invocations`, {
    method: 'POST',
    headers: { 'x-amz-invocation-type': 'Event' },
    body: JSON.stringify(event),
  });
  expect(response.status).toBe(202);
  return response.headers.get('x-amzn-requestid') ?? '';
}

async function sendMessages(name: string, ...bodies: string[]): Promise<void> {
  const response = await emulator.fetch('/', {
    method: 'POST',
    headers: { 'x-amz-target': 'AmazonSQS.SendMessageBatch', 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({
      QueueUrl: `${emulator.url}/000000000000/${name}-jobs`,
      Entries: bodies.map((MessageBody, i) => ({ Id: String(i), MessageBody })),
    }),
  });
  expect(response.status).toBe(200);
}

const nothingLeft = async (name: string): Promise<void> =>
  until('nothing is pending', async () => {
    const { functions, queues } = await Promise.resolve(emulator.snapshot());
    const queue = queues.find((each) => each.name === `${name}-jobs`);
    const pending = functions.find((each) => each.name === name)?.async.pending;
    return pending === 0 && (queue?.visible ?? 0) + (queue?.inFlight ?? 0) === 0;
  });

const add = (name: string, spec: FaultSpec) => emulator.faults.add({ function: name, ...spec });
const injected = async (id: string) => (await emulator.faults.list()).find((fault) => fault.id === id)?.injected;
const hits = (name: string) =>
  emulator
    .invocations({ function: name, limit: 1 })
    .flatMap(({ faults }) => faults.map(({ kind, where, saw }) => [kind, where, saw]));

describe.each(['node', 'python'])('%s:', (name) => {
  it(`${name}: duplicate, the handler gets an event again under the same request id`, async () => {
    await add(name, { kind: 'duplicate' });
    const id = await send(name, { n: 1 });
    expect(await seen(name, 2)).toEqual([
      { id, event: { n: 1 } },
      { id, event: { n: 1 } },
    ]);
    await until('the record is there', () => hits(name).length > 0);
    expect(hits(name)).toEqual([['duplicate', 'delivery of the event', 'copy 1 of 1']]);
  });

  it(`${name}: duplicate, the handler gets a message again under the same message id`, async () => {
    await add(name, { kind: 'duplicate', params: { copies: 2 } });
    await sendMessages(name, 'a');
    const [first, ...copies] = await messages(name, 3);
    expect(copies).toEqual([first, first]);
    await nothingLeft(name);
  });

  it(`${name}: lost, an event and a message never reach the handler`, async () => {
    const { id } = await add(name, { kind: 'lost', first: 1 });
    await send(name, { lost: true });
    await sendMessages(name, 'lost', 'there');
    expect(await messages(name, 1)).toMatchObject([{ body: 'there' }]);
    await send(name, { lost: false });
    expect(await seen(name, 1)).toMatchObject([{ event: { lost: false } }]);
    await nothingLeft(name);
    expect(await injected(id)).toBe(2);
  });

  it(`${name}: late, the handler gets an event after the one that came behind it`, async () => {
    await add(name, { kind: 'late', params: { ms: 3_600_000 }, first: 1 });
    await send(name, { n: 1 });
    await send(name, { n: 2 });
    expect(await seen(name, 1)).toMatchObject([{ event: { n: 2 } }]);
    await emulator.faults.clear();
    expect(await seen(name, 1)).toMatchObject([{ event: { n: 1 } }]);
    await until('the record is there', () => hits(name).length > 0);
    expect(hits(name)).toEqual([['late', 'delivery of the event', expect.stringMatching(/^\+\d+ ms$/)]]);
  });

  it(`${name}: late, a message that is held goes on when the fault is cleared`, async () => {
    const { id } = await add(name, { kind: 'late', params: { ms: 3_600_000 } });
    await sendMessages(name, 'held');
    await until('it is held', async () => (await injected(id)) === 1);
    await emulator.faults.clear();
    expect(await messages(name, 1)).toMatchObject([{ body: 'held' }]);
    await nothingLeft(name);
  });

  it(`${name}: reordered, the handler gets events and messages in another order`, async () => {
    await add(name, { kind: 'reordered', params: { window: 4, maxMs: 60_000 } });
    for (const n of [1, 2, 3, 4]) await send(name, { n });
    const events = (await seen(name, 4)).map(({ event }) => (event as { n: number }).n);
    expect(events.toSorted()).toEqual([1, 2, 3, 4]);
    expect(events).not.toEqual([1, 2, 3, 4]);
    await sendMessages(name, 'a', 'b', 'c', 'd');
    const bodies = (await messages(name, 4)).map(({ body }) => body);
    expect(bodies.toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(bodies).not.toEqual(['a', 'b', 'c', 'd']);
  });

  it.each([
    ['truncated', /^(\{("s?k?u?"?:?"?a?p?p?l?e?"?)?)?$/],
    ['garbage', /^\ufffd[!-~]+$/u],
  ])(`${name}: poison, the handler gets a %s event and body`, async (how, body) => {
    await add(name, { kind: 'poison', params: { how } });
    const text = '{"sku":"apple"}';
    await send(name, JSON.parse(text));
    const [spoilt] = await seen(name, 1);
    expect(spoilt?.event).toEqual(expect.stringMatching(body));
    expect(spoilt?.event).not.toBe(text);
    await sendMessages(name, text);
    const [message] = await messages(name, 1);
    expect(message?.body).toMatch(body);
    expect(() => JSON.parse(message?.body ?? '') as unknown).toThrow();
    await nothingLeft(name);
  });

  it(`${name}: poison, the handler gets an empty event and body`, async () => {
    await add(name, { kind: 'poison', params: { how: 'empty' } });
    await send(name, { sku: 'apple' });
    expect((await seen(name, 1))[0]?.event).toEqual({});
    await sendMessages(name, 'apple');
    expect((await messages(name, 1))[0]?.body).toBe('');
    await until('the record is there', () => hits(name).length > 0);
    expect(hits(name)).toEqual([['poison', `delivery from queue ${name}-jobs`, 'nothing in it']]);
  });
});
