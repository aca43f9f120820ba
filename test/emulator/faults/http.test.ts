import { execFileSync } from 'node:child_process';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../../emulator/contract/library.js';
import { startEmulator } from '../../../emulator/emulator.js';
import { createWorkspace, type TestWorkspace } from '../../support/workspace.js';
import { MODULE, NODE, PYTHON } from './http-handlers.js';

/** Outbound HTTP and SDK calls under the http fault, seen from inside handlers. */

let workspace: TestWorkspace;
let emulator: Emulator;
let server: http.Server;
let url: string;
let reached: string[] = [];

beforeAll(async () => {
  server = http.createServer((request, response) => {
    reached.push(`${request.method ?? ''} ${request.url ?? ''}`);
    request.resume().on('end', () => response.setHeader('content-type', 'text/plain').end('fine'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  workspace = await createWorkspace({
    'faultline.yaml': `functions:
  node: { handler: inside.sends, runtime: node, timeout: 20 }
  node-calls: { handler: inside.calls, runtime: node, timeout: 20, memory: 512 }
  node-module: { handler: module.handler, runtime: node }
  python: { handler: within.sends, runtime: python, timeout: 20, memory: 256 }
  python-calls: { handler: within.calls, runtime: python, timeout: 20, memory: 512 }
  target: { handler: target.handler, runtime: node }
queues: { jobs: {} }
`,
    'inside.cjs': NODE,
    'module.mjs': MODULE,
    'within.py': PYTHON,
    'target.cjs': 'exports.handler = async () => ({ reached: true });',
  });
  emulator = await startEmulator({ root: workspace.root, seed: 1 });
});
afterEach(() => {
  reached = [];
  return emulator.faults.clear();
});
afterAll(async () => {
  await emulator.stop();
  await workspace[Symbol.asyncDispose]();
  await new Promise((resolve) => void server.close(resolve).closeAllConnections());
});

const add = (params: Record<string, unknown>) => emulator.faults.add({ kind: 'http', params });

async function invoke(name: string, event: object) {
  const { payload, record } = await emulator.invoke(name, event);
  return { payload, faults: record.faults, operations: record.operations.filter(({ kind }) => kind === 'http') };
}

/** Whether this Python has a package; none of them is installed for the tests. */
function importable(name: string): boolean {
  try {
    execFileSync('python3', ['-c', `import ${name}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const WAYS = [
  ['node', 'http'],
  ['node', 'pooled'],
  ['node', 'bare'],
  ['node', 'fetch'],
  ['node', 'undici'],
  ['node', 'dispatcher'],
  ['python', 'urllib'],
  ['python', 'client'],
  ...(importable('requests') ? ([['python', 'requests']] as const) : []),
] as const;

describe.each(WAYS)('%s: %s', (language, way) => {
  it(`${language}: ${way} gets an error of the host's own, and its host hears nothing`, async () => {
    await add({ status: 502, body: 'bad gateway', contentType: 'text/plain', hosts: ['127.0.0.1'] });
    const { payload, faults, operations } = await invoke(language, { way, url: `${url}/orders?token=secret` });
    expect(payload).toEqual({ status: 502, type: 'text/plain', body: 'bad gateway' });
    const target = `GET ${url}/orders`;
    expect(operations).toEqual([{ kind: 'http', target, fault: faults[0]?.fault, saw: '502', at: expect.any(Number) }]);
    expect(faults).toMatchObject([{ kind: 'http', where: target, saw: '502' }]);
    expect(reached).toEqual([]);
  });

  it(`${language}: ${way} is hit on a connection that is kept alive, only so often as wanted, and not afterwards`, async () => {
    const before = await invoke(language, { way, url });
    expect(before).toMatchObject({ payload: { status: 200, body: 'fine' }, operations: [] });
    await add({ times: 1 });
    const { payload, operations } = await invoke(language, { way, url, requests: 2 });
    expect(payload).toMatchObject([{ status: 503 }, { status: 200, body: 'fine' }]);
    expect(operations).toMatchObject([{ saw: '503' }, { target: `GET ${url}/` }]);
    expect(operations[1]).not.toHaveProperty('fault');
    await emulator.faults.clear();
    expect(await invoke(language, { way, url })).toMatchObject({ payload: { status: 200 }, operations: [] });
    expect(reached).toHaveLength(3);
  });

  it(`${language}: ${way} takes longer, and its own timeout counts that`, async () => {
    await add({ mode: 'latency', latencyMs: 150 });
    const fine = await invoke(language, { way, url });
    expect(fine.payload).toMatchObject({ status: 200 });
    expect(fine.operations).toMatchObject([{ saw: '+150 ms' }]);
    await emulator.faults.clear();
    await add({ mode: 'latency', latencyMs: 10_000 });
    const timeout = language === 'node' ? 80 : 0.08;
    const late = await invoke(language, { way, url, options: { timeout } });
    expect(JSON.stringify(late.payload)).toMatch(/GAVE_UP|[Tt]imeout/);
  });

  it(`${language}: ${way} is never answered, reset, or broken off`, async () => {
    const timeout = language === 'node' ? 80 : 0.08;
    await add({ mode: 'hang' });
    const hang = await invoke(language, { way, url, options: { timeout } });
    expect(JSON.stringify(hang.payload)).toMatch(/GAVE_UP|[Tt]imeout/);
    await emulator.faults.clear();
    await add({ mode: 'reset' });
    const reset = await invoke(language, { way, url });
    expect(JSON.stringify(reset.payload)).toMatch(/ECONNRESET|ConnectionResetError|ConnectionError/);
    await emulator.faults.clear();
    await add({ mode: 'truncated', body: '0123456789' });
    const broken = await invoke(language, { way, url });
    expect(JSON.stringify(broken.payload)).toMatch(
      /ECONNRESET|UND_ERR_SOCKET|CONTENT_LENGTH_MISMATCH|IncompleteRead|ChunkedEncodingError/,
    );
    expect([hang, reset, broken].map(({ faults }) => faults[0]?.saw)).toEqual([
      'no answer',
      'ECONNRESET',
      'body broken off',
    ]);
    expect(reached).toEqual([]);
  });
});

it.each([
  ['node', 'https'],
  ['node', 'destructured'],
  ['node', 'fetch'],
  ['python', 'urllib'],
])('%s: %s over TLS, of a host that is not there', async (language, way) => {
  await add({ hosts: ['*.example.test'], paths: ['/v1/*'], methods: ['GET'] });
  const { payload, operations } = await invoke(language, { way, url: 'https://api.example.test/v1/orders?a=b' });
  expect(payload).toMatchObject({ status: 503 });
  expect(operations).toMatchObject([{ target: 'GET https://api.example.test/v1/orders', saw: '503' }]);
});

it('node: an ES module that imported its function before the first fault', async () => {
  await add({});
  const { payload } = await invoke('node-module', { url: 'https://api.example.test/' });
  expect(payload).toEqual({ status: 503 });
});

it.each([
  ['node', 'pooled', {}],
  ['python', 'client', {}],
])('%s: only the hosts, paths and methods that are meant', async (language, way, options) => {
  for (const params of [{ hosts: ['10.*'] }, { paths: ['/orders'] }, { methods: ['POST', 'PUT'] }, { service: '*' }]) {
    await add(params);
  }
  const { payload, operations, faults } = await invoke(language, { way, url: `${url}/other?x=/orders`, options });
  expect(payload).toMatchObject({ status: 200 });
  expect(operations).toMatchObject([{ target: `GET ${url}/other` }]);
  expect(faults).toEqual([]);
});

it.each([
  ['node', 'pooled'],
  ['node', 'fetch'],
])('node: of requests at the same time (%s, %s) only so many are hit', async (language, way) => {
  await add({ times: 2, status: 500 });
  const { payload, operations } = await invoke(language, { way, url, requests: 6, atOnce: true });
  const statuses = (payload as { status: number }[]).map(({ status }) => status);
  expect(statuses.toSorted()).toEqual([200, 200, 200, 200, 500, 500]);
  expect(operations.filter(({ fault }) => fault !== undefined)).toHaveLength(2);
});

it.each([
  ['node', 'http'],
  ['node', 'fetch'],
  ['python', 'urllib'],
])('%s: the answer to %s comes through whatever is wrong with connections', async (language, way) => {
  await emulator.faults.add({ kind: 'network', params: { mode: 'refused' } });
  await emulator.faults.add({ kind: 'cut' });
  await add({ paths: ['/orders'] });
  const hit = await invoke(language, { way, url: `${url}/orders` });
  expect(hit.payload).toMatchObject({ status: 503 });
  expect(hit.faults).toMatchObject([{ kind: 'http' }]);
  const refused = await invoke(language, { way, url: `${url}/` });
  expect(JSON.stringify(refused.payload)).toContain(language === 'node' ? 'ECONNREFUSED' : 'ConnectionRefusedError');
});

it('node: a request that is abandoned while it hangs holds nobody back', async () => {
  await add({ mode: 'hang' });
  expect((await invoke('node', { way: 'http', url, requests: 3, abandoned: true })).payload).toEqual('went on');
  await emulator.faults.clear();
  expect((await invoke('node', { way: 'http', url })).payload).toMatchObject({ status: 200, body: 'fine' });
});

const CALLS = {
  'lambda Invoke': { client: 'lambda', command: 'Invoke', input: { FunctionName: 'target' } },
  'sqs SendMessage': {
    client: 'sqs',
    command: 'SendMessage',
    input: { QueueUrl: '/000000000000/jobs', MessageBody: 'x' },
  },
  'cloudwatch PutMetricData': {
    client: 'cloudwatch',
    command: 'PutMetricData',
    input: { Namespace: 'orders', MetricData: [{ MetricName: 'sold', Value: 1 }] },
  },
  'dynamodb GetItem': { client: 'dynamodb', command: 'GetItem', input: { TableName: 't', Key: { id: { S: 'a' } } } },
  's3 PutObject': { client: 's3', command: 'PutObject', input: { Bucket: 'b', Key: 'a/b', Body: 'x' } },
  's3 GetObject': { client: 's3', command: 'GetObject', input: { Bucket: 'b', Key: 'a/b' } },
  'sns Publish': {
    client: 'sns',
    command: 'Publish',
    input: { TopicArn: 'arn:aws:sns:us-east-1:000000000000:t', Message: 'x' },
  },
  'ec2 DescribeInstances': { client: 'ec2', command: 'DescribeInstances', input: {} },
} as const;
type Call = keyof typeof CALLS;

describe('SDK calls', () => {
  it.each<[string, Call, string, number, number]>([
    ['REST-JSON', 'lambda Invoke', 'TooManyRequestsException', 429, 2],
    ['REST-JSON', 'lambda Invoke', 'ResourceNotFoundException', 404, 1],
    ['AWS JSON', 'sqs SendMessage', 'QueueDoesNotExist', 400, 1],
    ['AWS JSON', 'sqs SendMessage', 'RequestThrottled', 400, 2],
    ['CBOR', 'cloudwatch PutMetricData', 'LimitExceededFault', 400, 1],
    ['CBOR', 'cloudwatch PutMetricData', 'InternalServiceFault', 500, 2],
  ])(
    'node: %s, %s throws %s with status %i after %i attempts',
    async (_protocol, name, errorCode, status, attempts) => {
      const call = CALLS[name];
      await add({ service: call.client.toUpperCase(), operation: call.command.toLowerCase(), errorCode });
      const { payload, operations, faults } = await invoke('node-calls', { ...call, error: errorCode });
      expect(faults).toMatchObject([{ where: name }]);
      expect(payload).toMatchObject({ name: errorCode, typed: true, status, attempts });
      expect(operations).toHaveLength(attempts);
      const saw = `${String(status)} ${errorCode}`;
      for (const one of operations) expect(one).toMatchObject({ service: call.client, operation: call.command, saw });
    },
  );

  it('node: a throttle that the SDK gets over by itself', async () => {
    await add({ service: 'sqs', errorCode: 'ThrottlingException', times: 1 });
    const { payload, operations } = await invoke('node-calls', CALLS['sqs SendMessage']);
    expect(payload).toEqual({ ok: true });
    expect(operations).toMatchObject([{ saw: '400 ThrottlingException' }, { operation: 'SendMessage' }]);
  });

  it('node: other operations and services are left alone', async () => {
    await add({ service: 'sqs', operation: 'Receive*' });
    await add({ service: 'dynamodb' });
    const { payload, operations, faults } = await invoke('node-calls', CALLS['sqs SendMessage']);
    expect({ payload, faults }).toEqual({ payload: { ok: true }, faults: [] });
    expect(operations).toMatchObject([{ service: 'sqs', operation: 'SendMessage' }]);
  });

  it.skipIf(!importable('boto3')).each<[string, Call, string, number, number]>([
    ['AWS JSON', 'dynamodb GetItem', 'ProvisionedThroughputExceededException', 400, 2],
    ['AWS JSON', 'sqs SendMessage', 'QueueDoesNotExist', 400, 1],
    ['REST-XML', 's3 PutObject', 'SlowDown', 503, 1],
    ['REST-XML', 's3 GetObject', 'NoSuchKey', 404, 1],
    ['REST-JSON', 'lambda Invoke', 'TooManyRequestsException', 429, 1],
    ['query', 'sns Publish', 'InvalidParameter', 400, 1],
    ['EC2', 'ec2 DescribeInstances', 'RequestLimitExceeded', 503, 1],
    ['CBOR', 'cloudwatch PutMetricData', 'LimitExceededFault', 400, 1],
  ])(
    'python: %s, %s raises %s with status %i after %i attempts',
    async (_protocol, name, errorCode, status, attempts) => {
      const { client, command: operation, input } = CALLS[name];
      await add({ service: client, operation, errorCode });
      const command = operation.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
      const { payload, operations } = await invoke('python-calls', { client, command, input, attempts });
      expect(payload).toMatchObject({ code: errorCode, status, attempts });
      expect(operations).toHaveLength(attempts);
      expect(operations[0]).toMatchObject({ service: client, operation, saw: `${String(status)} ${errorCode}` });
    },
  );
});
