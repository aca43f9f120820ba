import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Emulator } from '../../../emulator/contract/library.js';
import type { FaultSpec } from '../../../emulator/contract/faults.js';
import { startEmulator } from '../../../emulator/emulator.js';
import { createWorkspace, type TestWorkspace } from '../../support/workspace.js';

/** The network fault, seen from inside handlers. */

const NODE = `
import dns, { lookup } from 'node:dns';
import http from 'node:http';
import net from 'node:net';
const agent = new http.Agent({ keepAlive: true });
const told = (error) => ({ code: error?.code, syscall: error?.syscall, hostname: error?.hostname, errno: error?.errno });
const callback = (start) => new Promise((resolve) => start((error) => resolve(told(error))));
const promise = (made) => made.then(() => ({}), (error) => told(error.cause ?? error));
const ways = {
  lookup: (name) => callback((done) => lookup(name, done)),
  'dns.lookup': (name) => callback((done) => dns.lookup(name, { all: true }, done)),
  'promises.lookup': (name) => promise(dns.promises.lookup(name)),
  resolve4: (name) => callback((done) => dns.resolve4(name, done)),
  'promises.resolveMx': (name) => promise(dns.promises.resolveMx(name)),
  'Resolver.resolve': (name) => callback((done) => new dns.Resolver().resolve(name, 'AAAA', done)),
  connect: (name) => callback((done) => net.connect({ host: name, port: 1 }).on('error', done)),
  fetch: (name) => promise(fetch('http://' + name + '/')),
};
export const asks = async ({ way, name }) => ways[way](name);
export const keeps = ({ port }) => new Promise((resolve) => {
  http.get({ host: 'localhost', port, agent, family: 4 }, (reply) => {
    const { localPort } = reply.socket;
    reply.resume().on('end', () => resolve({ status: reply.statusCode, localPort }));
  }).on('error', (error) => resolve(told(error)));
});
`;

const PYTHON = `
import http.client, socket, urllib.request
connection = None
WAYS = {
    "getaddrinfo": lambda name: socket.getaddrinfo(name, 443),
    "gethostbyname": socket.gethostbyname,
    "gethostbyname_ex": socket.gethostbyname_ex,
    "connect": lambda name: socket.socket().connect((name, 1)),
    "urllib": lambda name: urllib.request.urlopen("http://" + name + ":1/", timeout=5),
}
def asks(event, context):
    try:
        WAYS[event["way"]](event["name"])
        return {}
    except OSError as error:
        reason = getattr(error, "reason", error)
        names = {socket.EAI_NONAME: "EAI_NONAME", socket.EAI_AGAIN: "EAI_AGAIN"}
        return {"type": type(reason).__name__, "code": names.get(reason.errno, reason.errno), "text": reason.strerror}

def keeps(event, context):
    global connection
    try:
        connection = connection or http.client.HTTPConnection("localhost", event["port"], timeout=5)
        connection.request("GET", "/")
        connection.getresponse().read()
        return {"status": 200}
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        try:
            connection.request("GET", "/")
            return {"status": "connected anew"}
        except OSError as again:
            return {"type": type(again).__name__}
        finally:
            connection.close()
`;

let workspace: TestWorkspace;
let emulator: Emulator;
let server: http.Server;
let port: number;

beforeAll(async () => {
  server = http.createServer((_request, response) => response.end('fine'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
  workspace = await createWorkspace({
    'faultline.yaml': `functions:
  node: { handler: inside.asks, runtime: node }
  node-keeps: { handler: inside.keeps, runtime: node }
  python: { handler: within.asks, runtime: python }
  python-keeps: { handler: within.keeps, runtime: python }
`,
    'inside.mjs': NODE,
    'within.py': PYTHON,
  });
  emulator = await startEmulator({ root: workspace.root, seed: 1 });
});
afterEach(() => emulator.faults.clear());
afterAll(async () => {
  await emulator.stop();
  await workspace[Symbol.asyncDispose]();
  await new Promise((resolve) => void server.close(resolve).closeAllConnections());
});

const add = (params: FaultSpec['params'], name = '*') =>
  emulator.faults.add({ kind: 'network', function: name, ...(params ? { params } : {}) });

const name = 'orders.example.test';

it.each([
  ['lookup', 'ENOTFOUND', 'getaddrinfo'],
  ['dns.lookup', 'ENOTFOUND', 'getaddrinfo'],
  ['dns.lookup', 'EAI_AGAIN', 'getaddrinfo'],
  ['promises.lookup', 'EAI_AGAIN', 'getaddrinfo'],
  ['resolve4', 'ENOTFOUND', 'queryA'],
  ['resolve4', 'EAI_AGAIN', 'queryA'],
  ['promises.resolveMx', 'ENOTFOUND', 'queryMx'],
  ['Resolver.resolve', 'ENOTFOUND', 'queryAaaa'],
  ['connect', 'EAI_AGAIN', 'getaddrinfo'],
  ['fetch', 'ENOTFOUND', 'getaddrinfo'],
])('node: %s does not resolve a name: %s', async (way, code, syscall) => {
  await add({ mode: 'dns', code, hosts: ['*.example.test'] });
  const { payload, record } = await emulator.invoke('node', { way, name });
  const seen = syscall === 'getaddrinfo' || code !== 'EAI_AGAIN' ? code : 'ESERVFAIL';
  expect(payload).toMatchObject({ code: seen, syscall, hostname: name });
  expect(record.operations).toEqual([
    { kind: 'lookup', target: name, fault: expect.any(String), saw: seen, at: expect.any(Number) },
  ]);
  expect(record.faults).toMatchObject([{ kind: 'network', where: `lookup ${name}`, saw: seen }]);
});

it.each([
  ['getaddrinfo', 'ENOTFOUND', 'EAI_NONAME', 'Name or service not known'],
  ['getaddrinfo', 'EAI_AGAIN', 'EAI_AGAIN', 'Temporary failure in name resolution'],
  ['gethostbyname', 'ENOTFOUND', 'EAI_NONAME', 'Name or service not known'],
  ['gethostbyname_ex', 'EAI_AGAIN', 'EAI_AGAIN', 'Temporary failure in name resolution'],
  ['connect', 'ENOTFOUND', 'EAI_NONAME', 'Name or service not known'],
  ['urllib', 'ENOTFOUND', 'EAI_NONAME', 'Name or service not known'],
])('python: %s does not resolve a name: %s', async (way, code, number, text) => {
  await add({ mode: 'dns', code, hosts: ['orders.*'] });
  const { payload, record } = await emulator.invoke('python', { way, name });
  expect(payload).toEqual({ type: 'gaierror', code: number, text });
  expect(record.operations).toMatchObject([{ kind: 'lookup', target: name, saw: code }]);
  expect(record.faults).toMatchObject([{ kind: 'network', where: `lookup ${name}`, saw: code }]);
});

it.each(['node', 'python'])('%s: addresses and other names are left alone, and nothing lasts', async (language) => {
  await add({ mode: 'dns' });
  const way = language === 'node' ? 'dns.lookup' : 'getaddrinfo';
  const address = await emulator.invoke(language, { way, name: '127.0.0.1' });
  expect(address.payload).toEqual({});
  expect(address.record.faults).toEqual([]);
  expect((await emulator.invoke(language, { way, name: 'localhost' })).record.faults).toHaveLength(1);
  await emulator.faults.clear();
  await add({ mode: 'dns', hosts: ['elsewhere'] });
  expect((await emulator.invoke(language, { way, name: 'localhost' })).payload).toEqual({});
  await emulator.faults.clear();
  expect((await emulator.invoke(language, { way, name: 'localhost' })).payload).toEqual({});
});

it.each([
  ['node', { code: 'ENOTFOUND' }],
  ['python', { type: 'gaierror' }],
])('%s: a connection that is kept alive has to look the name up anew', async (language, seen) => {
  const invoke = () => emulator.invoke(`${language}-keeps`, { port });
  const first = await invoke();
  expect(first.payload).toMatchObject({ status: 200 });
  expect((await invoke()).payload).toEqual(first.payload);
  await add({ mode: 'dns', hosts: ['localhost'] });
  const { payload, record } = await invoke();
  expect(payload).toMatchObject(seen);
  expect(record.faults).toMatchObject([{ where: 'lookup localhost', saw: 'ENOTFOUND' }]);
  await emulator.faults.clear();
  expect((await invoke()).payload).toMatchObject({ status: 200 });
});

it.each([
  ['node', 'connect', 'ECONNREFUSED'],
  ['python', 'connect', 111],
])('%s: refuses, and the record says what the code saw', async (language, way, code) => {
  await add({ mode: 'refused', hosts: ['127.*'] });
  const { payload, record } = await emulator.invoke(language, { way, name: '127.0.0.9' });
  expect(payload).toMatchObject({ code });
  expect(record.faults).toMatchObject([{ where: 'connect 127.0.0.9:1', saw: 'ECONNREFUSED' }]);
});
