import { access, constants, open, readdir } from 'node:fs/promises';
import path from 'node:path';

/** Why a bootstrap cannot be run, in the words that Lambda has for it: it goes by execve alone, without a shell's help. */

export interface StartProblem {
  /** `Runtime.InvalidEntrypoint` [S]. */
  readonly type: string;
  /** `fork/exec /var/task/bootstrap: permission denied` [R], with the path on this machine. */
  readonly message: string;
  /** The next step; empty when none is known. */
  readonly hint: string;
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  ENOENT: 'no such file or directory',
  ENOEXEC: 'exec format error',
  ENOTDIR: 'not a directory',
  E2BIG: 'argument list too long',
};

/** ELF's numbers of the machines that Node runs on here. */
const MACHINES: Readonly<Record<number, string>> = { 0x03: 'ia32', 0x28: 'arm', 0x3e: 'x64', 0xb7: 'arm64' };
const ELF = 0x7f454c46;
/** Mach-O, 32 and 64 bits, both byte orders, and for several machines. */
const MACH_O = new Set([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe, 0xcafebabe]);

/** @param error as Node's spawn gives it */
export function startProblem(
  program: string,
  error: { readonly code?: string | undefined; readonly message?: string },
): StartProblem {
  const { code = '', message = code } = error;
  if (code === 'ENOENT' && !path.isAbsolute(program)) {
    return invalid(
      `exec: "${program}": executable file not found in $PATH`,
      `install ${program}, or name a file of the workspace`,
    );
  }
  return problem(program, code, '', message);
}

/**
 * What speaks against running a program; undefined when nothing does. Without it, a script that lacks its first line would
 * run here (the C library hands it to a shell) and fail there.
 * @param program absolute path, or a name that is looked up
 * @param folders where: a PATH
 */
export async function inspect(program: string, folders = ''): Promise<StartProblem | undefined> {
  if (process.platform === 'win32') return undefined;
  if (path.isAbsolute(program)) return inspectFile(program);
  const found = await Promise.all(
    folders.split(path.delimiter).map((folder) => isRunnable(path.resolve(folder || '.', program))),
  );
  return found.includes(true) ? undefined : startProblem(program, { code: 'ENOENT' });
}

async function inspectFile(program: string): Promise<StartProblem | undefined> {
  const name = path.basename(program);
  try {
    await access(program, constants.F_OK);
    await access(program, constants.X_OK);
  } catch (reason) {
    const { code = '' } = reason as NodeJS.ErrnoException;
    return problem(program, code, code === 'EACCES' ? `run chmod +x ${name}` : `no file ${name}`);
  }
  // What may be run need not be readable.
  const head = await readHead(program).catch(() => undefined);
  if (head === undefined) return undefined;
  if (head.subarray(0, 2).toString() === '#!') return interpreterProblem(program, head);
  return formatProblem(program, head);
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(256), 0, 256, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function interpreterProblem(program: string, head: Buffer): Promise<StartProblem | undefined> {
  const [line = ''] = head.toString('latin1', 2).split('\n');
  if (line.endsWith('\r')) return problem(program, 'ENOENT', 'its lines end as on Windows: save it with LF line ends');
  const [interpreter = ''] = line.trim().split(/[ \t]/);
  if (await isRunnable(interpreter)) return undefined;
  return problem(program, 'ENOENT', `its interpreter ${interpreter} is not there`);
}

function isRunnable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function formatProblem(program: string, head: Buffer): Promise<StartProblem | undefined> {
  const magic = head.length >= 20 ? head.readUInt32BE(0) : 0;
  if (MACH_O.has(magic)) {
    return process.platform === 'darwin' ? undefined : problem(program, 'ENOEXEC', 'it is a program for macOS');
  }
  if (magic !== ELF) return problem(program, 'ENOEXEC', 'its first line should name its interpreter: #!/bin/sh');
  if (process.platform === 'darwin') return problem(program, 'ENOEXEC', 'it is a program for Linux');
  const machine = MACHINES[head.readUInt16LE(18)];
  if (machine === undefined || machine === process.arch || (await emulated())) return undefined;
  return problem(program, 'ENOEXEC', `it is a program for ${machine}; this machine is ${process.arch}`);
}

/** Whether the kernel hands programs of other machines to an emulator. */
async function emulated(): Promise<boolean> {
  const names = await readdir('/proc/sys/fs/binfmt_misc').catch(() => []);
  return names.some((name) => /^(qemu|rosetta|FEX|box64)/i.test(name));
}

function problem(program: string, code: string, hint: string, otherwise = code): StartProblem {
  return invalid(`fork/exec ${program}: ${WORDS[code] ?? otherwise}`, hint);
}

function invalid(message: string, hint: string): StartProblem {
  return { type: 'Runtime.InvalidEntrypoint', message, hint };
}
