import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/contract/library.js';
import type { FaultSpec } from '../../emulator/contract/faults.js';
import { startEmulator } from '../../emulator/emulator.js';
import { findPrlimit } from '../../emulator/faults/open-files.js';
import { createWorkspace, type TestWorkspace } from '../support/workspace.js';
import { linux, openFilesLimit, residentMb, stateOf } from './faults/process.js';

/** Every resource of an instance is short at the same time; and all is as it was afterwards. */

const NODE = `
const fs = require('fs');
const net = require('net');
const os = require('os');
const file = require('path').join(os.tmpdir(), 'file');
fs.writeFileSync(file, 'before');
exports.handler = async ({ fail }) => {
  const seen = { pid: process.pid, now: Date.now() };
  const fd = fs.openSync(file, 'a');
  try { fs.writeSync(fd, 'more'); seen.write = 'ok'; } catch ({ code }) { seen.write = code; }
  try { fs.closeSync(fs.openSync(__filename)); seen.open = 'ok'; } catch ({ code }) { seen.open = code; }
  fs.closeSync(fd);
  seen.socket = await new Promise((resolve) => net.connect(1, '127.0.0.1').on('error', ({ code }) => resolve(code)));
  if (fail) throw new RangeError(JSON.stringify(seen));
  return seen;
};
`;
const PYTHON = `
import errno, json, os, socket, tempfile, time
FILE = os.path.join(tempfile.gettempdir(), "file")

def attempt(action):
    try:
        action()
        return "ok"
    except OSError as error:
        return errno.errorcode[error.errno]

def handler(event, context):
    seen = {"pid": os.getpid(), "now": time.time() * 1000}
    fd = os.open(FILE, os.O_WRONLY | os.O_CREAT)
    seen["write"] = attempt(lambda: os.write(fd, b"more"))
    seen["open"] = attempt(lambda: open(__file__).close())
    os.close(fd)
    seen["socket"] = attempt(lambda: socket.create_connection(("127.0.0.1", 1), 1))
    if event.get("fail"):
        raise LookupError(json.dumps(seen))
    return seen
`;
const CONFIG = `
functions:
  node: { handler: node.handler, timeout: 60, memory: 512 }
  python: { handler: python.handler, timeout: 60, memory: 512 }
`;
const DAY_MS = 86_400_000;

/** The disk, which needs no descriptor of its own; one is left for the file that is written to. */
const FAULTS: readonly FaultSpec[] = [
  { kind: 'descriptors', params: { left: 1 } },
  { kind: 'memory', params: { mb: 80 } },
  { kind: 'cpu', params: { share: 50, periodMs: 20 } },
  { kind: 'clock', params: { skewMs: 2 * DAY_MS } },
  { kind: 'disk' },
];

let workspace: TestWorkspace;
let emulator: Emulator;
beforeAll(async () => {
  workspace = await createWorkspace({ 'node.js': NODE, 'python.py': PYTHON, 'faultline.yaml': CONFIG });
  emulator = await startEmulator({ root: workspace.root, seed: 1 });
});
afterAll(async () => {
  await emulator.stop();
  await workspace[Symbol.asyncDispose]();
});

interface Seen {
  readonly pid: number;
  readonly now: number;
  readonly write: string;
  readonly open: string;
  readonly socket: string;
}

describe.runIf(linux && findPrlimit() !== undefined).each(['node', 'python'])('%s', (name) => {
  it('runs short of everything at once, tells so in full, and has it back', async () => {
    const fine = { write: 'ok', open: 'ok', socket: 'ECONNREFUSED' };
    const before = (await emulator.invoke(name)).payload as Seen;
    expect(before).toMatchObject(fine);
    const { pid } = before;
    const [limit, rss] = [openFilesLimit(pid), residentMb(pid)];
    for (const fault of FAULTS) await emulator.faults.add({ ...fault, function: name });
    const { payload, record } = await emulator.invoke(name, { fail: true });
    const during = JSON.parse((payload as { errorMessage: string }).errorMessage) as Seen;
    expect(during).toMatchObject({ pid, write: 'ENOSPC', open: 'EMFILE', socket: 'ECONNREFUSED' });
    expect(Math.round((during.now - before.now) / DAY_MS)).toBe(2);
    expect(record.faults.map(({ kind }) => kind).toSorted()).toEqual(FAULTS.map(({ kind }) => kind).toSorted());
    await emulator.faults.clear();
    expect(stateOf(pid)).not.toBe('T');
    expect(openFilesLimit(pid)).toBe(limit);
    const after = (await emulator.invoke(name)).payload as Seen;
    expect(after).toMatchObject({ ...fine, pid });
    expect(Math.round((after.now - before.now) / DAY_MS)).toBe(0);
    expect(residentMb(pid) - rss).toBeLessThan(50);
  });
});
