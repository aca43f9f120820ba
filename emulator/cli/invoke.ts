import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ControlClient } from '../client.js';
import { ExitCode, FaultlineError } from '../contract/errors.js';
import type { ErrorPlace } from '../contract/errors.js';
import type { Snapshot } from '../contract/snapshot.js';
import { connect } from './connect.js';
import { createStyle } from './style.js';
import type { CliCommand, CliIo } from './types.js';

interface InvokeOptions {
  readonly event?: string;
  readonly async?: boolean;
  readonly log?: boolean;
  readonly debug?: boolean;
}

/** `faultline invoke`: one event through one function, as the SDK sends it. */
export const invokeCommand: CliCommand = {
  register(program, io, done) {
    program
      .command('invoke')
      .description('Invoke a function of the running emulator; its result goes to standard output')
      .argument('<function>', 'name of the function')
      .option('--event <file|-|json>', 'event: a file, - for standard input, or JSON (default: {})')
      .option('--async', 'as an Event invocation: do not wait for the result')
      .option('--debug', 'on an instance of its own that waits for a debugger; says where to attach')
      .option('--log', 'show the log of the invocation on standard error')
      .addHelpText('after', '\nExit codes: 0 the handler returned, 1 it ended in an error, 2 wrong use.')
      .action(async (name: string, options: InvokeOptions) => done(await invoke(name, options, io)));
  },
};

async function invoke(name: string, options: InvokeOptions, io: CliIo): Promise<number> {
  const event = await readEvent(options.event ?? '{}', io);
  const client = await connect(io.cwd);
  const body = {
    function: name,
    event,
    ...(options.async ? { async: true } : {}),
    ...(options.debug ? { debug: true } : {}),
  };
  const telling = options.debug ? tellDebugger(client, name, io) : undefined;
  const reply = await client.invoke(body, io.signal).finally(() => telling?.abort());
  if (options.log) for (const line of reply.record?.log ?? []) io.stderr(`${line}\n`);
  if (options.async) {
    io.stderr(`accepted, request ${reply.requestId}\n`);
    return ExitCode.Ok;
  }
  io.stdout(`${JSON.stringify(reply.payload ?? null, null, 2)}\n`);
  if (reply.ok) return ExitCode.Ok;
  const error = reply.record?.error;
  const style = createStyle(io.color);
  io.stderr(`${style.red('function error:')} ${error ? `${error.type}: ${error.message}` : 'see the payload'}\n`);
  return ExitCode.Failed;
}

/** Says where a debugger can attach, once the instance is there. @returns ends it */
function tellDebugger(client: ControlClient, name: string, io: CliIo): AbortController {
  const ended = new AbortController();
  const known = new Set<string>();
  const onSnapshot = ({ functions }: Snapshot): void => {
    for (const { id, debugger: at } of functions.find((fn) => fn.name === name)?.instances ?? []) {
      if (at === undefined || known.has(id)) continue;
      known.add(id);
      io.stderr(`debugger: attach to ${at.host}:${String(at.port)} (${at.protocol})\n`);
    }
  };
  void client.events({ onSnapshot, signal: ended.signal }).catch(() => undefined);
  return ended;
}

/**
 * @param given a file, `-`, or JSON
 * @throws FaultlineError EVENT_INVALID with the position in what was given
 */
export async function readEvent(given: string, io: Pick<CliIo, 'cwd' | 'stdin'>): Promise<unknown> {
  if (given === '-') return parseEvent(await io.stdin(), 'standard input');
  const file = path.resolve(io.cwd, given);
  const isFile = await stat(file).then(
    (entry) => entry.isFile(),
    () => false,
  );
  if (isFile) return parseEvent(await readFile(file, 'utf8'), given, file);
  if (/^\s*(?:[[{"\d-]|true\b|false\b|null\b)/.test(given)) return parseEvent(given, 'the event');
  throw new FaultlineError('EVENT_INVALID', `${given} is neither a file nor JSON`, {
    hint: `give a file, - for standard input, or JSON such as '{"name":"x"}'`,
  });
}

function parseEvent(text: string, from: string, file?: string): unknown {
  try {
    // Editors on Windows begin a file with a byte order mark, which is no JSON.
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const { line, column } = positionOf(reason, text);
    const place: ErrorPlace = { ...(file === undefined ? {} : { file }), line, column };
    const where = file === undefined ? `, line ${String(line)}, column ${String(column)}` : '';
    // V8 quotes the text; the place says it better.
    const said = reason
      .replace(/, (?:\.\.\.)?".*"(?:\.\.\.)? is not valid JSON$/s, '')
      .replace(/ in JSON at position \d+.*$/s, '');
    throw new FaultlineError('EVENT_INVALID', `${from} is not JSON${where}: ${said}`, {
      place,
      ...(text.trim() === '' ? { hint: 'it is empty; an event without data is {}' } : {}),
    });
  }
}

/** Where V8 found the mistake: `… in JSON at position 17`; at the end when it says that the text ended too early. */
function positionOf(reason: string, text: string): { line: number; column: number } {
  const found = /at position (\d+)/.exec(reason)?.[1];
  const offset = found === undefined ? endOrToken(reason, text) : Number(found);
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** `Unexpected token 'x', "{x}" is not valid JSON` names no position; the text is short then. */
function endOrToken(reason: string, text: string): number {
  const token = /Unexpected token '(.+?)'/su.exec(reason)?.[1];
  const at = token === undefined ? -1 : text.indexOf(token);
  return at < 0 ? text.length : at;
}
