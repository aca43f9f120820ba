import { InvalidArgumentError, type Command } from 'commander';
import type { ControlClient } from '../client.js';
import type { Catalog, ParameterSchema } from '../contract/catalog.js';
import { FaultTextError, parsePick, withCondition } from '../contract/fault-text.js';
import { ExitCode } from '../contract/errors.js';
import type { Fault, FaultMatch, FaultSpec } from '../contract/faults.js';
import { aborted } from '../signal.js';
import { assignment, percent, positiveInteger } from './arguments.js';
import { connect } from './connect.js';
import { parseSettings } from './set-values.js';
import type { CliIo } from './types.js';

/** `faultline fault add`. */

interface AddOptions {
  readonly function?: string;
  readonly set?: readonly [string, string][];
  readonly match?: FaultMatch;
  readonly rate?: number;
  readonly nth?: number;
  readonly first?: number;
  readonly every?: number;
  readonly sequence?: FaultSpec['sequence'];
  readonly atOnce?: number;
  readonly ramp?: string;
  readonly for?: string;
  readonly dryRun?: boolean;
  readonly hold?: boolean;
}

const EXAMPLES = `
Matches: route='POST /orders', alias=live, version=2, instance=i3, header.x-tenant=acme, event.$.sku=apple;
^= starts with, ~= a regular expression, KEY alone exists, !KEY does not.

  faultline fault add latency --function stock --set ms=3000 --rate 25% --for 2m
  faultline fault add exception --match 'event.$.sku=apple' --first 3      fail 3, then succeed
  faultline fault add network --set mode=reset --dry-run                   only count and record what it would hit`;

/** @param row how a fault is shown */
export function addCommand(
  fault: Command,
  io: CliIo,
  done: (exitCode: number) => void,
  row: (fault: Fault) => string,
): void {
  fault
    .command('add')
    .description('Add a fault')
    .argument('<kind>', 'kind, as `fault kinds` lists them')
    .option('--function <name>', 'function it hits; * matches any part (default: all)')
    .option('--set <key=value>', 'parameter of the kind, repeatable; a list is separated by commas', assignment)
    .option('--match <condition>', 'only invocations for which it holds, repeatable, see below', condition)
    .option('--rate <percent>', 'share of invocations it hits (default: 100%)', percent)
    .option('--nth <n>', 'only the nth that matches', positiveInteger)
    .option('--first <n>', 'only the first n that match', positiveInteger)
    .option('--every <n>', 'only every nth that matches', positiveInteger)
    .option('--sequence <list>', 'hit and pass by turns, for example hit,hit,pass', sequence)
    .option('--at-once <n>', 'at most n invocations at the same time', positiveInteger)
    .option('--ramp <duration>', 'the share grows from nothing over this time')
    .option('--for <duration>', 'how long it lasts, for example 30s (default: 10m)')
    .option('--dry-run', 'only count and record what it would hit: `fault hits` lists it')
    .option('--hold', 'wait, and end the fault with Ctrl+C or when this command is killed')
    .addHelpText('after', EXAMPLES)
    .action(async (kind: string, options: AddOptions) => done(await add(kind, options, io, row)));
}

async function add(kind: string, options: AddOptions, io: CliIo, row: (fault: Fault) => string): Promise<number> {
  const client = await connect(io.cwd);
  const schema = options.set ? schemaOf(await client.catalog(), kind) : undefined;
  const { set = [], hold, dryRun, ...rest } = options;
  const spec: FaultSpec = { ...rest, kind, params: parseSettings(set, schema), ...(dryRun ? { dryRun } : {}) };
  if (!hold) return shown(await client.faults.add(spec), io, row);
  return held(client, spec, io, row);
}

function shown(fault: Fault, io: CliIo, row: (fault: Fault) => string): number {
  io.stdout(`${row(fault)}\n`);
  for (const { function: name, why } of fault.unreached ?? []) io.stderr(`${name} is not reached: ${why}\n`);
  return ExitCode.Ok;
}

/** The fault lives as long as this command. */
async function held(client: ControlClient, spec: FaultSpec, io: CliIo, row: (fault: Fault) => string): Promise<number> {
  const stop = new AbortController();
  try {
    const { ended, id } = await begin(client, stop.signal);
    shown(await client.faults.add(spec, id), io, row);
    io.stderr('it ends with this command: Ctrl+C\n');
    await Promise.race([ended.then(() => io.stderr('the emulator has stopped\n')), aborted(io.signal)]);
  } finally {
    stop.abort();
  }
  return ExitCode.Ok;
}

/** @returns the hold's id, and what resolves when the hold has ended */
function begin(client: ControlClient, signal: AbortSignal): Promise<{ id: string; ended: Promise<void> }> {
  return new Promise((resolve, reject) => {
    const ended = client.hold((id) => resolve({ id, ended }), signal);
    ended.catch(reject);
  });
}

function schemaOf(catalog: Catalog, kind: string): ParameterSchema | undefined {
  return catalog.faults.find((entry) => entry.kind === kind)?.params;
}

/** One more `--match`. */
function condition(text: string, earlier: FaultMatch = {}): FaultMatch {
  return worded(() => withCondition(earlier, text));
}

function sequence(text: string): FaultSpec['sequence'] {
  const turns = /^(hit|pass)\b/.test(text) ? worded(() => parsePick(text)).sequence : undefined;
  if (turns) return turns;
  throw new InvalidArgumentError('Give hit and pass by turns, for example hit,hit,pass.');
}

function worded<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof FaultTextError) throw new InvalidArgumentError(`${error.message}.`);
    throw error;
  }
}
