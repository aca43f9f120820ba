import type { ServerResponse } from 'node:http';
import express from 'express';
import type { Express, RequestHandler } from 'express';
import type { Clock } from '../clock.js';
import type { ControlCall } from '../contract/control.js';
import { DOCS_URL } from '../contract/docs.js';
import { FaultlineError } from '../contract/errors.js';
import { dashboard } from './dashboard.js';
import { replyLate } from './late-reply.js';
import { errorHandler, MAX_BODY_BYTES } from './errors.js';
import type { EventHub } from './events.js';
import type { Holds } from './holds.js';
import { createHandlers } from './routes.js';
import type { CallInput } from './routes.js';
import { ownPageOnly, secureHeaders, tokenOnly } from './security.js';
import type { Address, ControlBackend, ControlOptions } from './types.js';

/**
 * What answers, on one listener:
 *
 *   request ▶ headers ▶ Host and Origin ▶ dashboard files
 *                                       ▶ token ▶ event stream | hold | metrics | body ▶ call ▶ JSON
 */
export function createApp(
  { backend, token, clock, webviewDir }: ControlOptions,
  hub: EventHub,
  holds: Holds,
  address: () => Address,
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(secureHeaders(), ownPageOnly(address));
  app.use(dashboard(webviewDir));
  app.use(['/api', '/metrics'], tokenOnly(token));
  app.get(
    '/api/events',
    stream((response) => hub.add(response)),
  );
  app.get(
    '/api/hold',
    stream((response) => holds.begin(response)),
  );
  app.get('/metrics', metrics(backend));
  // Whatever the content type says: there is nothing but JSON, and curl's default is another.
  app.use('/api', express.json({ limit: MAX_BODY_BYTES, type: () => true }));
  addCalls(app, createHandlers(backend, holds), backend, clock);
  app.use((request) => {
    throw new FaultlineError('NOT_FOUND', `there is no ${request.method} ${request.path}`, {
      hint: `every call is listed at ${DOCS_URL}/control-api.md`,
    });
  });
  app.use(errorHandler());
  return app;
}

/** Calls whose answers take as long as an invocation may. */
const LONG: ReadonlySet<string> = new Set<ControlCall>(['POST /api/invoke', 'POST /api/proofs']);

function addCalls(
  app: Express,
  handlers: ReturnType<typeof createHandlers>,
  backend: ControlBackend,
  clock: Clock,
): void {
  for (const [name, handler] of Object.entries(handlers)) {
    const [method, path] = name.split(' ') as [string, string];
    const verb = method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete';
    const shutdown = name === ('POST /api/shutdown' satisfies ControlCall);
    app[verb](path, async (request, response) => {
      const { params, query, body } = request;
      const replying = Promise.resolve(handler({ params, query, body, gone: hungUp(response) } as CallInput));
      if (LONG.has(name)) return replyLate(response, replying, clock);
      const reply = await replying;
      // The emulator waits for its connections when it stops: the reply must be out first.
      if (shutdown) response.set('connection', 'close').on('finish', () => backend.shutdown());
      response.json(reply);
    });
  }
}

/** Aborted when the connection ends before the answer is out. */
function hungUp(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** Server-sent events. */
function stream(begin: (response: ServerResponse) => void): RequestHandler {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    begin(response);
  };
}

function metrics(backend: ControlBackend): RequestHandler {
  return async (_request, response) => {
    const { contentType, text } = await backend.metrics();
    response.set('content-type', contentType).end(text);
  };
}
