import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../clock.js';
import type { FunctionConfig } from '../../contract/config.js';
import { FaultlineError } from '../../contract/errors.js';
import type { AsyncEvent } from '../../delivery/types.js';
import type { Dispatcher, NewId } from '../../dispatch/types.js';
import { send, type Reply } from '../../http-reply.js';
import { withAskedFaults, type Asked, type RequestFaultsOf } from '../fault-header.js';
import { ServiceError, functionNotFound, serviceException } from './errors.js';
import type { Revisions } from './revisions.js';
import { mustExist, qualifiedArn, reference, type FunctionReference, type Known, type LATEST } from './names.js';

/** What the Lambda API stands on. */
export interface LambdaApi {
  readonly clock: Clock;
  readonly dispatcher: Dispatcher;
  readonly newId: NewId;
  readonly log: (message: string) => void;
  /** Resolves once an asynchronous event is kept. */
  accept(event: AsyncEvent): Promise<void>;
  /** The last 4 KB of an invocation's log. */
  logTail(requestId: string): Buffer;
  functions(name: string): FunctionConfig | undefined;
  /** `nodejs22.x`, where the true version is known. */
  runtimeName?(functionName: string): string | undefined;
  /** The account's concurrency. */
  concurrency(): number;
  functionUrl(name: string): string | undefined;
  readonly revisions: Revisions;
  /** True while the gateway closes: connections are not kept. */
  closing(): boolean;
  readonly requestFaults?: RequestFaultsOf;
}

/** A call of the API, on its way to an answer. */
export class Call {
  constructor(
    readonly api: LambdaApi,
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly requestId: string,
    /** Of the path, decoded. */
    readonly params: Readonly<Record<string, string>>,
    readonly query: URLSearchParams,
  ) {}

  /** undefined when the header is absent or empty. @param lower its name in lower case */
  header(lower: string): string | undefined {
    const value = this.request.headers[lower];
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  param(name: string): string {
    return this.params[name] ?? '';
  }

  /**
   * The function that the call is about.
   * @param action as IAM calls it
   * @param unqualified appended to a name without a qualifier when there is no such function
   * @throws ServiceError
   */
  function(action: string, unqualified?: typeof LATEST): FunctionReference {
    const found = reference(this.param('FunctionName'), this.query.get('Qualifier') ?? undefined, action);
    mustExist(this.known, found, unqualified);
    return found;
  }

  /** Its config. @throws ServiceError */
  config(name: string): FunctionConfig {
    const config = this.api.functions(name);
    if (!config) throw functionNotFound(qualifiedArn({ name, qualifier: undefined }));
    return config;
  }

  /** Goes on with the faults that the request asks for itself. */
  withFaults(go: (asked: Asked) => void): void {
    withAskedFaults(this.api.requestFaults, this.request, go, (refusal) => this.answer(refusal));
  }

  get known(): Known {
    const { dispatcher, functions } = this.api;
    return { has: (name) => dispatcher.has(name), aliases: (name) => functions(name)?.aliases ?? [] };
  }

  answer(reply: Reply, close = false): void {
    send(this.response, reply, close || this.api.closing(), 'x-amzn-RequestId', this.requestId);
  }

  json(value: object): void {
    this.answer({ status: 200, headers: ['content-type', 'application/json'], body: JSON.stringify(value) });
  }

  /** Anything thrown, as the service error that it is. */
  fail(error: unknown, about?: FunctionReference): void {
    this.answer(this.#asServiceError(error, about).reply);
  }

  #asServiceError(error: unknown, about: FunctionReference | undefined): ServiceError {
    if (error instanceof ServiceError) return error;
    const { code, message } = FaultlineError.from(error);
    // The config changed between the look and the call.
    if (code === 'FUNCTION_NOT_FOUND' && about) return functionNotFound(qualifiedArn(about));
    // 503 is what SDKs try again.
    if (code === 'STOPPING') return serviceException(503, 'Service is stopping');
    const what = `gateway: ${this.request.method ?? ''} ${this.request.url ?? ''}: ${message}`;
    this.api.log(what);
    if (code === 'STORE_UNAVAILABLE') return serviceException(503, `The event could not be kept: ${message}`);
    return serviceException(500, 'Internal Server Error');
  }
}

/** An operation of the API. */
export interface Operation {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As in the service's model: `/2015-03-31/functions/{FunctionName}`. */
  readonly path: string;
  /** Answers the call, now or later. @throws ServiceError */
  run(call: Call): void;
}

/** An operation that is answered at once with JSON. */
export function read(name: string, path: string, answer: (call: Call) => object): Operation {
  return { name, method: 'GET', path, run: (call) => call.json(answer(call)) };
}
