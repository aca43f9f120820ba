import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { demandsOf } from './answer.js';
import type { ProbeKind } from './types.js';

/** A command of the user's. It has a process group of its own, which ends with it: nothing it starts stays behind. */

/** Of its output so much is kept, in characters. */
const MAX_OUTPUT = 65_536;

export const process: ProbeKind = ({ process: spec, expect }) => {
  const { command = '', args = [], env = {} } = spec ?? {};
  const demands = demandsOf(expect, { exitCode: 0 });
  return {
    expectation: `${[command, ...args].join(' ')}: ${demands.words}`,
    async run({ root, clock, signal }) {
      const from = clock.monotonic();
      const executable = /^\.{1,2}[/\\]/.test(command) ? path.resolve(root, command) : command;
      const { code, output, error } = await ended(
        executable,
        args,
        root,
        { ...globalThis.process.env, ...env },
        signal,
      );
      const outcome = demands.check({ exitCode: code, text: output, ms: clock.monotonic() - from });
      const why =
        outcome.passed || error.trim() === '' ? '' : `: ${error.trim().split('\n').at(-1)?.slice(0, 200) ?? ''}`;
      return { ...outcome, measured: outcome.measured + why };
    },
  };
};

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly error: string;
}

function ended(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, detached: !windows, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let error = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => void (output = (output + text).slice(0, MAX_OUTPUT)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (error = (error + text).slice(-MAX_OUTPUT)));
    const kill = (): void => endGroup(child);
    if (signal.aborted) kill();
    signal.addEventListener('abort', kill, { once: true });
    child.once('error', (reason) => {
      signal.removeEventListener('abort', kill);
      reject(reason);
    });
    child.once('exit', () => {
      // What it has left behind in its group would hold its output open, too.
      kill();
    });
    child.once('close', (code) => {
      signal.removeEventListener('abort', kill);
      resolve({ code: code ?? -1, output, error });
    });
  });
}

const windows = globalThis.process.platform === 'win32';

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (windows) child.kill('SIGKILL');
    else globalThis.process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}
