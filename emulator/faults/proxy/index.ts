import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import type { Clock, Timer } from '../../clock.js';
import type { FaultService } from '../types.js';
import { Connection, type Ending, type Upstream } from './connection.js';
import type { Direction, Pace, Stage } from './shaping.js';

/*
 * The proxy on the loopback interface that handlers' connections are led through while a fault shapes them:
 *
 *   runtime hook: connects here instead ──▶ accepted, held
 *                 reports its local port ──▶ announced (by the instance's channel) ──▶ upstream, bytes pass
 *
 * It forwards nothing that no instance has announced: whoever else connects is closed after a moment. Bytes pass as they are,
 * so TLS is between the handler and the host that it meant.
 */

/** How long one waits for the other, the connection or what announces it, ms: a busy handler announces late. */
const HELD_MS = 30_000;

/** What one fault does to the connections of one invocation. */
export interface Shaping {
  readonly fault: string;
  matches(to: Upstream): boolean;
  /** Aborted when the fault or the invocation ends. */
  readonly lifted: AbortSignal;
  /** Called for each connection. @returns its stage of a direction; undefined: that passes as it is */
  shape(passage: Passage): (direction: Direction, pace: Pace) => Stage | undefined;
}

/** A connection as a fault knows it. */
export interface Passage {
  /** `host:port`, as the handler has it. */
  readonly target: string;
  /** Of those of the invocation, from 1. */
  readonly number: number;
  end(how: Ending): void;
}

/** A connection that an instance has led here. */
export interface Announcement {
  readonly requestId: string;
  /** Its local port. */
  readonly local: number;
  readonly to: Upstream;
  readonly target: string;
  /** The fault that led it here. */
  readonly fault: string | undefined;
}

export class Proxy {
  readonly #server: Server;
  readonly #clock: Clock;
  readonly #held = new Map<number, { readonly socket: Socket; readonly timer: Timer }>();
  readonly #announced = new Map<number, { readonly announcement: Announcement; readonly timer: Timer }>();
  /** By request id, the oldest fault's first. */
  readonly #shapings = new Map<string, { readonly all: Shaping[]; connections: number }>();
  readonly #connections = new Set<Connection>();

  constructor(server: Server, clock: Clock) {
    this.#server = server;
    this.#clock = clock;
    server.on('connection', (socket) => this.#accept(socket));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections there are, those held included. */
  get size(): number {
    return this.#held.size + this.#connections.size;
  }

  /** Shapes what the invocation connects to from now. @returns what ends that */
  begin(requestId: string, shaping: Shaping): () => void {
    const entry = this.#shapings.get(requestId) ?? { all: [], connections: 0 };
    this.#shapings.set(requestId, entry);
    entry.all.push(shaping);
    return () => {
      entry.all.splice(entry.all.indexOf(shaping), 1);
      if (entry.all.length === 0) this.#shapings.delete(requestId);
    };
  }

  announce(announcement: Announcement): void {
    const { local } = announcement;
    const held = this.#held.get(local);
    if (held) {
      this.#held.delete(local);
      held.timer.cancel();
      return this.#forward(held.socket, announcement);
    }
    this.#announced.get(local)?.timer.cancel();
    const timer = this.#clock.after(HELD_MS, () => this.#announced.delete(local));
    this.#announced.set(local, { announcement, timer });
  }

  close(): void {
    this.#server.close();
    for (const { timer } of this.#announced.values()) timer.cancel();
    for (const { socket, timer } of this.#held.values()) {
      timer.cancel();
      socket.destroy();
    }
    for (const connection of this.#connections) connection.destroy();
    this.#held.clear();
    this.#announced.clear();
  }

  #accept(socket: Socket): void {
    const local = socket.remotePort;
    socket.on('error', () => socket.destroy());
    // It has gone already.
    if (local === undefined) return void socket.destroy();
    const announced = this.#announced.get(local);
    if (announced) {
      this.#announced.delete(local);
      announced.timer.cancel();
      return this.#forward(socket, announced.announcement);
    }
    const timer = this.#clock.after(HELD_MS, () => {
      this.#held.delete(local);
      socket.destroy();
    });
    this.#held.set(local, { socket, timer });
  }

  #forward(client: Socket, { requestId, to, target, fault }: Announcement): void {
    const connection: Connection = new Connection(client, to, () => this.#connections.delete(connection));
    this.#connections.add(connection);
    const entry = this.#shapings.get(requestId);
    const shapings = (entry?.all ?? []).filter((each) => each.fault === fault || each.matches(to));
    const number = entry === undefined ? 1 : ++entry.connections;
    const passage: Passage = { target, number, end: (how) => connection.end(how) };
    const made = shapings.map((each) => {
      const pace = { clock: this.#clock, lifted: AbortSignal.any([each.lifted, connection.over]) };
      const shape = each.shape(passage);
      return (direction: Direction) => shape(direction, pace);
    });
    connection.start((direction) => made.flatMap((stage) => stage(direction) ?? []));
  }
}

export const proxy: FaultService<Proxy> = {
  name: 'the proxy',
  open: ({ clock }) =>
    new Promise((resolve, reject) => {
      const server = net.createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
      server.once('error', reject);
      // Faults keep no process alive.
      server.unref();
      server.listen(0, '127.0.0.1', () => resolve(new Proxy(server, clock)));
    }),
};
