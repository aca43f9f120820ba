import { z } from 'zod';
import { parseDuration } from '../../contract/config.js';
import { FaultlineError } from '../../contract/errors.js';
import type { FaultSpec } from '../../contract/faults.js';
import type { Emulator } from '../../contract/library.js';

/** What a test says of the calls, and of the answers that hold. The checks name the key and the next step, as everywhere. */

export interface CallOptions {
  /** A request through the gateway: `POST /orders`. Either this or `invoke`. */
  readonly request?: string;
  /** Name of a function that is invoked, as an SDK does. */
  readonly invoke?: string;
  /** Headers of the request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Body of the request: text as it is, anything else as JSON. */
  readonly body?: unknown;
  /** Event of the invocation. */
  readonly event?: unknown;
  /** How many calls are made while the fault is on; 10 by default. */
  readonly requests?: number;
  /** How many of them at the same time; 1 by default: one after the other. */
  readonly concurrency?: number;
  /** An answer holds with this status, or one of these; below 500 by default. */
  readonly status?: number | readonly number[];
}

export interface SurviveOptions extends CallOptions {
  /** An answer holds when it comes within this time, for example `800ms`; the timeout of the function by default. */
  readonly within?: string;
}

export interface RecoverOptions extends CallOptions {
  /** How long after the fault the answers may take to hold again, for example `5s`; `10s` by default. */
  readonly within?: string;
}

const status = z.number().int().min(100).max(599);

const schema = z
  .strictObject({
    request: z
      .string()
      .regex(/^[A-Z]+ \/\S*$/, 'write METHOD /path, for example "POST /orders"')
      .optional(),
    invoke: z.string().min(1).optional(),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.unknown().optional(),
    event: z.unknown().optional(),
    requests: z.number().int().min(1).max(10_000).default(10),
    concurrency: z.number().int().min(1).max(1_000).default(1),
    status: z.union([status, z.array(status).min(1)]).optional(),
    within: z
      .string('write it with its unit, for example "800ms" or "2s"')
      .refine((text) => (parseDuration(text) ?? 0) > 0, 'not a duration; write for example "800ms" or "2s"')
      .optional(),
  })
  .refine((value) => (value.request === undefined) !== (value.invoke === undefined), {
    message: 'say what is called: either "POST /orders", or invoke with the name of a function',
    path: ['request'],
  })
  .refine((value) => value.invoke === undefined || value.body === undefined, {
    message: 'an invocation has an event, not a body; write event',
    path: ['body'],
  })
  .refine((value) => value.request === undefined || value.event === undefined, {
    message: 'a request has a body, not an event; write body',
    path: ['event'],
  })
  .refine((value) => value.body === undefined || !/^(GET|HEAD) /.test(value.request ?? ''), {
    message: 'a GET or HEAD request has no body',
    path: ['body'],
  });

/** Options that have been checked. */
export interface Checked {
  readonly target: { readonly request?: string; readonly invoke?: string };
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly event: unknown;
  readonly requests: number;
  readonly concurrency: number;
  /** Empty: any below 500. */
  readonly status: readonly number[];
  readonly withinMs: number | undefined;
}

/** @throws FaultlineError USAGE with the key, or FUNCTION_NOT_FOUND */
export function checkOptions(matcher: string, emulator: Emulator, options: unknown): Checked {
  const parsed = schema.safeParse(options ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.');
    const known = Object.keys(schema.shape).join(', ');
    const message =
      issue?.code === 'unrecognized_keys' ? `there is no such option; there are ${known}` : (issue?.message ?? '');
    throw new FaultlineError('USAGE', `${matcher}: ${key === '' ? 'options' : String(key)}: ${message}`, {
      hint: `for example ${matcher}(…, { request: 'POST /orders', body: { sku: 'apple' } })`,
      place: { key: String(key) },
    });
  }
  const { request, invoke, status: allowed, within, requests, ...rest } = parsed.data;
  if (invoke !== undefined) checkFunction(matcher, emulator, invoke);
  return {
    ...rest,
    target: request === undefined ? { invoke: invoke ?? '' } : { request },
    body: rest.body,
    event: rest.event,
    requests,
    concurrency: Math.min(rest.concurrency, requests),
    status: allowed === undefined ? [] : [allowed].flat(),
    withinMs: within === undefined ? undefined : parseDuration(within),
  };
}

function checkFunction(matcher: string, emulator: Emulator, name: string): void {
  const names = emulator.snapshot().functions.map((fn) => fn.name);
  if (names.includes(name)) return;
  throw new FaultlineError('FUNCTION_NOT_FOUND', `${matcher}: invoke: there is no function "${name}"`, {
    hint: `Functions: ${names.join(', ')}.`,
    place: { key: 'invoke' },
  });
}

/** @throws FaultlineError USAGE for anything but a running emulator: most often a promise of one */
export function checkEmulator(matcher: string, received: unknown): Emulator {
  const emulator = received as Partial<Emulator> | null | undefined;
  if (typeof emulator?.faults?.add === 'function' && typeof emulator.fetch === 'function') return emulator as Emulator;
  const isPromise = typeof (received as PromiseLike<unknown> | null | undefined)?.then === 'function';
  throw new FaultlineError(
    'USAGE',
    `${matcher} wants an emulator, and got ${isPromise ? 'a promise' : inWords(received)}`,
    {
      hint: isPromise ? 'write await startEmulator(…)' : 'give what startEmulator() resolves with',
    },
  );
}

function inWords(value: unknown): string {
  return value === null || value === undefined ? String(value) : `a value of type ${typeof value}`;
}

/**
 * The faults as a list. `for` is left to the matcher, which takes them away again: they last as long as the calls do.
 * @throws FaultlineError USAGE when there is none, or when it would break nothing
 */
export function checkFaults(matcher: string, given: unknown): readonly FaultSpec[] {
  const specs = [given].flat() as (FaultSpec | undefined)[];
  const wrong = (message: string, key: string): FaultlineError =>
    new FaultlineError('USAGE', `${matcher}: ${message}`, {
      hint: `for example ${matcher}({ kind: 'network', function: 'stock' }, …)`,
      place: { key },
    });
  if (specs.length === 0) throw wrong('no fault is given', 'kind');
  return specs.map((spec) => {
    if (typeof spec !== 'object' || spec === null) throw wrong('a fault is an object with its kind', 'kind');
    if (spec.dryRun)
      throw wrong('a dry run breaks nothing, so surviving it proves nothing; leave dryRun out', 'dryRun');
    if (spec.enabled === false) throw wrong('a fault that is off breaks nothing; leave enabled out', 'enabled');
    return spec;
  });
}
