import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { build } from 'esbuild';

/** A host file of this folder as a program, beside node_modules, where it finds LevelDB. */
export interface HostProgram {
  start(...args: readonly string[]): Host;
  remove(): void;
}

/** A running one. */
export interface Host {
  readonly lines: readonly string[];
  /** Resolves when there are so many lines, or no more will come. */
  reaches(count: number): Promise<void>;
  /** Resolves when it is gone and every line that it wrote is in. */
  kill(): Promise<void>;
}

export async function buildHost(name = 'store-host'): Promise<HostProgram> {
  const outfile = path.join(import.meta.dirname, `.${name}-${String(process.pid)}.mjs`);
  await build({
    entryPoints: [path.join(import.meta.dirname, `${name}.ts`)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['classic-level'],
    // As scripts/lib/bundle.mjs does: some of what is bundled is CommonJS inside.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    outfile,
  });
  return {
    start: (...args) => follow(spawn(process.execPath, [outfile, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })),
    remove: () => rmSync(outfile, { force: true }),
  };
}

function follow(child: ChildProcessByStdio<null, Readable, null>): Host {
  const lines: string[] = [];
  let rest = '';
  let woken = (): void => undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    woken();
  });
  const closed = once(child, 'close');
  return {
    lines,
    async reaches(count) {
      while (lines.length < count && child.exitCode === null && child.signalCode === null) {
        await Promise.race([closed, new Promise<void>((resolve) => (woken = resolve))]);
      }
    },
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

/** A folder for one test. */
export const makeRoot = (): string => mkdtempSync(path.join(os.tmpdir(), 'faultline-store-'));
