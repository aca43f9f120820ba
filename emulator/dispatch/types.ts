import type { FaultHit } from '../contract/faults.js';
import type { InvocationRecord, InvocationSource } from '../contract/records.js';
import type { RequestFaults } from '../faults/types.js';
import type { ResponseSink, RunResult } from '../instances/types.js';

/** Where functions live, as their ARNs, events and the Lambda API tell it; nothing here reaches a real account. */
export const REGION = 'us-east-1';
export const ACCOUNT_ID = '000000000000';

/** The ARN of a function, without a qualifier. */
export function functionArn(name: string): string {
  return `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${name}`;
}

/** One event for one function, whichever way it came. */
export interface InvocationRequest {
  readonly function: string;
  /** JSON text of the event. */
  readonly payload: Buffer;
  readonly source: InvocationSource;
  /** Given by the gateway where its own event already names it; made here otherwise. */
  readonly requestId?: string;
  readonly clientContext?: string;
  readonly traceId?: string;
  /** An alias; absent for $LATEST. */
  readonly qualifier?: string;
  /** From 1, which it is when absent; a retry has the request id of its first attempt. */
  readonly attempt?: number;
  /** Takes a streamed response as it is written. */
  readonly stream?: ResponseSink;
  /** Which one of its queue, for what comes from one: faults draw by it. */
  readonly origin?: Origin;
  /** What faults did to it on its way from a queue. */
  readonly suffered?: readonly FaultHit[];
  /** On an instance of its own with a debugger's port open. */
  readonly debug?: boolean;
  /** `POST /orders`, of one that came by a route. */
  readonly route?: string;
  /** Faults that the request asks for itself. */
  readonly faults?: RequestFaults;
  /** The HTTP status that the caller will see, so that the record has it; called once, before recording. */
  statusOf?(result: RunResult): number;
}

/** Where something that was kept in a queue comes from. */
export interface Origin {
  /** `async/FUNCTION` or `sqs/QUEUE`. */
  readonly queue: string;
  /** Nth of that queue that this function got, from 1; the same whenever it is delivered again. */
  readonly number: number;
  /** Its nth delivery, from 1, throttled ones counted. */
  readonly attempt: number;
}

export interface Outcome {
  readonly requestId: string;
  readonly result: RunResult;
  readonly record: InvocationRecord;
}

export interface Dispatcher {
  has(functionName: string): boolean;
  names(): readonly string[];
  /**
   * admission → faults → balance → instance → record. Never rejects for what a handler does.
   * @throws FaultlineError FUNCTION_NOT_FOUND, or STOPPING once draining has begun
   */
  invoke(request: InvocationRequest): Promise<Outcome>;
  /** Resolves when nothing is in flight; nothing new is admitted. */
  drain(): Promise<void>;
}

/** A UUID for an invocation; injected because randomUUID is a cost on the hot path that a test wants fixed. */
export type NewId = () => string;
