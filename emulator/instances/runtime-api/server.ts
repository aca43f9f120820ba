import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../../clock.js';
import { send } from '../../http-reply.js';
import { FROM_A_BROWSER, NOT_FOUND, PONG, wrongMethod } from './answers.js';
import type { RuntimeSession } from './session.js';

const PREFIX = '/2018-06-01';
const INVOCATION = /^\/runtime\/invocation\/([^/]+)\/(response|error)$/;

/** Go's limit, which the service's server has: room for a `Lambda-Runtime-Function-XRay-Error-Cause`. In bytes [S]. */
const MAX_HEADER_BYTES = 1_048_576 + 4_096;
/** A runtime needs one or two; a leaking one must not use up the emulator's file descriptors. */
const MAX_CONNECTIONS = 128;
/** How long connections may outlive the process (something it started holds them), in ms. */
const LINGER_MS = 200;

type Endpoint = Pick<RuntimeSession, 'next' | 'response' | 'error' | 'initError'>;

/** The Lambda Runtime API, version 2018-06-01, on a loopback port of its own: one server per instance. */
export class RuntimeApiServer {
  private readonly server: http.Server;
  private connections = 0;
  private whenUnused: (() => void) | undefined;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly clock: Clock,
  ) {
    this.server = http.createServer(
      // Handlers may run, and responses may stream, for as long as they like: the function's timeout is the only one.
      { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0 },
      (request, response) => this.route(request, response),
    );
    this.server.maxConnections = MAX_CONNECTIONS;
    this.server.on('connection', (socket) => this.connected(socket));
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(error, socket as Socket));
  }

  /** @returns `host:port`, what AWS_LAMBDA_RUNTIME_API is; rejects when no port can be had */
  listen(): Promise<string> {
    const { server } = this;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        // A connection that cannot be accepted (no file descriptor is left) is the runtime's trouble, not the emulator's.
        server.on('error', () => undefined);
        const { address, port } = server.address() as AddressInfo;
        resolve(`${address}:${port}`);
      });
    });
  }

  /**
   * The process has ended: what it has sent before is still read, then the port is free.
   * @param done when neither the port nor a connection is left
   */
  close(done: () => void): void {
    const cut = (): void => {
      if (!this.whenUnused) return;
      this.whenUnused = undefined;
      limit.cancel();
      this.server.close(() => done());
      this.server.closeAllConnections();
    };
    const limit = this.clock.after(LINGER_MS, cut);
    this.whenUnused = cut;
    // Its last connection may be among what this turn of the event loop has found, and not have come up yet.
    setImmediate(() => this.settle());
  }

  private connected(socket: Socket): void {
    this.connections++;
    socket.once('close', () => {
      this.connections--;
      this.settle();
    });
  }

  private settle(): void {
    if (this.connections === 0) this.whenUnused?.();
  }

  private route(request: IncomingMessage, response: ServerResponse): void {
    const { origin, 'sec-fetch-site': site } = request.headers;
    if (origin !== undefined || site !== undefined) return send(response, FROM_A_BROWSER, true);
    const path = (request.url ?? '').split('?', 1)[0] as string;
    if (!path.startsWith(PREFIX)) return send(response, NOT_FOUND, false);
    this.dispatch(path.slice(PREFIX.length), request, response);
  }

  private dispatch(path: string, request: IncomingMessage, response: ServerResponse): void {
    const { endpoint } = this;
    const on = (method: string, run: () => void): void =>
      request.method === method ? run() : send(response, wrongMethod(method), false);
    if (path === '/runtime/invocation/next') return on('GET', () => endpoint.next(response));
    if (path === '/runtime/init/error') return on('POST', () => endpoint.initError(request, response));
    if (path === '/ping') return on('GET', () => send(response, PONG, false));
    const [, id = '', what] = INVOCATION.exec(path) ?? [];
    if (what === 'response') return on('POST', () => endpoint.response(decoded(id), request, response));
    if (what === 'error') return on('POST', () => endpoint.error(decoded(id), request, response));
    // Restore (snapshots), extensions, logs and telemetry are not emulated: the service too has no such paths where they are off.
    send(response, NOT_FOUND, false);
  }
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** What is not HTTP: answered as the service's server does, and hung up. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
  const head = `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n`;
  socket.end(head + status, () => socket.destroy());
}
