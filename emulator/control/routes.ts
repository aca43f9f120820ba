import { z } from 'zod';
import type { ControlCall, ControlCalls } from '../contract/control.js';
import { FaultlineError } from '../contract/errors.js';
import type { ErrorCode } from '../contract/errors.js';
import type { FaultSpec } from '../contract/faults.js';
import { PROOF_OUTCOMES, type ProofRequest } from '../contract/proof.js';
import type { Holds } from './holds.js';
import type { ControlBackend } from './types.js';

/** What a call was given: path parameters, query, parsed body. */
export interface CallInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** Aborted when the caller hangs up. */
  readonly gone: AbortSignal;
}

type Handlers = {
  readonly [C in ControlCall]: (input: CallInput) => ControlCalls[C]['reply'] | Promise<ControlCalls[C]['reply']>;
};

const DEFAULT_SERIES_SECONDS = 300;
const MAX_SERIES_SECONDS = 900;
const DEFAULT_INVOCATIONS = 50;
const MAX_INVOCATIONS = 500;

const invokeSchema = z.strictObject({
  function: z.string().min(1),
  // Absent is an event too: what JSON cannot say is `null` for the handler.
  event: z.unknown(),
  async: z.boolean().optional(),
  debug: z.boolean().optional(),
  source: z.enum(['editor', 'library', 'experiment']).optional(),
});
const objectSchema = z.record(z.string(), z.unknown());
const proofSchema = z.strictObject({
  attempts: z
    .array(
      z.strictObject({
        function: z.string().min(1),
        // Whoever runs it checks it, as it does files.
        experiment: objectSchema,
        breaks: z.string(),
        needsHit: z.boolean(),
        onlyConfirms: z.string().optional(),
        confirmedBy: z.array(z.enum(PROOF_OUTCOMES)).min(1),
        caller: z.enum(['http', 'event']),
        limitMs: z.number().optional(),
      }),
    )
    .min(1),
});
const enabledSchema = z.strictObject({ enabled: z.boolean() });

/** Every call of the control API; the type makes sure that none is missing and that each replies as it says. */
export function createHandlers(backend: ControlBackend, holds: Pick<Holds, 'check' | 'add'>): Handlers {
  return {
    'GET /api/catalog': () => backend.catalog(),
    'GET /api/snapshot': () => backend.snapshot(),
    'GET /api/series': ({ query }) =>
      backend.series(wholeNumber(query, 'seconds', DEFAULT_SERIES_SECONDS, MAX_SERIES_SECONDS)),
    'GET /api/faults': () => backend.faults.list(),
    'POST /api/faults': async ({ body, query }) => {
      const hold = text(query, 'hold');
      if (hold !== undefined) holds.check(hold);
      // The fault engine checks the rest, and knows what was probably meant.
      const spec = check(objectSchema, body, 'FAULT_INVALID') as unknown as FaultSpec;
      const fault = await backend.faults.addPrepared(spec);
      if (hold !== undefined) holds.add(hold, fault.id);
      return fault;
    },
    'GET /api/faults/decisions': ({ query }) => backend.faults.decisions(text(query, 'fault')),
    'PATCH /api/faults/:id': ({ params, body }) =>
      backend.faults.setEnabled(params['id'] ?? '', check(enabledSchema, body, 'USAGE').enabled),
    'DELETE /api/faults/:id': ({ params }) => backend.faults.remove(params['id'] ?? ''),
    'DELETE /api/faults': () => ({ cleared: backend.faults.clear() }),
    'POST /api/invoke': ({ body }) => {
      const { function: name, event = null, async, debug, source } = check(invokeSchema, body, 'EVENT_INVALID');
      return backend.invoke({
        function: name,
        event,
        ...(async === undefined ? {} : { async }),
        ...(debug === undefined ? {} : { debug }),
        ...(source === undefined ? {} : { source }),
      });
    },
    'POST /api/proofs': ({ body, gone }) =>
      backend.prove(check(proofSchema, body, 'EXPERIMENT_INVALID') as unknown as ProofRequest, gone),
    'GET /api/invocations': ({ query }) =>
      backend.invocations(text(query, 'function'), wholeNumber(query, 'limit', DEFAULT_INVOCATIONS, MAX_INVOCATIONS)),
    'GET /api/invocations/:id': ({ params }) => {
      const found = backend.invocation(params['id'] ?? '');
      if (found) return found;
      throw new FaultlineError('INVOCATION_NOT_FOUND', `no invocation ${params['id'] ?? ''} is remembered`, {
        hint: 'the last 500 of each function are',
      });
    },
    'POST /api/functions/:name/restart': ({ params }) => backend.restart(params['name'] ?? ''),
    'POST /api/shutdown': () => ({ stopping: true }),
  };
}

function check<T>(schema: z.ZodType<T>, body: unknown, code: ErrorCode): T {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  const all = result.error.issues.map((issue) => {
    const key = issue.path.join('.');
    return { message: key === '' ? issue.message : `${key}: ${issue.message}`, place: { key } };
  });
  const [first] = all;
  throw new FaultlineError(code, first?.message ?? 'the body is not what this call takes', {
    ...(first && first.place.key !== '' ? { place: first.place } : {}),
    ...(all.length > 1 ? { all } : {}),
  });
}

function text(query: CallInput['query'], key: string): string | undefined {
  const value = query[key];
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new FaultlineError('USAGE', `${key} is given twice`, { place: { key } });
}

function wholeNumber(query: CallInput['query'], key: string, otherwise: number, max: number): number {
  const value = text(query, key);
  if (value === undefined) return otherwise;
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1) return Math.min(number, max);
  throw new FaultlineError('USAGE', `${key} is ${value}; give a whole number from 1 to ${String(max)}`, {
    place: { key },
  });
}
