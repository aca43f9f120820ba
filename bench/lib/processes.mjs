import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Absolute path of a file in bench/lib. @param {string} name */
export const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** A port nobody listens on. @returns {Promise<number>} */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Starts a Node script and waits for the first line that it prints.
 * @param {readonly string[]} args
 */
export async function startServer(...args) {
  // A group of its own, so that the workers of a server end with it.
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The group is empty already.
    }
  };
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    if (output.includes('\n')) return { line: output.split('\n')[0], stop, pid: child.pid };
  }
  throw new Error(`${args[0]} ended before it was ready`);
}

/** One measurement. @returns {Promise<{ rate: number, p50: number, p99: number, failed: number }>} */
export async function load(url, connections, seconds) {
  const { stdout } = await run(process.execPath, [here('load.mjs'), url, String(connections), String(seconds)]);
  return JSON.parse(stdout);
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
