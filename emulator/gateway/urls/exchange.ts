import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../clock.js';
import type { FunctionConfig } from '../../contract/config.js';
import { FaultlineError } from '../../contract/errors.js';
import type { Dispatcher, InvocationRequest, NewId } from '../../dispatch/types.js';
import { hasBody, readBody } from '../../http-body.js';
import { send, type Reply } from '../../http-reply.js';
import type { RunResult } from '../../instances/types.js';
import { invocationTrace } from '../../trace-header.js';
import { withAskedFaults, type Asked, type RequestFaultsOf } from '../fault-header.js';
import { httpEvent } from '../http-event.js';
import { httpReply, type Mapped } from '../http-result.js';
import { requestTooLarge } from '../lambda/errors.js';
import { MAX_REQUEST_BYTES, MUST_BE_SMALLER } from '../lambda/invocation.js';
import { requestTrace } from '../request-trace.js';
import { sendSpoilt } from '../spoilt-reply.js';
import { UrlAddresses, type Addressed } from './addresses.js';
import { FUNCTION_URL } from './front.js';
import { UrlStreamSink } from './stream-sink.js';

export interface UrlOptions {
  readonly clock: Clock;
  readonly dispatcher: Dispatcher;
  readonly newId: NewId;
  readonly log: (message: string) => void;
  functions(name: string): FunctionConfig | undefined;
  port(): number;
  closing(): boolean;
  readonly requestFaults?: RequestFaultsOf;
}

const TOO_LARGE = requestTooLarge(MUST_BE_SMALLER).reply;
const UNAVAILABLE: Reply = { status: 503, headers: ['content-type', 'application/json'], body: 'Service Unavailable' };

/** No function has this URL [R]. */
export const NO_SUCH_URL: Reply = {
  status: 403,
  headers: ['content-type', 'application/json', 'x-amzn-ErrorType', 'AccessDeniedException'],
  body: '{"Message":null}',
};

/** Requests to function URLs: payload format 2.0 in both directions, without the 30 s that an HTTP API allows. */
export function createFunctionUrls(
  options: UrlOptions,
): (request: IncomingMessage, response: ServerResponse, addressed: Addressed) => void {
  return (request, response, addressed) => {
    const exchange = new UrlExchange(options, request, response, addressed);
    if (!hasBody(request)) return exchange.invoke(undefined);
    readBody(request, MAX_REQUEST_BYTES, (body) => {
      if (body.state === 'complete') exchange.invoke(body.bytes);
      else if (body.state === 'too-large') exchange.answer(TOO_LARGE, !body.ended);
    });
  };
}

class UrlExchange {
  readonly #options: UrlOptions;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #addressed: Addressed;
  readonly #requestId: string;
  /** X-Amzn-Trace-Id, complete. */
  readonly #trace: string;
  /** As the event has it. */
  readonly #eventTrace: string;

  constructor(options: UrlOptions, request: IncomingMessage, response: ServerResponse, addressed: Addressed) {
    this.#options = options;
    this.#request = request;
    this.#response = response;
    this.#addressed = addressed;
    this.#requestId = options.newId();
    const now = options.clock.now();
    this.#eventTrace = requestTrace(request.rawHeaders, this.#requestId, now);
    const active = options.functions(addressed.function)?.tracing === 'active';
    this.#trace = invocationTrace(this.#eventTrace, this.#requestId, now, active).header;
  }

  invoke(body: Buffer | undefined): void {
    const payload = Buffer.from(this.#event(body));
    // What counts is the event, in which a binary body has grown by a third.
    if (payload.length > MAX_REQUEST_BYTES) return this.answer(TOO_LARGE);
    withAskedFaults(
      this.#options.requestFaults,
      this.#request,
      (asked) => this.#invoke(payload, asked),
      (refusal) => this.answer(refusal),
    );
  }

  #invoke(payload: Buffer, asked: Asked): void {
    const invocation = {
      function: this.#addressed.function,
      payload,
      source: 'url',
      requestId: this.#requestId,
      traceId: this.#trace,
      ...asked,
    } as const;
    if (this.#options.functions(this.#addressed.function)?.url?.mode === 'stream') this.#stream(invocation);
    else this.#buffered(invocation);
  }

  answer(reply: Reply, close = false): void {
    send(this.#response, reply, close || this.#options.closing(), ...this.#headers());
  }

  #buffered(invocation: InvocationRequest): void {
    let mapped: Mapped | undefined;
    const map = (result: RunResult): Mapped => (mapped ??= httpReply(result, FUNCTION_URL));
    this.#options.dispatcher.invoke({ ...invocation, statusOf: (result) => map(result).reply.status }).then(
      ({ result }) => {
        const { reply, defect } = map(result);
        if (defect !== undefined) this.#defect(defect);
        const { clock, closing } = this.#options;
        if (!result.sending) return this.answer(reply);
        sendSpoilt(clock, this.#response, reply, result.sending, closing(), ...this.#headers());
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #stream(invocation: InvocationRequest): void {
    const sink = new UrlStreamSink(this.#response, {
      headers: this.#headers(),
      close: this.#options.closing(),
      defect: (what) => this.#defect(`the handler's response ${what}; ${FUNCTION_URL.refusal}`),
    });
    this.#options.dispatcher.invoke({ ...invocation, stream: sink, statusOf: (result) => sink.statusOf(result) }).then(
      ({ result }) => sink.end(result),
      (error: unknown) => {
        this.#fail(error);
        sink.abort();
      },
    );
  }

  #event(body: Buffer | undefined): string {
    const { method = 'GET', rawHeaders, httpVersion, socket } = this.#request;
    const { clock, port } = this.#options;
    const { function: name, url } = this.#addressed;
    const sourceIp = (socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
    const route = { function: name, routeKey: '$default', pathParameters: undefined };
    return httpEvent({ method, url, rawHeaders, httpVersion, sourceIp, body }, route, {
      requestId: this.#requestId,
      now: clock.now(),
      traceId: this.#eventTrace,
      port: port(),
      functionUrl: { id: name.toLowerCase(), domain: UrlAddresses.domain(name, port()) },
    });
  }

  #headers(): string[] {
    return ['x-amzn-RequestId', this.#requestId, 'X-Amzn-Trace-Id', this.#trace];
  }

  #defect(what: string): void {
    this.#options.log(`function URL of ${this.#addressed.function}: ${what}`);
  }

  #fail(error: unknown): void {
    const { code, message } = FaultlineError.from(error);
    if (code === 'STOPPING') return this.answer(UNAVAILABLE);
    // The config changed between the look and the call.
    if (code === 'FUNCTION_NOT_FOUND') return this.answer(NO_SUCH_URL);
    this.#defect(message);
    this.answer(FUNCTION_URL.failed);
  }
}
