import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../clock.js';
import type { Telemetry } from '../types.js';
import { createTelemetry } from '../telemetry.js';
import { createCloudWatch } from './index.js';

export interface CloudWatchServer extends AsyncDisposable {
  readonly url: string;
  readonly telemetry: Telemetry;
  readonly log: readonly string[];
  readonly requests: readonly IncomingMessage[];
}

/** For tests: CloudWatch alone on a free port; what it does not serve is answered with 599. Request ids are `id-1` … */
export async function startCloudWatch(change: Partial<Telemetry> = {}): Promise<CloudWatchServer> {
  const telemetry = createTelemetry({ clock: systemClock, sources: { functions: () => [] } });
  const log: string[] = [];
  const requests: IncomingMessage[] = [];
  let ids = 0;
  const service = createCloudWatch({
    telemetry: {
      put: (metrics) => telemetry.put(metrics),
      customMetrics: () => telemetry.customMetrics(),
      ...change,
    },
    clock: systemClock,
    newId: () => `id-${String(++ids)}`,
    log: (message) => log.push(message),
  });
  const server = createServer((request, response) => {
    requests.push(request);
    if (service.serves(request)) service.handle(request, response);
    else response.writeHead(599).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ...{ telemetry, log, requests },
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    async [Symbol.asyncDispose]() {
      telemetry.dispose();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
