import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FaultlineError } from '../contract/errors.js';
import { EventHub } from './events.js';
import { Holds } from './holds.js';
import { hostHeader } from './security.js';
import type { Address, ControlOptions, ControlServer } from './types.js';

/** How long answers may take to reach their clients once the emulator ends, in ms. */
const CLOSE_MS = 1_000;

/**
 * The control API, the event stream, the metrics and the dashboard, on one listener. What answers is loaded with the first
 * request: an emulator that nobody looks at costs no more than its socket.
 */
export function createControl(options: ControlOptions): ControlServer {
  let address: Address = { host: '127.0.0.1', port: 0 };
  const hub = new EventHub(options.backend, options.clock);
  const holds = new Holds(options.backend.faults, options.clock);
  let app: Promise<RequestListener> | undefined;
  const load = async (): Promise<RequestListener> =>
    (await import('./app.js')).createApp(options, hub, holds, () => address);
  const server = createServer((request, response) => {
    void (app ??= load()).then((handle) => handle(request, response));
  });
  return {
    async listen(port, host) {
      const bound = await bind(server, port, host);
      address = { host, port: bound };
      return { port: bound, url: `http://${hostHeader(reachable(host), bound)}` };
    },
    async close() {
      hub.close();
      holds.close();
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
