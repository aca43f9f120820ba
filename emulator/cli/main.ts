#!/usr/bin/env node
import { ExitCode } from '../contract/errors.js';
import { formatError } from './failure.js';
import { runCli } from './run.js';
import { wantsColor } from './style.js';
import type { CliIo } from './types.js';

/** The entry of the command line: what belongs to the process, and nothing else. */

/** What a shell reports for a process that Ctrl+C ended. */
const INTERRUPTED = 130;

const controller = new AbortController();
let interrupts = 0;

function interrupted(): void {
  // The second time they mean it; instances notice that we are gone and end by themselves.
  if (++interrupts > 1) process.exit(INTERRUPTED);
  controller.abort();
}
process.on('SIGINT', interrupted);
process.on('SIGTERM', () => controller.abort());
process.on('SIGHUP', () => controller.abort());

/** Whoever read our output has gone, as in `faultline start | head`: end in order, and write no more. */
function broken(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
  controller.abort();
}
process.stdout.on('error', broken);
process.stderr.on('error', broken);

function fatal(error: unknown): void {
  process.stderr.write(formatError(error, false));
  process.exit(ExitCode.Emulator);
}
process.on('uncaughtException', fatal);
process.on('unhandledRejection', fatal);

async function stdin(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

const io: CliIo = {
  cwd: process.cwd(),
  env: process.env,
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  stdin,
  color: wantsColor(process.env, process.stdout.isTTY),
  terminal: process.stdout.isTTY,
  signal: controller.signal,
};

const exitCode = await runCli(process.argv.slice(2), io);
// What is still open (a kept-alive connection) must not hold the process; what is still unwritten must get out.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
