import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../../emulator/contract/library.js';
import { startEmulator } from '../../../emulator/emulator.js';
import { findPrlimit } from '../../../emulator/faults/open-files.js';
import { createWorkspace, type TestWorkspace } from '../../support/workspace.js';
import { linux, openFilesLimit } from './process.js';

/** Opens files until it cannot, tries a socket and, when asked to, throws with all of them open. */
const NODE = `
const fs = require('fs');
const net = require('net');
exports.handler = async ({ most = 50, fail }) => {
  const open = [];
  let seen;
  try {
    while (open.length < most) open.push(fs.openSync(__filename, 'r'));
  } catch (error) {
    seen = error.code;
  }
  const socket = await new Promise((resolve) => {
    net.connect(1, '127.0.0.1').on('error', ({ code }) => resolve(code));
  });
  const promised = await fs.promises.readFile(__filename).then(() => 'read', ({ code }) => code);
  console.log('still talking');
  if (fail) throw new RangeError('with ' + open.length + ' open');
  open.forEach((fd) => fs.closeSync(fd));
  return { opened: open.length, seen, socket, promised, pid: process.pid };
};
`;
const PYTHON = `
import errno, os, socket
def handler(event, context):
    files, seen, refused = [], None, None
    try:
        while len(files) < event.get("most", 50):
            files.append(open(__file__))
    except OSError as error:
        seen = errno.errorcode[error.errno]
    try:
        socket.create_connection(("127.0.0.1", 1), 1)
    except OSError as error:
        refused = errno.errorcode[error.errno]
    print("still talking")
    opened = len(files)
    if event.get("fail"):
        raise LookupError("with %d open" % opened)
    for each in files:
        each.close()
    return {"opened": opened, "seen": seen, "socket": refused, "pid": os.getpid()}
`;
/** Speaks the Runtime API over one connection that it keeps. */
const PROVIDED = `#!${process.execPath}
const http = require('http');
const fs = require('fs');
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const send = (method, path, body) => new Promise((resolve, reject) => {
  http.request({ host, port, method, path: '/2018-06-01/runtime/invocation/' + path, agent }, (response) => {
    response.resume().on('end', () => resolve(response.headers['lambda-runtime-aws-request-id']));
  }).on('error', reject).end(body);
});
(async () => {
  for (;;) {
    const id = await send('GET', 'next');
    let seen = 'opened';
    const open = [];
    try {
      while (open.length < 50) open.push(fs.openSync(__filename, 'r'));
    } catch (error) {
      seen = error.code;
    }
    open.forEach((fd) => fs.closeSync(fd));
    await send('POST', id + '/response', JSON.stringify({ opened: open.length, seen, pid: process.pid }));
  }
})();
`;
const CONFIG = `
functions:
  node: { handler: node.handler, timeout: 30, memory: 512 }
  python: { handler: python.handler, timeout: 30, memory: 512 }
  provided: { runtime: provided, bootstrap: [node, provided.cjs], timeout: 30, memory: 512 }
`;

let workspace: TestWorkspace;
let emulator: Emulator;
beforeAll(async () => {
  workspace = await createWorkspace({
    'node.js': NODE,
    'python.py': PYTHON,
    'provided.cjs': PROVIDED,
    'faultline.yaml': CONFIG,
  });
  emulator = await startEmulator({ root: workspace.root, seed: 1 });
});
afterEach(() => emulator.faults.clear());
afterAll(async () => {
  await emulator.stop();
  await workspace[Symbol.asyncDispose]();
});

interface Seen {
  readonly opened: number;
  readonly seen?: string;
  readonly socket: string;
  readonly pid: number;
}

describe.runIf(linux && findPrlimit() !== undefined).each(['node', 'python'])('%s', (name) => {
  const invoke = async (event: object = {}): Promise<Seen> => (await emulator.invoke(name, event)).payload as Seen;

  it(`${name}: files and sockets fail with EMFILE, for the fault’s invocations only`, async () => {
    const before = await invoke();
    const limit = openFilesLimit(before.pid);
    expect(before).toMatchObject({ opened: 50, socket: 'ECONNREFUSED' });
    await emulator.faults.add({ kind: 'descriptors', function: name, params: { left: 3 } });
    const { payload, record } = await emulator.invoke(name);
    expect(payload).toMatchObject({ opened: 3, seen: 'EMFILE', socket: 'EMFILE', pid: before.pid });
    expect(record.faults).toEqual([
      expect.objectContaining({
        kind: 'descriptors',
        where: `process ${String(before.pid)}`,
        saw: expect.stringContaining('EMFILE from descriptor'),
      }),
    ]);
    expect(record.log.join()).toContain('still talking');
    expect(openFilesLimit(before.pid)).toBe(limit);
    await emulator.faults.clear();
    expect(await invoke()).toMatchObject({ opened: 50, socket: 'ECONNREFUSED', pid: before.pid });
  });

  it(`${name}: with none left, an error is still told in full, and the instance goes on`, async () => {
    const { pid } = await invoke({ most: 1 });
    await emulator.faults.add({ kind: 'descriptors', function: name });
    const { payload, record } = await emulator.invoke(name, { fail: true });
    expect(payload).toMatchObject({ errorMessage: 'with 0 open' });
    expect(record.error?.type).toBe(name === 'node' ? 'RangeError' : 'LookupError');
    await emulator.faults.clear();
    expect((await invoke()).pid).toBe(pid);
  });
});

it.runIf(linux && findPrlimit() !== undefined)('provided: files fail with EMFILE, and it can answer', async () => {
  const before = (await emulator.invoke('provided')).payload as Seen;
  const limit = openFilesLimit(before.pid);
  await emulator.faults.add({ kind: 'descriptors', function: 'provided', params: { left: 3 } });
  const { payload, record } = await emulator.invoke('provided');
  expect(payload).toEqual({ opened: 4, seen: 'EMFILE', pid: before.pid });
  expect(record.faults).toHaveLength(1);
  expect(openFilesLimit(before.pid)).toBe(limit);
  await emulator.faults.clear();
  expect((await emulator.invoke('provided')).payload).toMatchObject({ opened: 50, pid: before.pid });
});
