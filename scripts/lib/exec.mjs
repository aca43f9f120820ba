import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/**
 * @typedef {object} ExecOptions
 * @property {string} [cwd] the repository's root when left out
 * @property {NodeJS.ProcessEnv} [env] added to this process's environment
 * @property {boolean} [inherit] show the output as it comes instead of collecting it
 * @property {boolean} [tee] show it and collect it
 * @property {number} [timeout] milliseconds after which the whole process group is killed
 * @property {string} [input] standard input
 */

/** @typedef {{ code: number, stdout: string, stderr: string }} ExecResult `code` is 124 after a timeout */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** Kills a child and all it started: each child leads its own process group. @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} [signal] */
export function killGroup(child, signal = 'SIGKILL') {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

// Nothing that a script started may outlive it, however it ends.
process.on('exit', () => running.forEach((child) => killGroup(child)));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.once(signal, () => process.exit(130));
}

/**
 * Starts a process that dies with this one. The caller ends it with `killGroup`.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, ...options, detached: true });
  running.add(child);
  child.once('close', () => running.delete(child));
  child.once('error', () => running.delete(child));
  return child;
}

/**
 * Runs a command to its end. Never rejects for an exit code; rejects when the command cannot be started.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {ExecOptions} [options]
 * @returns {Promise<ExecResult>}
 */
export function exec(command, args, options = {}) {
  const { cwd = root, env, inherit = false, tee = false, timeout, input } = options;
  return new Promise((resolve, reject) => {
    const child = start(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: inherit ? ['ignore', 'inherit', 'inherit'] : [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    let late = false;
    child.stdout?.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.stdin?.end(input);
    if (tee) child.stdout?.pipe(process.stdout, { end: false });
    if (tee) child.stderr?.pipe(process.stderr, { end: false });
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            late = true;
            killGroup(child);
          }, timeout);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      if (late) stderr += `\n${command} was stopped after ${String(timeout)} ms`;
      resolve({ code: late ? 124 : (code ?? 1), stdout, stderr });
    });
  });
}

/**
 * As `exec`, but an exit code other than 0 is an error that carries the end of the output.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {ExecOptions} [options]
 * @returns {Promise<ExecResult>}
 */
export async function must(command, args, options) {
  const result = await exec(command, args, options);
  if (result.code === 0) return result;
  const output = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-40).join('\n');
  throw new Error(`${command} ${args.join(' ')} ended with ${String(result.code)}\n${output}`);
}
