import { isUtf8 } from 'node:buffer';
import type { RunResult } from '../instances/types.js';
import type { Message, Meta, NewMessage } from './store.js';
import type { AsyncEvent } from './types.js';

/** An event as the message store keeps it. */

/** Longer than anybody waits; an event is dropped by its age, with a record, never by the store. */
const KEPT_MS = 3_650 * 86_400_000;

/** Responses up to this size are kept while an event waits for its next attempt, in bytes. */
const MAX_KEPT_RESPONSE = 16_384;

const PREFIX = 'async/';

/** What a function's events are called in the message store. */
export const queueOf = (functionName: string): string => `${PREFIX}${functionName}`;

/** @returns undefined when the queue is not one of events */
export const functionOf = (queue: string): string | undefined =>
  queue.startsWith(PREFIX) ? queue.slice(PREFIX.length) : undefined;

/** What the handler answered, or the error. */
export interface Response {
  readonly ok: boolean;
  /** JSON text, unless a `provided` runtime answers otherwise. */
  readonly payload: string;
}

/** How far an event has come. */
export interface Progress {
  /** Attempts that the handler had. */
  readonly attempts: number;
  /** Throttles in a row, and failures of the emulator. */
  readonly throttles: number;
  /** Of the last attempt. */
  readonly response?: Response;
  /** It has ended for good; only the news of it are still to be handed over. */
  readonly ended?: Ended;
}

/** How an event ended for good, in the words of its record [R]. */
export type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';

/** Which setting of the function has something sent. */
export type Role = 'deadLetter' | 'onFailure' | 'onSuccess';

export interface Ended {
  readonly condition: Condition;
  /** Epoch ms of the clock. */
  readonly at: number;
  /** What has been sent already. */
  readonly sent: readonly Role[];
  /** How often the rest could not be sent. */
  readonly tries: number;
}

export interface QueuedEvent extends AsyncEvent, Progress {
  /** Epoch ms of the clock. */
  readonly acceptedAt: number;
  /** Nth event of the function that was received, from 1, whenever it comes again; absent before. */
  readonly number?: number;
  /** Times that it was delivered so far, throttled or not; absent for none. */
  readonly deliveries?: number;
}

export const NO_PROGRESS: Progress = { attempts: 0, throttles: 0 };

export const responseOf = (result: RunResult): Response => ({ ok: result.ok, payload: result.payload.toString() });

/** @param now epoch ms of the clock */
export function toMessage(event: AsyncEvent, now: number): NewMessage {
  return {
    id: event.requestId,
    ...body(event.payload),
    delayMs: 0,
    retentionMs: KEPT_MS,
    meta: toMeta({ ...event, ...NO_PROGRESS, acceptedAt: now }),
  };
}

/** Text as it is; what is no UTF-8 as base64, told from JSON by a mark that JSON does not begin with. */
function body(payload: Buffer): { body: string } {
  return { body: isUtf8(payload) ? payload.toString() : `${BASE64}${payload.toString('base64')}` };
}
const BASE64 = 'base64:';

export function toMeta(event: QueuedEvent): Meta {
  const { requestId, source, clientContext, traceId, qualifier, acceptedAt, attempts, throttles, response, ended } =
    event;
  const { number, deliveries } = event;
  const small = response !== undefined && Buffer.byteLength(response.payload) <= MAX_KEPT_RESPONSE;
  return {
    requestId,
    source,
    acceptedAt,
    attempts,
    throttles,
    ...(number === undefined ? {} : { number }),
    ...(deliveries === undefined ? {} : { deliveries }),
    ...(clientContext === undefined ? {} : { clientContext }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(qualifier === undefined ? {} : { qualifier }),
    ...(response && (small || ended) ? { response } : {}),
    ...(ended ? { ended } : {}),
  };
}

export function fromMessage(functionName: string, message: Message): QueuedEvent {
  const meta = message.meta as Partial<ReturnType<typeof toMeta>> & Partial<QueuedEvent>;
  return {
    requestId: meta.requestId ?? message.id,
    function: functionName,
    payload: message.body.startsWith(BASE64)
      ? Buffer.from(message.body.slice(BASE64.length), 'base64')
      : Buffer.from(message.body),
    source: meta.source ?? 'sdk-async',
    acceptedAt: meta.acceptedAt ?? message.sentAt,
    attempts: meta.attempts ?? 0,
    throttles: meta.throttles ?? 0,
    ...(meta.deliveries === undefined ? {} : { deliveries: meta.deliveries }),
    ...(meta.number === undefined ? {} : { number: meta.number }),
    ...(meta.clientContext === undefined ? {} : { clientContext: meta.clientContext }),
    ...(meta.traceId === undefined ? {} : { traceId: meta.traceId }),
    ...(meta.qualifier === undefined ? {} : { qualifier: meta.qualifier }),
    ...(meta.response === undefined ? {} : { response: meta.response }),
    ...(meta.ended === undefined ? {} : { ended: meta.ended }),
  };
}
