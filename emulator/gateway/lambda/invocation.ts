import type { RunResult } from '../../instances/types.js';
import { hasBody, readBody } from '../../http-body.js';
import { invocationTrace, traceOfRequest, type InvocationTrace } from '../../trace-header.js';
import type { Call } from './call.js';
import { invalidRequestContent, notInEnum, requestTooLarge } from './errors.js';
import { LATEST, type FunctionReference } from './names.js';
import { jsonProblem, NO_PAYLOAD, payloadError } from './payload.js';

/** Invoke, in its three forms: what they have in common. */

/** A request may have 6 MB [R]; a response may have 100 bytes more (MAX_PAYLOAD_BYTES). */
export const MAX_REQUEST_BYTES = 6_291_456;
/** As callers see it [R]. */
export const MUST_BE_SMALLER = `Request must be smaller than ${String(MAX_REQUEST_BYTES)} bytes for the InvokeFunction operation`;
/** An asynchronous event may have 1 MB [FACTS section 1]. */
const MAX_EVENT_BYTES = 1_048_576;
/** Of the client context, in Base64 [D]. */
const MAX_CLIENT_CONTEXT = 3_583;

export type InvocationType = 'Event' | 'RequestResponse' | 'DryRun';

/** What path and headers say of an invocation. */
export interface Invocation {
  readonly reference: FunctionReference;
  readonly type: InvocationType;
  /** The end of the log is asked for. */
  readonly tail: boolean;
  /** JSON text. */
  readonly clientContext: string | undefined;
  readonly trace: InvocationTrace;
}

/** @param types those that the operation takes @throws ServiceError */
export function parseInvocation(call: Call, types: readonly InvocationType[]): Invocation {
  const { api, request, requestId } = call;
  const type = call.header('x-amz-invocation-type') ?? 'RequestResponse';
  if (!isOne(type, types)) throw notInEnum('invocationType', type, types);
  const logType = call.header('x-amz-log-type') ?? 'None';
  if (logType !== 'None' && logType !== 'Tail') throw notInEnum('logType', logType, ['None', 'Tail']);
  const reference = call.function('InvokeFunction', LATEST);
  const active = api.functions(reference.name)?.tracing === 'active';
  const given = traceOfRequest(request.rawHeaders);
  return {
    reference,
    type,
    tail: logType === 'Tail',
    clientContext: clientContext(call),
    trace: invocationTrace(given, requestId, api.clock.now(), active),
  };
}

function isOne(text: string, types: readonly InvocationType[]): text is InvocationType {
  return (types as readonly string[]).includes(text);
}

function clientContext(call: Call): string | undefined {
  const base64 = call.header('x-amz-client-context');
  if (base64 === undefined) return undefined;
  if (base64.length > MAX_CLIENT_CONTEXT) {
    throw invalidRequestContent(`Client context must be at most ${String(MAX_CLIENT_CONTEXT)} bytes of Base64.`, null);
  }
  const text = Buffer.from(base64, 'base64').toString();
  if (!text.trimStart().startsWith('{') || jsonProblem(text) !== undefined) {
    throw invalidRequestContent('Client context must be a valid Base64-encoded JSON object.', null);
  }
  return text;
}

/** Reads the payload and hands it on; what is wrong with it is answered here. */
export function withPayload(call: Call, type: InvocationType, invoke: (payload: Buffer) => void): void {
  // Called back by a socket, where nobody catches.
  const use = (payload: Buffer): void => {
    try {
      invoke(payload);
    } catch (error) {
      call.fail(error);
    }
  };
  if (!hasBody(call.request)) return use(NO_PAYLOAD);
  const limit = type === 'Event' ? MAX_EVENT_BYTES : MAX_REQUEST_BYTES;
  readBody(call.request, limit, (body) => {
    if (body.state === 'gone') return;
    if (body.state === 'too-large') return call.answer(tooLarge(body.size, type).reply, !body.ended);
    const { bytes } = body;
    if (bytes.length === 0) return use(NO_PAYLOAD);
    const problem = payloadError(bytes);
    if (problem) call.fail(problem);
    else use(bytes);
  });
}

/** Words and numbers as callers see them [R]. */
function tooLarge(size: number, type: InvocationType) {
  return requestTooLarge(
    type === 'Event'
      ? `${String(size)} byte payload is too large for the Event invocation type (limit ${String(MAX_EVENT_BYTES)} bytes)`
      : MUST_BE_SMALLER,
  );
}

/** The headers that an answer to every form has [R]. */
export function commonHeaders({ trace }: Invocation): string[] {
  // A sampled one names its parent too [R].
  const out = trace.sampled ? trace.header.toLowerCase() : `root=${trace.root};sampled=0`;
  return ['x-amzn-Remapped-Content-Length', '0', 'X-Amzn-Trace-Id', out];
}

export function isThrottled(result: RunResult): boolean {
  return !result.ok && result.kind === 'throttled';
}
