import type { Catalog } from './contract/catalog.js';
import type {
  ControlCall,
  ControlCalls,
  EventHandlers,
  HoldEvents,
  InvokeBody,
  InvokeReply,
  LogEvent,
  StreamEvents,
} from './contract/control.js';
import { FaultlineError } from './contract/errors.js';
import type { ErrorBody } from './contract/errors.js';
import type { Fault, FaultDecision, FaultSpec } from './contract/faults.js';
import type { ProofRequest, ProofResult } from './contract/proof.js';
import type { InvocationDetail, InvocationRecord } from './contract/records.js';
import type { SeriesReply, Snapshot } from './contract/snapshot.js';

/** The typed client of the control API: the extension, the command line and tests use this one. */

export interface ClientOptions {
  /** Base URL of the control API, `http://127.0.0.1:3001`. */
  readonly url: string;
  readonly token: string;
  readonly fetch?: typeof globalThis.fetch;
}

type ParameterNames<Path extends string> = Path extends `${string}/:${infer Name}/${infer Rest}`
  ? Name | ParameterNames<`/${Rest}`>
  : Path extends `${string}/:${infer Name}`
    ? Name
    : never;
type Parameters<C extends ControlCall> = [ParameterNames<C>] extends [never]
  ? { readonly params?: undefined }
  : { readonly params: Readonly<Record<ParameterNames<C>, string>> };
type Body<C extends ControlCall> = [ControlCalls[C]['body']] extends [never]
  ? { readonly body?: undefined }
  : { readonly body: ControlCalls[C]['body'] };
/** What a call needs: its path parameters, its body, its query. */
export type CallOptions<C extends ControlCall> = Parameters<C> &
  Body<C> & { readonly query?: Readonly<Record<string, string | number | undefined>>; readonly signal?: AbortSignal };
type CallArguments<C extends ControlCall> =
  object extends CallOptions<C> ? [options?: CallOptions<C>] : [options: CallOptions<C>];

/** Every method rejects with a FaultlineError: the emulator's own, or NOT_RUNNING when nothing answers. */
export interface ControlClient {
  readonly url: string;
  call<C extends ControlCall>(call: C, ...options: CallArguments<C>): Promise<ControlCalls[C]['reply']>;
  catalog(): Promise<Catalog>;
  snapshot(): Promise<Snapshot>;
  /** @param seconds 900 at most */
  series(seconds?: number): Promise<SeriesReply>;
  readonly faults: {
    /** @param hold id of a hold: the fault ends with it */
    add(spec: FaultSpec, hold?: string): Promise<Fault>;
    list(): Promise<readonly Fault[]>;
    /** Oldest first. */
    decisions(fault?: string): Promise<readonly FaultDecision[]>;
    setEnabled(id: string, enabled: boolean): Promise<Fault>;
    remove(id: string): Promise<Fault>;
    /** @returns how many were cleared */
    clear(): Promise<number>;
  };
  invoke(body: InvokeBody, signal?: AbortSignal): Promise<InvokeReply>;
  /** Runs the experiments of a finding. @param signal ends it early */
  prove(request: ProofRequest, signal?: AbortSignal): Promise<ProofResult>;
  /** Newest first. */
  invocations(filter?: { function?: string; limit?: number }): Promise<readonly InvocationRecord[]>;
  invocation(requestId: string): Promise<InvocationDetail>;
  /** Replaces every instance of the function without dropping a request. */
  restart(functionName: string): Promise<{ version: number }>;
  shutdown(): Promise<void>;
  /** Prometheus text exposition. */
  metrics(): Promise<string>;
  /**
   * Follows the event stream; the first snapshot comes at once.
   * @returns when the stream has ended, for whatever reason
   * @throws FaultlineError when it could not be opened
   */
  events(handlers: EventHandlers): Promise<void>;
  /**
   * Faults that are added with the hold's id end when the signal aborts, or this process does.
   * @param begun called with the id
   * @returns when the hold has ended
   * @throws FaultlineError when it could not be opened
   */
  hold(begun: (id: string) => void, signal: AbortSignal): Promise<void>;
}

export function createClient({ url, token, fetch = globalThis.fetch }: ClientOptions): ControlClient {
  const base = url.replace(/\/+$/, '');
  const headers = { authorization: `Bearer ${token}` };

  async function send(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(`${base}${path}`, { ...init, headers: { ...headers, ...init.headers } });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw notRunning(base, error);
    }
    if (!response.ok) throw await errorOf(response, base);
    return response;
  }

  async function call<C extends ControlCall>(
    name: C,
    ...[options]: CallArguments<C>
  ): Promise<ControlCalls[C]['reply']> {
    const { body, query, signal } = (options ?? {}) as { body?: unknown } & Partial<CallOptions<ControlCall>>;
    const [method = 'GET', pattern = '/'] = name.split(' ');
    const response = await send(fillPath(pattern, (options as { params?: Record<string, string> })?.params, query), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      ...(signal ? { signal } : {}),
    });
    const reply = await bodyOf(response, base);
    // An answer that took longer than a minute had to begin before it was known.
    if (isErrorReply(reply)) throw FaultlineError.fromJSON(reply.error);
    return reply as ControlCalls[C]['reply'];
  }

  /** @returns why the stream broke, or undefined when it ended in order */
  async function follow(
    path: string,
    signal: AbortSignal | undefined,
    onEvent: (event: string, data: string) => void,
  ): Promise<unknown> {
    const response = await send(path, signal ? { signal } : {}).catch((error: unknown) => {
      if (!signal?.aborted) throw error;
    });
    return response && readEvents(response, onEvent);
  }

  return {
    url: base,
    call,
    catalog: () => call('GET /api/catalog'),
    snapshot: () => call('GET /api/snapshot'),
    series: (seconds) => call('GET /api/series', { query: { seconds } }),
    faults: {
      add: (spec, hold) => call('POST /api/faults', { body: spec, query: { hold } }),
      decisions: (fault) => call('GET /api/faults/decisions', { query: { fault } }),
      list: () => call('GET /api/faults'),
      setEnabled: (id, enabled) => call('PATCH /api/faults/:id', { params: { id }, body: { enabled } }),
      remove: (id) => call('DELETE /api/faults/:id', { params: { id } }),
      clear: async () => (await call('DELETE /api/faults')).cleared,
    },
    invoke: (body, signal) => call('POST /api/invoke', { body, ...(signal ? { signal } : {}) }),
    prove: (body, signal) => call('POST /api/proofs', { body, ...(signal ? { signal } : {}) }),
    invocations: (filter = {}) => call('GET /api/invocations', { query: filter }),
    invocation: (id) => call('GET /api/invocations/:id', { params: { id } }),
    restart: (name) => call('POST /api/functions/:name/restart', { params: { name } }),
    shutdown: async () => void (await call('POST /api/shutdown')),
    metrics: async () => (await send('/metrics', {})).text(),
    events: async (handlers) => {
      const { signal } = handlers;
      const broken = await follow('/api/events', signal, (event, data) => {
        if (event === ('snapshot' satisfies keyof StreamEvents)) handlers.onSnapshot?.(JSON.parse(data) as Snapshot);
        if (event === ('log' satisfies keyof StreamEvents)) handlers.onLog?.(JSON.parse(data) as LogEvent);
      });
      handlers.onClose?.(signal?.aborted ? undefined : notRunning(base, broken));
    },
    hold: async (begun, signal) => {
      await follow('/api/hold', signal, (event, data) => {
        if (event === ('hold' satisfies keyof HoldEvents)) begun((JSON.parse(data) as HoldEvents['hold']).hold);
      });
    },
  };
}

function fillPath(
  pattern: string,
  params: Readonly<Record<string, string>> | undefined,
  query: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const path = pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params?.[name] ?? ''));
  const given = Object.entries(query).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

function notRunning(base: string, cause: unknown): FaultlineError {
  return new FaultlineError('NOT_RUNNING', `no emulator answers at ${base}`, {
    hint: 'start one with `faultline start`',
    cause,
  });
}

async function bodyOf(response: Response, base: string): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    // The emulator ended in the middle of its answer, or something else has its port now.
    throw notRunning(base, error);
  }
}

function isErrorReply(reply: unknown): reply is { error: ErrorBody } {
  const error = (reply as { error?: { code?: unknown; message?: unknown } } | null | undefined)?.error;
  return typeof error?.code === 'string' && typeof error.message === 'string';
}

async function errorOf(response: Response, base: string): Promise<FaultlineError> {
  const body: unknown = await response.json().catch(() => undefined);
  if (isErrorReply(body)) return FaultlineError.fromJSON(body.error);
  return new FaultlineError(
    'NOT_RUNNING',
    `what answers at ${base} is no Faultline (status ${String(response.status)})`,
  );
}

/** @returns why the stream broke, or undefined when it ended in order; what a handler throws is thrown */
async function readEvents(response: Response, onEvent: (event: string, data: string) => void): Promise<unknown> {
  const parser = new EventStreamParser(onEvent);
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    let chunk: { readonly done: boolean; readonly value?: Uint8Array | undefined } | undefined;
    try {
      chunk = await reader?.read();
    } catch (error) {
      return error;
    }
    if (!chunk || chunk.done) return undefined;
    parser.push(decoder.decode(chunk.value, { stream: true }));
  }
}

/** Server-sent events from text in pieces of any size (WHATWG HTML, section 9.2). */
export class EventStreamParser {
  #rest = '';
  #event = '';
  #data: string[] = [];
  readonly #emit: (event: string, data: string) => void;

  constructor(emit: (event: string, data: string) => void) {
    this.#emit = emit;
  }

  push(text: string): void {
    // A snapshot comes in many pieces: only the new one is searched for line ends.
    const lines = text.split('\n');
    lines[0] = this.#rest + (lines[0] ?? '');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line.endsWith('\r') ? line.slice(0, -1) : line);
  }

  #line(line: string): void {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    // A comment, such as the heartbeat.
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#event = value;
    if (field === 'data') this.#data.push(value);
  }

  #dispatch(): void {
    const [event, data] = [this.#event || 'message', this.#data];
    this.#event = '';
    this.#data = [];
    if (data.length > 0) this.#emit(event, data.join('\n'));
  }
}
