import type { Command } from 'commander';
import type { Catalog, CatalogFault, ParameterSchema } from '../contract/catalog.js';
import { DOCS_URL } from '../contract/docs.js';
import { ExitCode } from '../contract/errors.js';
import type { Fault } from '../contract/faults.js';
import { assignment, percent } from './arguments.js';
import { connect } from './connect.js';
import { parseSettings } from './set-values.js';
import { columns, createStyle } from './style.js';
import type { CliCommand, CliIo } from './types.js';

interface AddOptions {
  readonly function?: string;
  readonly set?: readonly [string, string][];
  readonly rate?: number;
  readonly for?: string;
}

/** `faultline fault`: what there is comes from the running emulator's catalog, so a new kind needs no change here. */
export const faultCommand: CliCommand = {
  register(program, io, done) {
    const fault = program.command('fault').description('Add, list and clear faults of the running emulator');
    addCommand(fault, io, done);
    fault
      .command('list')
      .description('List the faults, with how often each has hit')
      .action(async () => done(await list(io)));
    fault
      .command('clear')
      .description('Clear one fault, or all')
      .argument('[id]', 'which one, as `fault list` shows it (default: all)')
      .action(async (id: string | undefined) => done(await clear(id, io)));
    fault
      .command('kinds')
      .description('List the kinds of faults and their parameters')
      .action(async () => done(await listKinds(io)));
  },
};

function addCommand(fault: Command, io: CliIo, done: (exitCode: number) => void): void {
  fault
    .command('add')
    .description('Add a fault')
    .argument('<kind>', 'kind, as `fault kinds` lists them')
    .option('--function <name>', 'function it hits; * matches any part (default: all)')
    .option('--set <key=value>', 'parameter of the kind, repeatable; a list is separated by commas', assignment)
    .option('--rate <percent>', 'share of invocations it hits (default: 100%)', percent)
    .option('--for <duration>', 'how long it lasts, for example 30s (default: 10m)')
    .action(async (kind: string, options: AddOptions) => done(await add(kind, options, io)));
}

async function add(kind: string, options: AddOptions, io: CliIo): Promise<number> {
  const client = await connect(io.cwd);
  const schema = options.set ? schemaOf(await client.catalog(), kind) : undefined;
  const fault = await client.faults.add({
    kind,
    params: parseSettings(options.set ?? [], schema),
    ...(options.function === undefined ? {} : { function: options.function }),
    ...(options.rate === undefined ? {} : { rate: options.rate }),
    ...(options.for === undefined ? {} : { for: options.for }),
  });
  io.stdout(`${columns([row(fault, io)]).join('')}\n`);
  return ExitCode.Ok;
}

function schemaOf(catalog: Catalog, kind: string): ParameterSchema | undefined {
  return catalog.faults.find((entry) => entry.kind === kind)?.params;
}

async function list(io: CliIo): Promise<number> {
  const faults = await (await connect(io.cwd)).faults.list();
  if (faults.length === 0) io.stdout('no faults\n');
  for (const line of columns(faults.map((fault) => row(fault, io)))) io.stdout(`${line}\n`);
  return ExitCode.Ok;
}

async function clear(id: string | undefined, io: CliIo): Promise<number> {
  const client = await connect(io.cwd);
  if (id === undefined) {
    const cleared = await client.faults.clear();
    io.stdout(`cleared ${String(cleared)} ${cleared === 1 ? 'fault' : 'faults'}\n`);
  } else {
    io.stdout(`cleared ${(await client.faults.remove(id)).id}\n`);
  }
  return ExitCode.Ok;
}

async function listKinds(io: CliIo): Promise<number> {
  const { faults } = await (await connect(io.cwd)).catalog();
  io.stdout(faults.map((kind) => kindText(kind, io)).join('\n'));
  return ExitCode.Ok;
}

/** `latency-1  on   stock  50 %  hit 3 of 7  until 12:03:04  +800 ms before the handler` */
function row(fault: Fault, io: CliIo): string[] {
  const style = createStyle(io.color);
  return [
    style.bold(fault.id),
    fault.enabled ? style.yellow('on') : style.dim('off'),
    fault.function ?? 'all functions',
    `${String(fault.rate)} %`,
    `hit ${String(fault.injected)} of ${String(fault.matched)}`,
    fault.until === undefined ? '' : `until ${timeText(fault.until)}`,
    fault.summary,
  ];
}

function kindText({ kind, summary, params, doc }: CatalogFault, io: CliIo): string {
  const style = createStyle(io.color);
  const rows = Object.entries(params.properties ?? {}).map(([name, schema]) => [
    `  --set ${name}=${valueHint(schema)}`,
    schema.description ?? '',
    schema.default === undefined ? '' : style.dim(`default ${listed(schema.default)}`),
  ]);
  return [`${style.bold(kind)}  ${summary}`, ...columns(rows), `  ${style.dim(`${DOCS_URL}/${doc}`)}`, ''].join('\n');
}

function valueHint(schema: ParameterSchema): string {
  if (schema.enum) return schema.enum.map(String).join('|');
  if (schema.type === 'array') return `${schema.items?.type ?? 'value'},…`;
  return schema.type ?? 'value';
}

function listed(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Local time of day, `14:03:59`. */
export function timeText(epochMs: number): string {
  const at = new Date(epochMs);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}
