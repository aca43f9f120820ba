import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** A workspace on disk for one test; `await using` removes it. */
export interface TestWorkspace extends AsyncDisposable {
  readonly root: string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
}

export async function createWorkspace(files: Readonly<Record<string, string>>): Promise<TestWorkspace> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'faultline-test-'));
  const write = async (more: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(more)) {
      const file = path.join(root, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  };
  await write(files);
  return { root, write, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Whether a process is there; a zombie counts as gone. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const { readFile } = await import('node:fs/promises');
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return status !== '' ? !/\) Z /.test(status) : process.platform !== 'linux';
}

/** Polls a condition that nothing announces (another process's end), for 10 s unless told. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  patienceMs = 10_000,
): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${String(patienceMs / 1_000)} s for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
