import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.js';
import { FaultlineError } from '../contract/errors.js';
import { MAX_PAYLOAD_BYTES } from '../contract/config.js';
import type { Dispatcher, NewId } from '../dispatch/types.js';
import type { RunResult, Sending } from '../instances/types.js';
import { hasBody, readBody } from '../http-body.js';
import { send, type Reply } from '../http-reply.js';
import { withAskedFaults, type Asked, type RequestFaultsOf } from './fault-header.js';
import { httpEvent } from './http-event.js';
import { httpReply, type Mapped } from './http-result.js';
import { internalError, messageReply, notFound, serviceUnavailable } from './reply.js';
import { originForm } from './request-target.js';
import { requestTrace } from './request-trace.js';
import type { RouteMatch, Routes } from './router.js';
import { sendSpoilt } from './spoilt-reply.js';

/** HTTP API's integration limit: it answers 503 then, and the function goes on [FACTS section 4]. */
export const INTEGRATION_TIMEOUT_MS = 30_000;

export interface HttpApiOptions {
  readonly clock: Clock;
  readonly dispatcher: Dispatcher;
  readonly newId: NewId;
  readonly log: (message: string) => void;
  routes(): Routes;
  port(): number;
  /** True while the gateway closes: connections are not kept. */
  closing(): boolean;
  readonly requestFaults?: RequestFaultsOf;
}

/** Requests for a function behind a route. */
export function createHttpApi(options: HttpApiOptions): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const url = originForm(request.url ?? '/');
    const mark = url.indexOf('?');
    const route = options.routes().find(request.method ?? 'GET', mark < 0 ? url : url.slice(0, mark));
    if (!route) return send(response, notFound, options.closing());
    if (!hasBody(request)) return void new Exchange(options, request, response, url, route).invoke(undefined);
    readBody(request, MAX_PAYLOAD_BYTES, (body) => {
      if (body.state === 'complete') new Exchange(options, request, response, url, route).invoke(body.bytes);
      else if (body.state === 'too-large') {
        send(response, messageReply(413, 'Request Entity Too Large'), !body.ended || options.closing());
      }
    });
  };
}

/** One request on its way to a function and back. */
class Exchange {
  readonly #options: HttpApiOptions;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #url: string;
  readonly #route: RouteMatch;
  readonly #requestId: string;
  /** The answer, once it is known: mapped once, whoever asks first. */
  #mapped: Mapped | undefined;
  #capped = false;

  constructor(
    options: HttpApiOptions,
    request: IncomingMessage,
    response: ServerResponse,
    url: string,
    route: RouteMatch,
  ) {
    this.#options = options;
    this.#request = request;
    this.#response = response;
    this.#url = url;
    this.#route = route;
    this.#requestId = options.newId();
  }

  invoke(body: Buffer | undefined): void {
    withAskedFaults(
      this.#options.requestFaults,
      this.#request,
      (asked) => this.#invoke(body, asked),
      (refusal) => this.#send(refusal),
    );
  }

  #invoke(body: Buffer | undefined, asked: Asked): void {
    const { dispatcher, clock } = this.#options;
    const traceId = requestTrace(this.#request.rawHeaders, this.#requestId, clock.now());
    const payload = Buffer.from(this.#event(body, traceId));
    const cap = clock.after(INTEGRATION_TIMEOUT_MS, () => {
      this.#capped = true;
      this.#send(serviceUnavailable);
    });
    dispatcher
      .invoke({
        function: this.#route.function,
        payload,
        source: 'http',
        requestId: this.#requestId,
        traceId,
        route: this.#route.routeKey,
        ...asked,
        statusOf: (result) => this.#statusOf(result),
      })
      .then(
        ({ result }) => {
          cap.cancel();
          this.#answer(result);
        },
        (error: unknown) => {
          cap.cancel();
          this.#fail(error);
        },
      );
  }

  #event(body: Buffer | undefined, traceId: string): string {
    const { method = 'GET', rawHeaders, httpVersion, socket } = this.#request;
    const { clock, port } = this.#options;
    const sourceIp = (socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
    return httpEvent({ method, url: this.#url, rawHeaders, httpVersion, sourceIp, body }, this.#route, {
      requestId: this.#requestId,
      now: clock.now(),
      traceId,
      port: port(),
    });
  }

  #statusOf(result: RunResult): number {
    if (this.#capped) return serviceUnavailable.status;
    return (this.#mapped ??= httpReply(result)).reply.status;
  }

  #answer(result: RunResult): void {
    if (this.#capped) return;
    const { reply, defect } = (this.#mapped ??= httpReply(result));
    if (defect !== undefined) this.#options.log(`${this.#route.routeKey} (${this.#route.function}): ${defect}`);
    this.#send(reply, result.sending);
  }

  #fail(error: unknown): void {
    const code = error instanceof FaultlineError ? error.code : 'INTERNAL';
    if (code === 'STOPPING') return this.#send(serviceUnavailable);
    // The config changed between the match and the call.
    if (code === 'FUNCTION_NOT_FOUND') return this.#send(notFound);
    this.#options.log(`gateway: ${this.#route.routeKey}: ${error instanceof Error ? error.message : String(error)}`);
    this.#send(internalError);
  }

  #send(reply: Reply, sending?: Sending): void {
    const { clock, closing } = this.#options;
    if (sending) {
      return sendSpoilt(clock, this.#response, reply, sending, closing(), 'apigw-requestid', this.#requestId);
    }
    send(this.#response, reply, this.#options.closing(), 'apigw-requestid', this.#requestId);
  }
}
