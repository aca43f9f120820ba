import { byGroup, type CatalogFault, type ParameterSchema } from '../contract/catalog.js';
import { DOCS_URL } from '../contract/docs.js';
import { ExitCode } from '../contract/errors.js';
import type { Fault, FaultHit } from '../contract/faults.js';
import type { InvocationRecord } from '../contract/records.js';
import { positiveInteger } from './arguments.js';
import { connect } from './connect.js';
import { addCommand } from './fault-add.js';
import { columns, createStyle } from './style.js';
import type { CliCommand, CliIo } from './types.js';

/** As many as the emulator hands out at once. */
const MAX_RECORDS = 500;

/** `faultline fault`: what there is comes from the running emulator's catalog, so a new kind needs no change here. */
export const faultCommand: CliCommand = {
  register(program, io, done) {
    const fault = program.command('fault').description('Add, list and clear faults of the running emulator');
    addCommand(fault, io, done, (one) => columns([row(one, io)]).join(''));
    fault
      .command('list')
      .description('List the faults, with how often each has hit')
      .action(async () => done(await list(io)));
    fault
      .command('hits')
      .description('List the invocations that faults have hit, newest first: where, and what was seen')
      .argument('[id]', 'of one fault (default: of all)')
      .option('--limit <n>', 'so many at most', positiveInteger, 50)
      .action(async (id: string | undefined, { limit }: { limit: number }) => done(await hits(id, limit, io)));
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

async function list(io: CliIo): Promise<number> {
  const faults = await (await connect(io.cwd)).faults.list();
  if (faults.length === 0) io.stdout('no faults\n');
  for (const line of columns(faults.map((fault) => row(fault, io)))) io.stdout(`${line}\n`);
  return ExitCode.Ok;
}

/** Invocations that are still remembered, with what a fault did to each. */
async function hits(id: string | undefined, limit: number, io: CliIo): Promise<number> {
  const records = await (await connect(io.cwd)).invocations({ limit: MAX_RECORDS });
  const found = records.flatMap((record) =>
    record.faults.filter(({ fault }) => id === undefined || fault === id).map((hit) => ({ record, hit })),
  );
  if (found.length === 0) io.stdout('no hits\n');
  const rows = found.slice(0, limit).map(({ record, hit }) => hitRow(record, hit, io));
  for (const line of columns(rows)) io.stdout(`${line}\n`);
  if (found.length > limit) io.stderr(`${String(found.length - limit)} more; --limit shows them\n`);
  return ExitCode.Ok;
}

/** `12:03:04  stock  number 7  latency-1  before the handler  +812 ms  200  req-id` */
function hitRow(record: InvocationRecord, hit: FaultHit, io: CliIo): string[] {
  const style = createStyle(io.color);
  const ended = record.error?.type ?? (record.status === undefined ? 'ok' : String(record.status));
  return [
    timeText(record.at),
    record.function,
    `number ${String(record.number)}${record.attempt > 1 ? `, attempt ${String(record.attempt)}` : ''}`,
    style.bold(hit.fault),
    hit.dryRun ? 'dry run' : (hit.where ?? ''),
    hit.saw ?? '',
    ended,
    style.dim(record.requestId),
  ];
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
  const sections = byGroup(faults).map(({ faults: kinds }) => kinds.map((kind) => kindText(kind, io)).join('\n'));
  io.stdout(sections.join('\n'));
  return ExitCode.Ok;
}

/** `latency-1  on   stock  50 %  hit 3 of 7  until 12:03:04  +800 ms before the handler` */
function row(fault: Fault, io: CliIo): string[] {
  const style = createStyle(io.color);
  return [
    style.bold(fault.id),
    fault.enabled ? style.yellow('on') : style.dim('off'),
    [fault.function ?? 'all functions', fault.scope].filter(Boolean).join(', '),
    `${String(fault.rate)} %`,
    `${fault.dryRun ? 'would hit' : 'hit'} ${String(fault.injected)} of ${String(fault.matched)}`,
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
