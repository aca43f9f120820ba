import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../clock.js';
import { FaultlineError } from '../contract/errors.js';
import type { FunctionConfig } from '../contract/config.js';
import type { AsyncEvent } from '../delivery/types.js';
import type { Dispatcher, NewId } from '../dispatch/types.js';
import { send, type Reply } from '../http-reply.js';
import { Connections } from './connections.js';
import type { RequestFaultsOf } from './fault-header.js';
import { createHttpApi } from './http-api.js';
import { createLambdaApi, isLambdaCall } from './lambda/api.js';
import { accessDenied } from './lambda/errors.js';
import { refusalOf } from './origin.js';
import { internalError } from './reply.js';
import { originForm } from './request-target.js';
import { createRoutes, type Routes } from './router.js';
import type { AwsService, Gateway, GatewayRoute } from './types.js';
import { UrlAddresses, URL_PATH } from './urls/addresses.js';
import { createFunctionUrls, NO_SUCH_URL } from './urls/exchange.js';

/** Longer than the pools of usual clients keep a connection, so that they, not we, close it first. */
const KEEP_ALIVE_MS = 65_000;
/** For the whole of a request to arrive. */
const REQUEST_MS = 60_000;
/** API Gateway allows 10 240 bytes of headers; a local client may send a longer cookie. */
const HEADER_BYTES = 32 * 1024;
/** How long `close` waits for answers, ms; longer than the emulator lets handlers run on. */
const CLOSE_MS = 15_000;
/** Invocations at the same time that an account may have, where nobody says [FACTS section 3]. */
const ACCOUNT_CONCURRENCY = 1_000;

export interface GatewayOptions {
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly newId: NewId;
  /** The last 4 KB of an invocation's log, for X-Amz-Log-Result. */
  logTail(requestId: string): Buffer;
  functions(name: string): FunctionConfig | undefined;
  /** Keeps an asynchronous event. @throws FaultlineError FUNCTION_NOT_FOUND, STOPPING, STORE_UNAVAILABLE */
  accept(event: AsyncEvent): Promise<void>;
  /** Faults that requests ask for themselves. */
  readonly requestFaults?: RequestFaultsOf;
  /** Other AWS APIs of this listener. */
  readonly services?: readonly AwsService[];
  /** `nodejs22.x`: the version that truly runs, where it is known. */
  runtimeName?(functionName: string): string | undefined;
  /** The account's concurrency, for GetAccountSettings. */
  concurrency?(): number;
  /** Told of answers that a handler got wrong, and of our own defects. */
  log?(message: string): void;
}

/** The public listener: raw `node:http`, since a framework in front would halve what it can take. */
export function createGateway(options: GatewayOptions): Gateway {
  return new HttpGateway(options);
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

class HttpGateway implements Gateway {
  readonly #options: GatewayOptions;
  readonly #server: Server;
  readonly #connections: Connections;
  readonly #log: (message: string) => void;
  readonly #urls = new UrlAddresses();
  readonly #httpApi: Handle;
  readonly #lambdaApi: Handle;
  readonly #functionUrls: ReturnType<typeof createFunctionUrls>;
  #routes: Routes;
  #host = '';
  #port = 0;
  #closing: Promise<void> | undefined;

  constructor(options: GatewayOptions) {
    const log = (message: string): void => options.log?.(message);
    const parts = { ...options, log, closing: () => this.#closing !== undefined, port: () => this.#port };
    this.#options = options;
    this.#httpApi = createHttpApi({ ...parts, routes: () => this.#routes });
    this.#lambdaApi = createLambdaApi({
      ...parts,
      functionUrl: (name) => this.functionUrl(name),
      concurrency: () => options.concurrency?.() ?? ACCOUNT_CONCURRENCY,
    });
    this.#functionUrls = createFunctionUrls(parts);
    this.#log = log;
    this.#routes = createRoutes([], log);
    this.#server = createServer(
      { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_MS, maxHeaderSize: HEADER_BYTES, noDelay: true },
      (request, response) => this.#handle(request, response),
    );
    this.#connections = new Connections(this.#server);
    this.#server.on('clientError', refuse);
  }

  setRoutes(routes: readonly GatewayRoute[]): void {
    const { dispatcher, functions } = this.#options;
    this.#routes = createRoutes(routes, this.#log);
    this.#urls.set(dispatcher.names().filter((name) => functions(name)?.url !== undefined));
  }

  functionUrl(name: string): string | undefined {
    if (this.#options.functions(name)?.url === undefined) return undefined;
    return `http://${hostInUrl(this.#host)}:${String(this.#port)}${URL_PATH}${name}/`;
  }

  listen(port: number, host: string): Promise<{ port: number; url: string }> {
    const server = this.#server;
    return new Promise((resolve, reject) => {
      const failed = (error: NodeJS.ErrnoException): void => reject(listenError(error, port, host));
      server.once('error', failed);
      server.listen(port, host, () => {
        server.off('error', failed);
        server.on('error', (error) => this.#log(`gateway: ${error.message}`));
        this.#host = host;
        this.#port = (server.address() as AddressInfo).port;
        resolve({ port: this.#port, url: `http://${hostInUrl(host)}:${String(this.#port)}` });
      });
    });
  }

  close(): Promise<void> {
    return (this.#closing ??= new Promise((resolve) => {
      const late = this.#options.clock.after(CLOSE_MS, () => this.#connections.destroy());
      this.#server.close(() => {
        late.cancel();
        resolve();
      });
      this.#connections.end();
    }));
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    this.#connections.began(response);
    try {
      this.#serve(request, response);
    } catch (error) {
      this.#log(
        `gateway: ${request.method ?? ''} ${request.url ?? ''}: ${error instanceof Error ? error.message : ''}`,
      );
      send(response, internalError, true);
    }
  }

  /** Told apart by what costs an ordinary request next to nothing. */
  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? '/';
    if (this.#urls.any) {
      const name = this.#urls.byHost(request);
      if (name !== undefined) return this.#functionUrls(request, response, { function: name, url: originForm(url) });
    }
    if (url.startsWith(URL_PATH)) {
      const addressed = this.#urls.byPath(url);
      if (addressed) this.#functionUrls(request, response, addressed);
      else send(response, NO_SUCH_URL, this.#closing !== undefined);
    } else if (isLambdaCall(url)) this.#guarded(request, response, this.#lambdaApi);
    else {
      const service = request.method === 'POST' ? this.#service(request, url) : undefined;
      if (service) this.#guarded(request, response, (...call) => service.handle(...call));
      else this.#httpApi(request, response);
    }
  }

  #service(request: IncomingMessage, url: string): AwsService | undefined {
    const { services } = this.#options;
    if (!services || !SERVICE_PATHS.test(url)) return undefined;
    return services.find((service) => service.serves(request));
  }

  /** The AWS APIs, not for every page of the web. */
  #guarded(request: IncomingMessage, response: ServerResponse, handle: Handle): void {
    const refusal = refusalOf(request, this.#host);
    if (refusal === undefined) return handle(request, response);
    this.#log(`gateway: ${request.method ?? ''} ${request.url ?? ''}: ${refusal}`);
    send(response, refused(refusal), this.#closing !== undefined);
  }
}

/** Where SDKs of services besides Lambda send: the root, a queue's URL, RPC over CBOR. */
const SERVICE_PATHS = /^\/(?:$|\?|000000000000\/|service\/)/;

function refused(why: string): Reply {
  return accessDenied(`Refused: ${why}.`).reply;
}

/** A name that listens everywhere is not one to connect to. */
function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string): FaultlineError {
  if (error.code === 'EADDRINUSE') {
    return new FaultlineError('PORT_IN_USE', `Port ${String(port)} on ${host} is in use`, {
      hint: 'Another program, perhaps another emulator, listens there: stop it, or start with --port 0 for a free port.',
      cause: error,
    });
  }
  const why =
    error.code === 'EACCES' ? 'Ports below 1024 need more rights; take a higher one.' : 'Check --host and --port.';
  const message = `Cannot listen on ${host}, port ${String(port)}: ${error.message}`;
  return new FaultlineError('USAGE', message, { hint: why, cause: error });
}

/** A request that is not HTTP, too long in its headers or too slow: answered, never thrown. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  const body = JSON.stringify({ message: status.slice(4) });
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${String(body.length)}\r\n\r\n${body}`,
  );
}
