import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspect, startProblem } from './executable.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-executable-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(content: string | Buffer, mode = 0o755): string {
  const file = path.join(folder, 'bootstrap');
  rmSync(file, { force: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

/** The head of a Linux program for a machine, by ELF's number of it. */
function elf(machine: number): Buffer {
  const head = Buffer.alloc(64);
  head.write('\x7fELF', 'latin1');
  head.writeUInt16LE(machine, 18);
  return head;
}

const machines: Readonly<Record<string, number>> = { x64: 0x3e, arm64: 0xb7 };
const here = machines[process.arch] ?? 0;
const elsewhere = process.arch === 'x64' ? 0xb7 : 0x3e;

describe.skipIf(process.platform === 'win32')('inspect', () => {
  it.each([
    ['a script', '#!/bin/sh\nexit 0\n'],
    ['a script whose interpreter has arguments', '#! /bin/sh -eu\n'],
    ['a script that looks its interpreter up', '#!/usr/bin/env no-such-interpreter\n'],
  ])('has nothing against %s', async (_what, content) => {
    expect(await inspect(write(content))).toBeUndefined();
  });

  it.runIf(process.platform === 'linux' && here > 0)('has nothing against a program for this machine', async () => {
    expect(await inspect(write(elf(here)))).toBeUndefined();
    expect(await inspect(write(elf(9_999)))).toBeUndefined();
  });

  it.each([
    ['no execute bit', '#!/bin/sh\n', 0o644, 'permission denied', 'chmod +x bootstrap'],
    [
      'an interpreter that is not there',
      '#!/opt/no/such/shell\n',
      0o755,
      'no such file or directory',
      '/opt/no/such/shell',
    ],
    ['line ends of Windows', '#!/bin/sh\r\nexit 0\r\n', 0o755, 'no such file or directory', 'LF'],
    ['no first line', 'echo hello\n', 0o755, 'exec format error', '#!/bin/sh'],
    ['no content', '', 0o755, 'exec format error', '#!/bin/sh'],
    ['an empty first line', '#!\n', 0o755, 'no such file or directory', 'interpreter'],
  ])('%s', async (_what, content, mode, message, hint) => {
    const file = write(content, mode);
    expect(await inspect(file)).toEqual({
      type: 'Runtime.InvalidEntrypoint',
      message: `fork/exec ${file}: ${message}`,
      hint: expect.stringContaining(hint),
    });
  });

  const binfmt = '/proc/sys/fs/binfmt_misc';
  const emulates = existsSync(binfmt) && readdirSync(binfmt).some((name) => !/^(register|status)$/.test(name));
  it.runIf(process.platform === 'linux' && !emulates)('a program for another machine or system', async () => {
    expect((await inspect(write(elf(elsewhere))))?.hint).toContain(`this machine is ${process.arch}`);
    const macOs = Buffer.alloc(64);
    macOs.writeUInt32BE(0xcffaedfe);
    expect(await inspect(write(macOs))).toMatchObject({ message: expect.stringContaining('exec format error') });
  });

  it('a file that is not there, a folder', async () => {
    const missing = path.join(folder, 'gone');
    expect(await inspect(missing)).toMatchObject({ message: `fork/exec ${missing}: no such file or directory` });
  });

  it('a name is looked up', async () => {
    write('#!/bin/sh\n');
    expect(await inspect('bootstrap', `/no/such:${folder}`)).toBeUndefined();
    expect(await inspect('bootstrap', '/no/such')).toEqual({
      type: 'Runtime.InvalidEntrypoint',
      message: 'exec: "bootstrap": executable file not found in $PATH',
      hint: expect.stringContaining('install bootstrap'),
    });
    expect(await inspect('bootstrap')).toBeDefined();
  });
});

describe('startProblem', () => {
  it.each([
    ['/w/bootstrap', 'EACCES', 'fork/exec /w/bootstrap: permission denied'],
    ['/w/bootstrap', 'ENOENT', 'fork/exec /w/bootstrap: no such file or directory'],
    ['deno', 'ENOENT', 'exec: "deno": executable file not found in $PATH'],
    ['/w/bootstrap', 'EMFILE', 'fork/exec /w/bootstrap: too many open files'],
  ])('%s: %s', (program, code, message) => {
    expect(startProblem(program, { code, message: 'too many open files' }).message).toBe(message);
  });
});
