import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../../emulator/contract/library.js';
import { startEmulator } from '../../../emulator/emulator.js';
import { createWorkspace, type TestWorkspace } from '../../support/workspace.js';

/** Each way to write 2 MB, told as the error's code or as `ok`, and what is in the file then. */
const NODE = `
const fs = require('fs');
const os = require('os');
const path = require('path');
// Taken before any fault is there.
const { writeFileSync, writeFile, createWriteStream } = fs;
const { appendFile } = require('fs/promises');
const text = 'a'.repeat(2 * 1048576);
const early = fs.openSync(path.join(os.tmpdir(), 'early'), 'w');
const ended = (stream) => new Promise((resolve, reject) => stream.on('error', reject).on('finish', resolve));
const ways = {
  writeFileSync: (file) => writeFileSync(file, text),
  appendFileSync: (file) => fs.appendFileSync(file, Buffer.from(text)),
  writeFile: (file) => new Promise((resolve, reject) => writeFile(file, text, (e) => (e ? reject(e) : resolve()))),
  appendFile: (file) => appendFile(file, text),
  stream: (file) => ended(createWriteStream(file).end(text)),
  handle: async (file) => {
    const handle = await fs.promises.open(file, 'w');
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
  },
  copy: (file) => fs.promises.copyFile(__dirname + '/large', file),
  open: () => { fs.writeSync(early, text); fs.writeSync(early, 'b'); },
};
exports.handler = async ({ folder = os.tmpdir() }) => {
  const seen = {};
  for (const [name, way] of Object.entries(ways)) {
    const file = path.join(folder, name);
    fs.rmSync(file, { force: true });
    try { await way(file); seen[name] = 'ok'; } catch (error) { seen[name] = error.code; }
  }
  console.log('still talking');
  fs.writeFileSync('/dev/null', text);
  const sizes = fs.readdirSync(folder).map((name) => fs.statSync(path.join(folder, name)).size);
  return { seen, largest: Math.max(...sizes), pid: process.pid };
};
`;
const PYTHON = `
import errno, os, pathlib, shutil, tempfile
text = "a" * (2 * 1048576)
# Looked for once: it is tried out by writing to it.
TEMP = tempfile.gettempdir()

def opened(file):
    with open(file, "w") as out:
        out.write(text)

def by_os(file):
    fd = os.open(file, os.O_WRONLY | os.O_CREAT)
    try:
        rest = text.encode()
        while rest:
            rest = rest[os.write(fd, rest):]
    finally:
        os.close(fd)

def temporary(file):
    with tempfile.NamedTemporaryFile() as out:
        out.write(text.encode())

WAYS = {
    "open": opened,
    "os": by_os,
    "pathlib": lambda file: pathlib.Path(file).write_bytes(text.encode()),
    "temporary": temporary,
    "copy": lambda file: shutil.copyfile(os.path.join(os.path.dirname(__file__), "large"), file),
}

def handler(event, context):
    folder = event.get("folder", TEMP)
    tempfile.tempdir = folder
    seen = {}
    for name, way in WAYS.items():
        file = os.path.join(folder, name)
        if os.path.exists(file):
            os.unlink(file)
        try:
            way(file)
            seen[name] = "ok"
        except OSError as error:
            seen[name] = errno.errorcode[error.errno]
    tempfile.tempdir = TEMP
    print("still talking")
    opened("/dev/null")
    sizes = [os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder)]
    return {"seen": seen, "largest": max(sizes), "pid": os.getpid()}
`;
const CONFIG = `
functions:
  node: { handler: node.handler, timeout: 60, memory: 512 }
  python: { handler: python.handler, timeout: 60, memory: 512 }
`;
const MB = 1_048_576;

let workspace: TestWorkspace;
let emulator: Emulator;
beforeAll(async () => {
  workspace = await createWorkspace({
    'node.js': NODE,
    'python.py': PYTHON,
    'faultline.yaml': CONFIG,
    large: 'x'.repeat(2 * MB),
    'elsewhere/keep': '',
  });
  emulator = await startEmulator({ root: workspace.root, seed: 1 });
});
afterEach(() => emulator.faults.clear());
afterAll(async () => {
  await emulator.stop();
  await workspace[Symbol.asyncDispose]();
});

interface Seen {
  readonly seen: Readonly<Record<string, string>>;
  /** Bytes of the largest file. */
  readonly largest: number;
  readonly pid: number;
}

describe.each(['node', 'python'])('%s', (name) => {
  const invoke = async (event: object = {}): Promise<Seen> => (await emulator.invoke(name, event)).payload as Seen;
  const every = ({ seen }: Seen, code: string) => Object.fromEntries(Object.keys(seen).map((way) => [way, code]));

  it(`${name}: every way to write fails with ENOSPC, for the fault’s invocations only`, async () => {
    const before = await invoke();
    expect(before.seen).toEqual(every(before, 'ok'));
    await emulator.faults.add({ kind: 'disk', function: name });
    const { payload, record } = await emulator.invoke(name, {});
    const during = payload as Seen;
    expect(during.seen).toEqual(every(before, 'ENOSPC'));
    expect(record.faults).toEqual([
      expect.objectContaining({ kind: 'disk', where: expect.stringMatching(/^write \//), saw: 'ENOSPC' }),
    ]);
    expect(record.operations.filter(({ kind }) => kind === 'write').length).toBeGreaterThan(3);
    expect(record.log.join('\n')).toContain('still talking');
    await emulator.faults.clear();
    const after = await invoke();
    expect([after.seen, after.pid]).toEqual([every(before, 'ok'), before.pid]);
  });

  it(`${name}: what there is room for is written`, async () => {
    const folder = `${workspace.root}/elsewhere`;
    await emulator.faults.add({ kind: 'disk', function: name, params: { freeMb: 1 } });
    const { seen, largest } = await invoke({ folder });
    expect(Object.values(seen)[0]).toBe('ENOSPC');
    expect(largest).toBe(MB);
    await emulator.faults.clear();
    await emulator.faults.add({ kind: 'disk', function: name, params: { freeMb: 100 } });
    const fine = await emulator.invoke(name, { folder });
    expect((fine.payload as Seen).seen).toEqual(every({ seen, largest, pid: 0 }, 'ok'));
    expect(fine.record.faults).toEqual([]);
  });

  it(`${name}: only the disk that is named is full, and /tmp is the instance’s own`, async () => {
    const folder = `${workspace.root}/elsewhere`;
    const { id } = await emulator.faults.add({ kind: 'disk', function: name, params: { paths: [folder, '*.log'] } });
    const inTemp = await invoke();
    expect(inTemp.seen).toEqual(every(inTemp, 'ok'));
    expect(Object.values((await invoke({ folder })).seen).filter((code) => code === 'ENOSPC').length).toBeGreaterThan(
      3,
    );
    await emulator.faults.remove(id);
    await emulator.faults.add({ kind: 'disk', function: name, params: { paths: ['/tmp'] } });
    expect((await invoke()).seen).toEqual(every(inTemp, 'ENOSPC'));
  });
});
