import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.js';
import { MAX_PAYLOAD_BYTES, type FunctionConfig } from '../contract/config.js';
import { FaultlineError } from '../contract/errors.js';
import type { Dispatcher, NewId, Outcome } from '../dispatch/types.js';
import { hasBody, readBody, type Body } from '../http-body.js';
import {
  functionNotFound,
  invalidParameter,
  invalidRequestContent,
  requestTooLarge,
  resourceNotFound,
  serviceException,
  tooManyRequests,
} from './lambda-errors.js';
import { LATEST, parseFunctionName, qualifiedArn, type FunctionReference } from './lambda-names.js';
import { configuration } from './lambda-read.js';
import { send, type Reply } from '../http-reply.js';

/** Where the Lambda API begins; a route of the same path is never reached. */
export const LAMBDA_PREFIX = '/2015-03-31/functions';

/** An asynchronous event may be 1 MB [FACTS section 1]. */
const MAX_EVENT_BYTES = 1_048_576;

const TYPES = ['Event', 'DryRun', 'RequestResponse'] as const;
type InvocationType = (typeof TYPES)[number];

export interface LambdaApiOptions {
  readonly clock: Clock;
  readonly dispatcher: Dispatcher;
  readonly newId: NewId;
  readonly log: (message: string) => void;
  /** The last 4 KB of an invocation's log. */
  logTail(requestId: string): Buffer;
  /** For the read side; a function without one is listed by name alone. */
  functions?(name: string): FunctionConfig | undefined;
  closing(): boolean;
}

/** A call, as far as its path and headers tell. */
interface Call {
  readonly reference: FunctionReference;
  readonly type: InvocationType;
  readonly tail: boolean;
  readonly clientContext: string | undefined;
  readonly traceId: string | undefined;
}

/** Invoke, ListFunctions, GetFunction and GetFunctionConfiguration, so that the vendors' SDKs work unmodified. */
export function createLambdaApi(
  options: LambdaApiOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { dispatcher, newId, closing } = options;

  return (request, response) => {
    const requestId = newId();
    const answer = (reply: Reply, close = false): void =>
      send(response, reply, close || closing(), 'x-amzn-RequestId', requestId);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const [name, action, ...more] = pathname.slice(LAMBDA_PREFIX.length).split('/').slice(1);
    const unknown = (): void => answer(resourceNotFound(`No such operation: ${request.method ?? ''} ${pathname}`));
    if (more.length > 0) return unknown();
    if (request.method === 'GET') return answer(read(name ?? '', action) ?? notThere(name ?? ''));
    if (request.method !== 'POST' || action !== 'invocations') return unknown();
    const call = parseCall(request, name ?? '', searchParams.get('Qualifier') ?? undefined);
    if ('status' in call) return answer(call);
    if (!hasBody(request)) return invoke(call, requestId, Buffer.from('{}'), answer);
    readBody(request, MAX_PAYLOAD_BYTES, (body) => invokeWith(call, requestId, body, answer));
  };

  function parseCall(request: IncomingMessage, rawName: string, qualifier: string | undefined): Call | Reply {
    const named = parseFunctionName(decoded(rawName));
    if (!named) return invalidParameter(`"${rawName}" is not a function name, a partial ARN or an ARN`);
    if (named.qualifier !== undefined && qualifier !== undefined && named.qualifier !== qualifier) {
      return invalidParameter('The derived qualifier from the function name does not match the specified qualifier.');
    }
    const reference = { name: named.name, qualifier: named.qualifier ?? qualifier };
    if (!dispatcher.has(reference.name) || (reference.qualifier ?? LATEST) !== LATEST) {
      return functionNotFound(qualifiedArn(reference));
    }
    const type = header(request, 'x-amz-invocation-type') ?? 'RequestResponse';
    if (!isType(type)) return invalidParameter(notAllowed('invocationType', type, TYPES));
    const logType = header(request, 'x-amz-log-type') ?? 'None';
    if (logType !== 'None' && logType !== 'Tail')
      return invalidParameter(notAllowed('logType', logType, ['None', 'Tail']));
    const context = header(request, 'x-amz-client-context');
    const clientContext = context === undefined ? undefined : Buffer.from(context, 'base64').toString();
    if (clientContext !== undefined && !isJson(clientContext)) {
      return invalidRequestContent('Client context must be a valid Base64-encoded JSON object.');
    }
    const traceId = header(request, 'x-amzn-trace-id');
    return { reference, type, tail: logType === 'Tail', clientContext, traceId };
  }

  function invokeWith(
    call: Call,
    requestId: string,
    body: Body,
    answer: (reply: Reply, close?: boolean) => void,
  ): void {
    if (body.state === 'gone') return;
    const limit = call.type === 'Event' ? MAX_EVENT_BYTES : MAX_PAYLOAD_BYTES;
    if (body.state === 'too-large') return answer(requestTooLarge(body.size, call.type, limit), !body.ended);
    const { bytes } = body;
    if (bytes.length > limit) return answer(requestTooLarge(bytes.length, call.type, limit));
    const problem = jsonProblem(bytes);
    if (problem !== undefined)
      return answer(invalidRequestContent(`Could not parse request body into json: ${problem}`));
    invoke(call, requestId, bytes, answer);
  }

  function invoke(call: Call, requestId: string, payload: Buffer, answer: (reply: Reply) => void): void {
    if (call.type === 'DryRun') return answer({ status: 204, headers: [] });
    const outcome = dispatcher.invoke({
      function: call.reference.name,
      payload,
      source: call.type === 'Event' ? 'sdk-async' : 'sdk',
      requestId,
      ...(call.clientContext === undefined ? {} : { clientContext: call.clientContext }),
      ...(call.traceId === undefined ? {} : { traceId: call.traceId }),
    });
    if (call.type === 'Event') {
      outcome.catch((error: unknown) => options.log(`gateway: Event for ${call.reference.name}: ${String(error)}`));
      return answer({ status: 202, headers: [], body: '' });
    }
    outcome.then(
      (ended) => answer(invoked(call, ended)),
      (error: unknown) => answer(failed(call, error)),
    );
  }

  function invoked({ tail }: Call, { requestId, result }: Outcome): Reply {
    if (!result.ok && result.kind === 'throttled') return tooManyRequests;
    const headers = ['content-type', 'application/json', 'X-Amz-Executed-Version', LATEST];
    if (!result.ok) headers.push('X-Amz-Function-Error', 'Unhandled');
    if (tail) headers.push('X-Amz-Log-Result', options.logTail(requestId).toString('base64'));
    return { status: 200, headers, body: result.payload };
  }

  function failed({ reference }: Call, error: unknown): Reply {
    const { code, message } = FaultlineError.from(error);
    if (code === 'FUNCTION_NOT_FOUND') return functionNotFound(qualifiedArn(reference));
    if (code === 'STOPPING') return serviceException(503, 'Service is stopping');
    options.log(`gateway: Invoke of ${reference.name}: ${message}`);
    return serviceException(500, 'Internal Server Error');
  }

  function read(rawName: string, action: string | undefined): Reply | undefined {
    const { functions } = options;
    if (rawName === '')
      return action === undefined ? json({ Functions: dispatcher.names().map(described) }) : undefined;
    const name = parseFunctionName(decoded(rawName))?.name;
    if (name === undefined || !dispatcher.has(name)) return undefined;
    if (action === 'configuration') return json(described(name));
    return action === undefined ? json({ Configuration: described(name), Code: {}, Tags: {} }) : undefined;

    function described(of: string) {
      return configuration(of, functions?.(of));
    }
  }
}

function notThere(rawName: string): Reply {
  const reference = parseFunctionName(decoded(rawName));
  return reference ? functionNotFound(qualifiedArn(reference)) : resourceNotFound(`Function not found: ${rawName}`);
}

function json(value: object): Reply {
  return { status: 200, headers: ['content-type', 'application/json'], body: JSON.stringify(value) };
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isType(text: string): text is InvocationType {
  return (TYPES as readonly string[]).includes(text);
}

function notAllowed(name: string, value: string, allowed: readonly string[]): string {
  return `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(', ')}]`;
}

function isJson(text: string): boolean {
  return jsonProblem(Buffer.from(text)) === undefined;
}

/** What keeps these bytes from being JSON. */
function jsonProblem(bytes: Buffer): string | undefined {
  try {
    JSON.parse(bytes.toString());
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
