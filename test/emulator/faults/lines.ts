import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Emulator } from '../../../emulator/contract/library.js';
import type { FaultHit } from '../../../emulator/contract/faults.js';
import { startEmulator } from '../../../emulator/emulator.js';

/** What a handler of test/fixtures/lines has seen of a connection. */
export interface Seen {
  readonly bytes: number;
  readonly pieces: readonly number[];
  readonly hash: string;
  /** `end`, `enough`, `timeout`, or the code of an error. */
  readonly ended: string;
}

export interface Lines {
  readonly emulator: Emulator;
  /** A server that answers so many bytes as it is asked for (`1000\n`), and ends. */
  readonly port: number;
  /** A server that answers 5,000 bytes over HTTP, on connections that are kept. */
  readonly http: { readonly port: number; readonly connections: number };
  /** Connections that there are to the first server. */
  readonly open: ReadonlySet<Socket>;
  /** Connections that the first server has ever had. */
  readonly accepted: number;
  /** All that the first server was sent. */
  received(): string;
  call(name: string, event: unknown): Promise<{ seen: Seen; hits: readonly FaultHit[]; requestId: string }>;
}

export const content = (bytes: number): Buffer => Buffer.from(Array.from({ length: bytes }, (_, i) => (i * 31) % 251));
export const hashOf = (bytes: number): string => createHash('sha256').update(content(bytes)).digest('hex');

/** One emulator and two servers for a file; faults end with their test. */
export function lines(): Lines {
  let emulator: Emulator;
  let received = '';
  let accepted = 0;
  let connections = 0;
  const open = new Set<Socket>();
  const raw = net.createServer((socket) => {
    open.add(socket);
    accepted++;
    socket.on('close', () => open.delete(socket)).on('error', () => undefined);
    let asked = '';
    socket.on('data', (chunk) => {
      received += chunk.toString();
      asked += chunk.toString();
      const end = asked.indexOf('\n');
      if (end >= 0) socket.end(content(Number(asked.slice(0, end))));
    });
  });
  const web = http.createServer((_request, response) => response.end(content(5_000)));
  web.on('connection', () => connections++);
  const portOf = (server: net.Server): number => (server.address() as AddressInfo).port;
  beforeAll(async () => {
    raw.listen(0, '127.0.0.1');
    web.listen(0, '127.0.0.1');
    await Promise.all([once(raw, 'listening'), once(web, 'listening')]);
    emulator = await startEmulator({ root: fileURLToPath(new URL('../../fixtures/lines', import.meta.url)), seed: 7 });
  });
  afterEach(() => emulator.faults.clear());
  afterAll(async () => {
    await emulator.stop();
    raw.close();
    for (const socket of open) socket.destroy();
    web.close();
    web.closeAllConnections();
  });
  return {
    get emulator() {
      return emulator;
    },
    get port() {
      return portOf(raw);
    },
    http: {
      get port() {
        return portOf(web);
      },
      get connections() {
        return connections;
      },
    },
    open,
    get accepted() {
      return accepted;
    },
    received: () => received,
    async call(name, event) {
      const { payload, record, requestId } = await emulator.invoke(name, event);
      return { seen: payload as Seen, hits: record.faults, requestId };
    },
  };
}
