import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../clock.js';
import { FaultlineError } from '../contract/errors.js';
import type { FunctionConfig } from '../contract/config.js';
import type { Dispatcher, NewId } from '../dispatch/types.js';
import { Connections } from './connections.js';
import { createHttpApi } from './http-api.js';
import { createLambdaApi, LAMBDA_PREFIX } from './lambda-api.js';
import { send } from '../http-reply.js';
import { internalError } from './reply.js';
import { createRoutes, type Routes } from './router.js';
import type { Gateway, GatewayRoute } from './types.js';

/** Longer than the pools of usual clients keep a connection, so that they, not we, close it first. */
const KEEP_ALIVE_MS = 65_000;
/** For the whole of a request to arrive. */
const REQUEST_MS = 60_000;
/** API Gateway allows 10 240 bytes of headers; a local client may send a longer cookie. */
const HEADER_BYTES = 32 * 1024;
/** How long `close` waits for answers, ms; longer than the emulator lets handlers run on. */
const CLOSE_MS = 15_000;

export interface GatewayOptions {
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly newId: NewId;
  /** The last 4 KB of an invocation's log, for X-Amz-Log-Result. */
  logTail(requestId: string): Buffer;
  /** For the read side of the Lambda API. */
  functions?(name: string): FunctionConfig | undefined;
  /** Told of answers that a handler got wrong, and of our own defects. */
  log?(message: string): void;
}

/** The public listener: raw `node:http`, since a framework in front would halve what it can take. */
export function createGateway(options: GatewayOptions): Gateway {
  return new HttpGateway(options);
}

class HttpGateway implements Gateway {
  readonly #server: Server;
  readonly #connections: Connections;
  readonly #clock: Clock;
  readonly #log: (message: string) => void;
  #routes: Routes;
  #port = 0;
  #closing: Promise<void> | undefined;

  constructor(options: GatewayOptions) {
    const log = (message: string): void => options.log?.(message);
    const closing = (): boolean => this.#closing !== undefined;
    const httpApi = createHttpApi({ ...options, log, closing, routes: () => this.#routes, port: () => this.#port });
    const lambdaApi = createLambdaApi({ ...options, log, closing });
    this.#clock = options.clock;
    this.#log = log;
    this.#routes = createRoutes([], log);
    this.#server = createServer(
      { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_MS, maxHeaderSize: HEADER_BYTES, noDelay: true },
      (request, response) => this.#handle(request, response, httpApi, lambdaApi),
    );
    this.#connections = new Connections(this.#server);
    this.#server.on('clientError', refuse);
  }

  setRoutes(routes: readonly GatewayRoute[]): void {
    this.#routes = createRoutes(routes, this.#log);
  }

  listen(port: number, host: string): Promise<{ port: number; url: string }> {
    const server = this.#server;
    return new Promise((resolve, reject) => {
      const failed = (error: NodeJS.ErrnoException): void => reject(listenError(error, port, host));
      server.once('error', failed);
      server.listen(port, host, () => {
        server.off('error', failed);
        server.on('error', (error) => this.#log(`gateway: ${error.message}`));
        this.#port = (server.address() as AddressInfo).port;
        resolve({ port: this.#port, url: `http://${hostInUrl(host)}:${String(this.#port)}` });
      });
    });
  }

  close(): Promise<void> {
    return (this.#closing ??= new Promise((resolve) => {
      const late = this.#clock.after(CLOSE_MS, () => this.#connections.destroy());
      this.#server.close(() => {
        late.cancel();
        resolve();
      });
      this.#connections.end();
    }));
  }

  #handle(request: IncomingMessage, response: ServerResponse, httpApi: Handle, lambdaApi: Handle): void {
    this.#connections.began(response);
    try {
      if (request.url?.startsWith(LAMBDA_PREFIX)) lambdaApi(request, response);
      else httpApi(request, response);
    } catch (error) {
      this.#log(
        `gateway: ${request.method ?? ''} ${request.url ?? ''}: ${error instanceof Error ? error.message : ''}`,
      );
      send(response, internalError, true);
    }
  }
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

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
