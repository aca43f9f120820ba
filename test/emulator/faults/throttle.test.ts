import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../../emulator/contract/library.js';
import type { InvocationRecord } from '../../../emulator/contract/records.js';
import { startEmulator } from '../../../emulator/emulator.js';
import { createWorkspace, until, type TestWorkspace } from '../../support/workspace.js';

/** What a handler sees that calls a throttled function, and what the other callers see. */

const CALLERS = {
  'calls.mjs': `
    export async function handler() {
      const reply = await fetch(process.env.AWS_ENDPOINT_URL_LAMBDA + '/2015-03-31/functions/stock/invocations', {
        method: 'POST', body: '{}' });
      return { status: reply.status, type: reply.headers.get('x-amzn-errortype'), body: await reply.json() };
    }`,
  'calls.py': `
import json, os, urllib.error, urllib.request
def handler(event, context):
    url = os.environ["AWS_ENDPOINT_URL_LAMBDA"] + "/2015-03-31/functions/stock/invocations"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, b"{}"), timeout=10) as reply:
            return {"status": reply.status, "body": json.load(reply)}
    except urllib.error.HTTPError as error:
        return {"status": error.code, "type": error.headers["x-amzn-errortype"], "body": json.load(error)}
`,
};

let workspace: TestWorkspace;
let emulator: Emulator;
beforeAll(async () => {
  workspace = await createWorkspace({
    'faultline.yaml': `
functions:
  node-caller: { handler: calls.handler, timeout: 20, memory: 512 }
  python-caller: { handler: shop.handler, timeout: 20, memory: 512 }
  stock:
    handler: stock.handler
    timeout: 20
    memory: 512
    url: true
    events: [{ http: GET /stock }, { queue: { name: jobs, batchSize: 1 } }]
queues: { jobs: { visibility: 30s } }
`,
    'calls.mjs': CALLERS['calls.mjs'],
    'shop.py': CALLERS['calls.py'],
    'stock.mjs': 'export const handler = async () => ({ left: 3 });',
  });
  emulator = await startEmulator({ root: workspace.root, seed: 7, timeScale: 20 });
});
afterEach(() => emulator.faults.clear());
afterAll(async () => {
  await emulator.stop();
  await workspace[Symbol.asyncDispose]();
});

const REFUSED = {
  status: 429,
  type: 'TooManyRequestsException',
  body: {
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    Type: 'User',
    message: 'Rate Exceeded.',
  },
};
const throttleAll = () => emulator.faults.add({ kind: 'throttle', function: 'stock', params: { perSecond: 0 } });
const recordsOf = (source: InvocationRecord['source']): readonly InvocationRecord[] =>
  emulator.invocations({ function: 'stock' }).filter((record) => record.source === source);
const outcomes = (source: InvocationRecord['source']) =>
  recordsOf(source).map(({ error, faults }) => [error?.kind, faults.map(({ saw }) => saw)]);
const valueOf = async (name: string): Promise<unknown> => (await emulator.invoke(name)).payload;
async function sees(caller: string): Promise<void> {
  await throttleAll();
  expect(await valueOf(caller)).toEqual(REFUSED);
  await emulator.faults.clear();
  expect(await valueOf(caller)).toMatchObject({ status: 200, body: { left: 3 } });
}
const THROTTLED = ['throttled', ['429 TooManyRequestsException']];

describe('a throttle', () => {
  it('node: a handler that invokes the function sees TooManyRequestsException', () => sees('node-caller'));
  it('python: a handler that invokes the function sees TooManyRequestsException', () => sees('python-caller'));

  it('makes a route answer 503 and a function URL 429, as their front ends do', async () => {
    await throttleAll();
    const route = await emulator.fetch('/stock');
    expect([route.status, await route.json()]).toEqual([503, { message: 'Service Unavailable' }]);
    expect(recordsOf('http')[0]).toMatchObject({ status: 503, error: { kind: 'throttled' } });
    expect(recordsOf('http')[0]).not.toHaveProperty('instance');
    const { url = '' } = emulator.snapshot().functions.find(({ name }) => name === 'stock') ?? {};
    expect((await fetch(url)).status).toBe(429);
  });

  it('has an asynchronous event tried again later', async () => {
    const { id } = await throttleAll();
    const accepted = await emulator.fetch('/2015-03-31/functions/stock/invocations', {
      method: 'POST',
      headers: { 'x-amz-invocation-type': 'Event' },
      body: '{}',
    });
    expect(accepted.status).toBe(202);
    await until('it was throttled', () => recordsOf('sdk-async').length > 0);
    await emulator.faults.remove(id);
    await until('it ran', () => recordsOf('sdk-async').some(({ error }) => !error));
    expect(outcomes('sdk-async')).toContainEqual(THROTTLED);
  });

  it('has a batch of a queue tried again', async () => {
    const { id } = await throttleAll();
    const jobs = emulator.snapshot().queues.find(({ name }) => name === 'jobs');
    const body = { QueueUrl: `${emulator.url}/000000000000/jobs`, MessageBody: '{}' };
    expect(jobs).toBeDefined();
    await emulator.fetch('/', {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
      body: JSON.stringify(body),
    });
    await until('it was throttled', () => recordsOf('queue').length > 0);
    await emulator.faults.remove(id);
    await until('it ran', () => recordsOf('queue').some(({ error }) => !error));
    expect(outcomes('queue')).toContainEqual(THROTTLED);
  });
});
