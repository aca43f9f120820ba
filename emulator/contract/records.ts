import type { FaultHit } from './faults.js';

/** Where an invocation came from; all take the same way through dispatch. */
export type InvocationSource =
  | 'http'
  /** A function URL. */
  | 'url'
  | 'sdk'
  | 'sdk-stream'
  | 'sdk-async'
  | 'schedule'
  | 'queue'
  /** The record of another function's asynchronous invocation. */
  | 'destination'
  | 'editor'
  | 'experiment'
  | 'library';

/**
 * How an invocation ended.
 * - `function`: the handler threw, rejected or called back with an error
 * - `timeout`: the function's timeout passed
 * - `exit`: the instance's process ended: exit, crash, kill, out of memory
 * - `init`: the handler's module did not load
 * - `response`: the result could not be serialised or was too large
 * - `throttled`: no instance became free in time, or the queue was full
 */
export type ErrorKind = 'function' | 'timeout' | 'exit' | 'init' | 'response' | 'throttled';
export const ERROR_KINDS = [
  'function',
  'timeout',
  'exit',
  'init',
  'response',
  'throttled',
] as const satisfies readonly ErrorKind[];

/** The platform knows the types of runtimes and functions; a handler's own are unknown to it [S]. */
export function platformType(errorType: string): string {
  if (/(Runtime|Function)\.[A-Z][a-zA-Z]+/.test(errorType)) return errorType;
  return errorType.startsWith('Function.') ? 'Function.Unknown' : 'Runtime.Unknown';
}

/** One outbound operation that a runtime hook saw; every one is reported, hit by a fault or not. */
export interface Operation {
  /**
   * - `connect`: a connection was made, or tried
   * - `lookup`: a name was looked up; told when a fault hit it
   * - `http`: a request was sent; told when a fault looked at requests
   * - `write`, `open`: of files; told when a fault hit them
   */
  readonly kind: 'connect' | 'lookup' | 'http' | 'write' | 'open';
  /** `host:port`, `GET https://host/path`, or the file. */
  readonly target: string;
  /** ms after the handler was called. */
  readonly at: number;
  /** The fault that hit it. */
  readonly fault?: string;
  /** What the code saw because of the fault: `ECONNREFUSED`, `503`, `ENOSPC`. */
  readonly saw?: string;
  /** Of a request of an AWS SDK: `dynamodb`, `GetItem`. */
  readonly service?: string;
  readonly operation?: string;
}

export interface InvocationRecord {
  readonly requestId: string;
  readonly function: string;
  readonly source: InvocationSource;
  /**
   * What keyed draws are drawn by: nth invocation of this function in this run, from 1, among those that a caller waits for.
   * Of what comes from a queue, its number in that queue; of a batch, that of its first message.
   */
  readonly number: number;
  /** From 1; more when an asynchronous invocation is retried, under the same request id. */
  readonly attempt: number;
  /** `i3`, or absent when no instance was reached. */
  readonly instance?: string;
  /** Version of the code that ran, from 1. */
  readonly version?: number;
  /** Epoch ms when it was admitted. */
  readonly at: number;
  /** ms it waited for an instance. */
  readonly queueMs: number;
  /** ms that the instance's start took, when this invocation was its first (a cold start). */
  readonly initMs?: number;
  /** ms from the instance to the result, faults included. */
  readonly durationMs: number;
  readonly memoryMb: number;
  readonly maxMemoryMb?: number;
  readonly error?: {
    readonly kind: ErrorKind;
    readonly type: string;
    readonly message: string;
  };
  /** HTTP status that the caller saw, for http and url invocations. */
  readonly status?: number;
  /** Bytes of a streamed response. */
  readonly streamed?: number;
  /** The trace that it belongs to: `1-5e1b4151-…`, X-Ray's form. */
  readonly traceId?: string;
  /** True when that trace is sampled: SDKs send segments, and REPORT tells it. */
  readonly sampled?: boolean;
  readonly faults: readonly FaultHit[];
  readonly operations: readonly Operation[];
}

/** A segment or subsegment that the handler sent to the X-Ray daemon's address, flattened. */
export interface TraceSegment {
  readonly id: string;
  readonly parent?: string;
  readonly name: string;
  /** Epoch ms. */
  readonly at: number;
  /** Absent while it is in progress. */
  readonly durationMs?: number;
  /** `aws`, `remote` …, as the SDK tells it. */
  readonly namespace?: string;
  readonly error?: 'error' | 'fault' | 'throttle';
  readonly http?: { readonly method?: string; readonly url?: string; readonly status?: number };
  readonly annotations?: Readonly<Record<string, string | number | boolean>>;
}

/** A value of a metric that a handler has sent: in its log (EMF) or by PutMetricData. */
export interface CustomMetric {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Empty when `statistics` stand for them. */
  readonly values: readonly number[];
  /** How often each of them occurred; once when absent. */
  readonly counts?: readonly number[];
  readonly statistics?: { readonly count: number; readonly sum: number; readonly min: number; readonly max: number };
  /** Epoch ms that it is of, as the handler tells it; when it came, when absent. */
  readonly at?: number;
}

/** A record with what is only read one at a time. */
export interface InvocationDetail extends InvocationRecord {
  /** Parents before their children. */
  readonly segments?: readonly TraceSegment[];
  /** Those of its log. */
  readonly metrics?: readonly CustomMetric[];
  /** START, the handler's lines, END and REPORT, as Lambda writes them. */
  readonly log: readonly string[];
  /** The event, cut at 64 KB. */
  readonly event: string;
  /** The answer or the error payload, cut at 64 KB. */
  readonly payload: string;
}
