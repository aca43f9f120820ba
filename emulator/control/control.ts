import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Express, RequestHandler } from 'express';
import type { Clock } from '../clock.js';
import type { ControlCall } from '../contract/control.js';
import { DOCS_URL } from '../contract/docs.js';
import { FaultlineError } from '../contract/errors.js';
import { dashboard } from './dashboard.js';
import { replyLate } from './late-reply.js';
import { errorHandler, MAX_BODY_BYTES } from './errors.js';
import { EventHub } from './events.js';
import { createHandlers } from './routes.js';
import type { CallInput } from './routes.js';
import { hostHeader, ownPageOnly, secureHeaders, tokenOnly } from './security.js';
import type { Address } from './security.js';
import type { ControlBackend, ControlServer } from './types.js';

export interface ControlOptions {
  readonly backend: ControlBackend;
  /** What callers must prove to know. */
  readonly token: string;
  readonly clock: Clock;
  /** Absolute folder with dashboard.html, dashboard.js and dashboard.css. */
  readonly webviewDir: string;
}

/** How long answers may take to reach their clients once the emulator ends, in ms. */
const CLOSE_MS = 1_000;

/**
 * The control API, the event stream, the metrics and the dashboard, on one listener:
 *
 *   request ▶ headers ▶ Host and Origin ▶ dashboard files
 *                                       ▶ token ▶ event stream | metrics | body ▶ call ▶ JSON
 */
export function createControl(options: ControlOptions): ControlServer {
  let address: Address = { host: '127.0.0.1', port: 0 };
  const hub = new EventHub(options.backend, options.clock);
  const server = createServer(createApp(options, hub, () => address));
  return {
    async listen(port, host) {
      const bound = await bind(server, port, host);
      address = { host, port: bound };
      return { port: bound, url: `http://${hostHeader(reachable(host), bound)}` };
    },
    async close() {
      hub.close();
      if (!server.listening) return;
      await new Promise<void>((resolve) => {
        // A client that never reads would hold it open for ever.
        const late = options.clock.after(CLOSE_MS, () => server.closeAllConnections());
        server.close(() => {
          late.cancel();
          resolve();
        });
        // So would keep-alive connections without a request.
        server.closeIdleConnections();
      });
    },
  };
}

function createApp(
  { backend, token, clock, webviewDir }: ControlOptions,
  hub: EventHub,
  address: () => Address,
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(secureHeaders(), ownPageOnly(address));
  app.use(dashboard(webviewDir));
  app.use(['/api', '/metrics'], tokenOnly(token));
  app.get('/api/events', events(hub));
  app.get('/metrics', metrics(backend));
  // Whatever the content type says: there is nothing but JSON, and curl's default is another.
  app.use('/api', express.json({ limit: MAX_BODY_BYTES, type: () => true }));
  addCalls(app, backend, clock);
  app.use((request) => {
    throw new FaultlineError('NOT_FOUND', `there is no ${request.method} ${request.path}`, {
      hint: `every call is listed at ${DOCS_URL}/control-api.md`,
    });
  });
  app.use(errorHandler());
  return app;
}

function addCalls(app: Express, backend: ControlBackend, clock: Clock): void {
  for (const [name, handler] of Object.entries(createHandlers(backend))) {
    const [method, path] = name.split(' ') as [string, string];
    const verb = method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete';
    const shutdown = name === ('POST /api/shutdown' satisfies ControlCall);
    app[verb](path, async (request, response) => {
      const { params, query, body } = request;
      const replying = Promise.resolve(handler({ params, query, body } as CallInput));
      if (name === ('POST /api/invoke' satisfies ControlCall)) return replyLate(response, replying, clock);
      const reply = await replying;
      // The emulator waits for its connections when it stops: the reply must be out first.
      if (shutdown) response.set('connection', 'close').on('finish', () => backend.shutdown());
      response.json(reply);
    });
  }
}

function events(hub: EventHub): RequestHandler {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    hub.add(response);
  };
}

function metrics(backend: ControlBackend): RequestHandler {
  return async (_request, response) => {
    const { contentType, text } = await backend.metrics();
    response.set('content-type', contentType).end(text);
  };
}

function bind(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(bindError(error, port, host)));
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function bindError(error: NodeJS.ErrnoException, port: number, host: string): FaultlineError {
  if (error.code === 'EADDRINUSE') {
    return new FaultlineError('PORT_IN_USE', `port ${String(port)} of the control API is in use`, {
      hint: 'stop what uses it, or let the emulator pick a free one: --control-port 0',
      cause: error,
    });
  }
  if (error.code === 'EACCES') {
    return new FaultlineError('USAGE', `port ${String(port)} may not be bound by this user`, {
      hint: 'pick one above 1023 with --control-port',
      cause: error,
    });
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new FaultlineError('USAGE', `${host} is no address of this machine`, {
      hint: 'leave --host away for loopback',
      cause: error,
    });
  }
  return FaultlineError.from(error);
}

/** A wildcard is no address to call. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
