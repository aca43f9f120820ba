import type { Catalog } from './catalog.js';
import type { FaultlineError } from './errors.js';
import type { Fault, FaultDecision, FaultSpec } from './faults.js';
import type { ProofRequest, ProofResult } from './proof.js';
import type { InvocationDetail, InvocationRecord, InvocationSource } from './records.js';
import type { SeriesReply, Snapshot } from './snapshot.js';

/**
 * The control API: what a client sends and gets, one line a call. The server and the typed client are both checked
 * against it. Every call but the dashboard's own files needs `Authorization: Bearer <token>`. Errors are an `ErrorBody`
 * under the key `error`, with the status of the error table.
 */
export interface ControlCalls {
  'GET /api/catalog': { body: never; reply: Catalog };
  'GET /api/snapshot': { body: never; reply: Snapshot };
  /** `?seconds=300`, 900 at most. */
  'GET /api/series': { body: never; reply: SeriesReply };
  'GET /api/faults': { body: never; reply: readonly Fault[] };
  /** `?hold=ID` of an open `GET /api/hold`: the fault ends with that connection. */
  'POST /api/faults': { body: FaultSpec; reply: Fault };
  /** `?fault=ID`; oldest first. */
  'GET /api/faults/decisions': { body: never; reply: readonly FaultDecision[] };
  /** Switching on starts the lease again. */
  'PATCH /api/faults/:id': { body: { enabled: boolean }; reply: Fault };
  'DELETE /api/faults/:id': { body: never; reply: Fault };
  /** Clears all. */
  'DELETE /api/faults': { body: never; reply: { cleared: number } };
  'POST /api/invoke': { body: InvokeBody; reply: InvokeReply };
  /** Runs the experiments of a finding, one after the other, until one confirms it; ends when the caller hangs up. */
  'POST /api/proofs': { body: ProofRequest; reply: ProofResult };
  /** `?function=NAME&limit=50`; newest first. */
  'GET /api/invocations': { body: never; reply: readonly InvocationRecord[] };
  'GET /api/invocations/:id': { body: never; reply: InvocationDetail };
  /** Replaces every instance of the function, without dropping a request. */
  'POST /api/functions/:name/restart': { body: never; reply: { version: number } };
  /** Drains and ends the emulator; the reply comes first. */
  'POST /api/shutdown': { body: never; reply: { stopping: true } };
}
export type ControlCall = keyof ControlCalls;

export interface InvokeBody {
  readonly function: string;
  /** Any JSON value. */
  readonly event: unknown;
  /** Event invocation: the reply comes once it is accepted. */
  readonly async?: boolean;
  /** An instance of its own with a debugger's port open; the snapshot tells which. */
  readonly debug?: boolean;
  readonly source?: Extract<InvocationSource, 'editor' | 'library' | 'experiment'>;
}

export interface InvokeReply {
  readonly requestId: string;
  /** False when the invocation ended in a function error. */
  readonly ok: boolean;
  /** The handler's result or the error payload; undefined for an asynchronous invocation. */
  readonly payload?: unknown;
  readonly record?: InvocationDetail;
}

/**
 * Server-sent events of `GET /api/events`: `event: snapshot` with a Snapshot, at most 4 a second and only when something
 * changed, and `event: log` with a LogEvent for every line that a handler prints.
 */
export interface StreamEvents {
  snapshot: Snapshot;
  log: LogEvent;
}
export const SNAPSHOT_INTERVAL_MS = 250;

export interface LogEvent {
  readonly function: string;
  readonly instance: string;
  readonly requestId?: string;
  readonly at: number;
  readonly text: string;
}

/** Server-sent events of `GET /api/hold`: one, which tells the id of the hold that lasts as long as the connection. */
export interface HoldEvents {
  hold: { readonly hold: string };
}

/** Who follows the event stream. */
export interface EventHandlers {
  onSnapshot?(snapshot: Snapshot): void;
  onLog?(event: LogEvent): void;
  /** Once, when the stream has ended: with the reason unless it was asked to end. Reconnecting is the caller's decision. */
  onClose?(error?: FaultlineError): void;
  /** Ends the stream; `events` then resolves. */
  readonly signal?: AbortSignal;
}

/** `.faultline/emulator.json`, mode 0600: how a running emulator is found. */
export interface StateFile {
  readonly version: 1;
  readonly pid: number;
  readonly gateway: string;
  readonly control: string;
  readonly token: string;
  readonly startedAt: number;
}
export const STATE_FILE = '.faultline/emulator.json';

/** First line of `faultline start --json`. */
export interface ReadyLine {
  readonly gateway: string;
  readonly control: string;
  readonly token: string;
  readonly pid: number;
}
