import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseEnv } from 'node:util';
import type { z } from 'zod';
import {
  DEFAULT_MAX_INSTANCES,
  type Config,
  type configSchema,
  type Destination,
  type FunctionConfig,
  type QueueConfig,
  type QueueSourceConfig,
  type RetryConfig,
  type Route,
  type ScheduleConfig,
} from '../contract/config.js';
import { parseSchedule } from '../schedule.js';
import { resolveHandler, type ResolvedHandler } from './handlers.js';
import { resolveBootstrap } from './bootstrap.js';

/** What is right in form, made whole: files found, defaults that depend on others, names that must exist. */

type Parsed = z.output<typeof configSchema>;
type ParsedFunction = Parsed['functions'][string];
type At = readonly PropertyKey[];

/** Where what is wrong is told. */
export interface Reporter {
  issue(at: At, message: string): void;
  /** Line of a key in the config file, from 1. */
  line(at: readonly string[]): number;
}

export async function resolveConfig(
  parsed: Parsed,
  root: string,
  report: Reporter,
): Promise<Omit<Config, 'root' | 'file'>> {
  const names = new Names(parsed, report);
  const shared = await readEnvironment(root, parsed, [], report);
  const functions: FunctionConfig[] = [];
  for (const [name, value] of Object.entries(parsed.functions)) {
    const resolved = await resolveFunction({ name, value, parsed, root, shared, names, report });
    if (resolved) functions.push(resolved);
  }
  checkReserved(parsed, report);
  const { store } = parsed.delivery;
  return {
    functions,
    queues: resolveQueues(parsed, names),
    ...(store === undefined ? {} : { store }),
    account: parsed.account,
    faultHeader: parsed.faults.header,
  };
}

/** Lambda: 100 of an account's concurrency are never reserved [D]. */
const NEVER_RESERVED = 100;

function checkReserved({ functions, account }: Parsed, report: Reporter): void {
  const left = (sum: number): number => account.concurrency - sum;
  let sum = 0;
  for (const [name, { concurrency }] of Object.entries(functions)) {
    if (concurrency.reserved === undefined || concurrency.reserved === 0) continue;
    sum += concurrency.reserved;
    if (left(sum) < NEVER_RESERVED)
      report.issue(
        ['functions', name, 'concurrency', 'reserved'],
        `leaves ${String(Math.max(0, left(sum)))} of the account's ${String(account.concurrency)} unreserved; ${String(NEVER_RESERVED)} must stay`,
      );
  }
}

interface Environment {
  readonly values: Readonly<Record<string, string>>;
  readonly files: readonly string[];
}

interface FunctionInput {
  readonly name: string;
  readonly value: ParsedFunction;
  readonly parsed: Parsed;
  readonly root: string;
  readonly shared: Environment;
  readonly names: Names;
  readonly report: Reporter;
}

async function resolveFunction(input: FunctionInput): Promise<FunctionConfig | undefined> {
  const { name, value, parsed, root, shared, names, report } = input;
  const at = ['functions', name];
  const own = await readEnvironment(root, value, at, report);
  const code = await resolveCode(root, value);
  if ('problem' in code) {
    report.issue([...at, code.key], code.problem);
    return undefined;
  }
  const { reserved, provisioned } = value.concurrency;
  const max = Math.max(1, Math.min(value.scaling.max ?? reserved ?? DEFAULT_MAX_INSTANCES, reserved ?? Infinity));
  const min = Math.max(value.scaling.min, provisioned);
  if (min > max)
    report.issue(
      [...at, provisioned > max ? 'concurrency' : 'scaling'],
      `${String(min)} instances are to be kept, but there may be only ${String(max)}`,
    );
  const deadLetter = names.destination(value.deadLetter, [...at, 'deadLetter']);
  // Lambda takes SQS and SNS here [D].
  if (deadLetter?.type === 'function') report.issue([...at, 'deadLetter'], 'takes a queue; write queue:NAME');
  return {
    name,
    ...(value.description === undefined ? {} : { description: value.description }),
    ...code,
    timeoutMs: value.timeout * 1_000,
    memoryMb: value.memory,
    tmpMb: value.tmp,
    environment: { ...shared.values, ...own.values },
    envFiles: [...shared.files, ...own.files],
    credentials: value.credentials ?? parsed.credentials,
    scaling: { min, max, idleMs: value.scaling.idle },
    ...(reserved === undefined ? {} : { reserved }),
    provisioned,
    coldStartMs: value.coldStart,
    freeze: value.freeze,
    debug: value.debug,
    tracing: value.tracing,
    aliases: value.aliases,
    retries: resolveRetries(value, at, names),
    ...(deadLetter === undefined ? {} : { deadLetter }),
    ...(value.url === false ? {} : { url: value.url === true ? { mode: 'buffered' as const } : value.url }),
    balancing: value.balancing,
    ...resolveEvents(value, at, names, report),
    line: report.line(at),
  };
}

type Code = Pick<FunctionConfig, 'runtime' | 'handler' | 'file' | 'export' | 'command'>;
type NoCode = { readonly key: 'handler' | 'bootstrap' | 'runtime'; readonly problem: string };

async function resolveCode(root: string, value: ParsedFunction): Promise<Code | NoCode> {
  const { runtime, handler, bootstrap } = value;
  if (runtime === 'provided') {
    if (bootstrap === undefined)
      return { key: 'bootstrap', problem: 'runtime: provided needs a bootstrap, for example ./bootstrap' };
    const found = await resolveBootstrap(root, bootstrap);
    if ('problem' in found) return { key: 'bootstrap', problem: found.problem };
    return { runtime, handler: handler ?? '', export: '', ...found };
  }
  if (bootstrap !== undefined) return { key: 'bootstrap', problem: 'a bootstrap goes with runtime: provided' };
  if (handler === undefined) return { key: 'handler', problem: 'write file.export, for example "counter.handler"' };
  const found: ResolvedHandler = await resolveHandler(root, handler);
  if ('problem' in found) return { key: 'handler', problem: found.problem };
  if (runtime !== undefined && runtime !== found.runtime)
    return { key: 'runtime', problem: `${path.basename(found.file)} is not run by ${runtime}` };
  return { handler, ...found };
}

/** A .env file's variables under those of `environment:`. */
async function readEnvironment(
  root: string,
  { envFile, environment }: Pick<ParsedFunction, 'environment'> & { readonly envFile?: string | undefined },
  at: At,
  report: Reporter,
): Promise<Environment> {
  const values = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)]));
  if (envFile === undefined) return { values, files: [] };
  const file = path.resolve(root, envFile);
  try {
    const read = parseEnv(await readFile(file, 'utf8')) as Record<string, string>;
    return { values: { ...read, ...values }, files: [file] };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    report.issue([...at, 'envFile'], missing ? `there is no file ${envFile}` : (error as Error).message);
    return { values, files: [file] };
  }
}

function resolveRetries({ retries }: ParsedFunction, at: At, names: Names): RetryConfig {
  const onSuccess = names.destination(retries.onSuccess, [...at, 'retries', 'onSuccess']);
  const onFailure = names.destination(retries.onFailure, [...at, 'retries', 'onFailure']);
  return {
    attempts: retries.attempts,
    maxAgeMs: retries.maxAge,
    ...(onSuccess === undefined ? {} : { onSuccess }),
    ...(onFailure === undefined ? {} : { onFailure }),
  };
}

function resolveEvents(
  { events }: ParsedFunction,
  at: At,
  names: Names,
  report: Reporter,
): Pick<FunctionConfig, 'routes' | 'schedules' | 'queues'> {
  const routes: Route[] = [];
  const schedules: ScheduleConfig[] = [];
  const queues: QueueSourceConfig[] = [];
  events.forEach((event, i) => {
    const here = [...at, 'events', i];
    if (event.http !== undefined) routes.push(names.route(event.http, at, [...here, 'http']));
    if (event.schedule !== undefined) schedules.push(resolveSchedule(event.schedule, [...here, 'schedule'], report));
    if (event.queue !== undefined) queues.push(resolveQueueSource(event.queue, [...here, 'queue'], names, report));
  });
  return { routes, schedules, queues };
}

type Event = ParsedFunction['events'][number];

function resolveSchedule(given: NonNullable<Event['schedule']>, at: At, report: Reporter): ScheduleConfig {
  const schedule = typeof given === 'string' ? { expression: given, timezone: 'UTC', enabled: true } : given;
  try {
    parseSchedule(schedule.expression, schedule.timezone);
  } catch (error) {
    report.issue(at, (error as Error).message);
  }
  return schedule;
}

/** Lambda: a batch is gathered for 5 minutes at most, and more than 10 messages need a window. */
function resolveQueueSource(
  given: NonNullable<Event['queue']>,
  at: At,
  names: Names,
  report: Reporter,
): QueueSourceConfig {
  const value =
    typeof given === 'string'
      ? { name: given, batchSize: 10, window: 0, partialResponses: false, enabled: true }
      : given;
  const { name, batchSize, window, partialResponses, enabled } = value;
  names.queue(name, at);
  if (window > 300_000) report.issue([...at, 'window'], 'is 5m at most');
  if (batchSize > 10 && window < 1_000) report.issue([...at, 'batchSize'], 'above 10 needs a window of 1s or more');
  const maxConcurrency = 'maxConcurrency' in value ? value.maxConcurrency : undefined;
  return {
    queue: name,
    batchSize,
    windowMs: window,
    partialResponses,
    enabled,
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
  };
}

const RETENTION_MS = [60_000, 1_209_600_000] as const;

function resolveQueues(parsed: Parsed, names: Names): QueueConfig[] {
  return Object.entries(parsed.queues).map(([name, value]) => {
    const at = ['queues', name];
    names.between(value.visibility, 0, 43_200_000, [...at, 'visibility'], 'is from 0s to 12h');
    names.between(value.retention, ...RETENTION_MS, [...at, 'retention'], 'is from 60s to 336h (14 days)');
    names.between(value.delay, 0, 900_000, [...at, 'delay'], 'is from 0s to 15m');
    if (value.redrive) names.deadLetterQueue(value.redrive.queue, name, [...at, 'redrive', 'queue']);
    return {
      name,
      visibilityMs: value.visibility,
      retentionMs: value.retention,
      delayMs: value.delay,
      ...(value.redrive === undefined ? {} : { redrive: value.redrive }),
    };
  });
}

/** What one part of the config calls another by. */
class Names {
  private readonly routeOwner = new Map<string, string>();

  constructor(
    private readonly parsed: Parsed,
    private readonly report: Reporter,
  ) {}

  route(text: string, [, owner]: At, at: At): Route {
    const other = this.routeOwner.get(text);
    if (other !== undefined) this.report.issue(at, `"${text}" already invokes ${other}`);
    this.routeOwner.set(text, String(owner));
    const [method = '', path = ''] = text.split(' ');
    return { method, path };
  }

  queue(name: string, at: At): void {
    if (name in this.parsed.queues) return;
    const known = Object.keys(this.parsed.queues);
    const there = known.length > 0 ? `; there is ${known.join(', ')}` : '';
    this.report.issue(at, `no queue "${name}" under queues:${there}`);
  }

  deadLetterQueue(name: string, of: string, at: At): void {
    this.queue(name, at);
    if (name === of) this.report.issue(at, 'a queue is not its own dead-letter queue');
  }

  destination(text: string | undefined, at: At): Destination | undefined {
    if (text === undefined) return undefined;
    const colon = text.indexOf(':');
    const name = text.slice(colon + 1);
    if (text.startsWith('queue:')) {
      this.queue(name, at);
      return { type: 'queue', name };
    }
    if (!(name in this.parsed.functions)) this.report.issue(at, `no function "${name}" under functions:`);
    return { type: 'function', name };
  }

  between(value: number, min: number, max: number, at: At, message: string): void {
    if (value < min || value > max) this.report.issue(at, message);
  }
}
