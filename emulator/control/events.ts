import type { ServerResponse } from 'node:http';
import type { LogEvent } from '../contract/control.js';
import type { Snapshot } from '../contract/snapshot.js';
import type { Clock, Timer } from '../clock.js';
import { Pulse } from '../pulse.js';
import type { ControlBackend } from './types.js';

/**
 * The event stream. One snapshot is made for all clients:
 *
 *   change ──▶ pulse ──▶ snapshot ──▶ every client that keeps up
 *                            └─ too slow ─▶ its newest snapshot once it has drained; its log lines are counted and dropped
 */

/** Bytes that may wait for a client before it counts as too slow. */
const MAX_PENDING_BYTES = 1_048_576;
export const HEARTBEAT_MS = 15_000;

/** The part of a response that the stream needs. */
export type EventSink = Pick<ServerResponse, 'write' | 'end' | 'destroy' | 'on' | 'writableLength'>;

interface Client {
  readonly sink: EventSink;
  /** Too slow: nothing is sent until it has drained. */
  behind: boolean;
  /** Heartbeats since it fell behind. */
  missed: number;
  /** Lines that it did not get, by function. */
  readonly dropped: Map<string, number>;
}

export class EventHub {
  readonly #backend: Pick<ControlBackend, 'snapshot' | 'onChange' | 'onLog'>;
  readonly #clock: Clock;
  readonly #clients = new Set<Client>();
  /** Runs while somebody listens to us. */
  readonly #pulse: Pulse;
  #stopLogs: (() => void) | undefined;
  #heartbeat: Timer | undefined;

  constructor(backend: Pick<ControlBackend, 'snapshot' | 'onChange' | 'onLog'>, clock: Clock) {
    this.#backend = backend;
    this.#clock = clock;
    this.#pulse = new Pulse(backend, clock, (snapshot) => this.#broadcast(snapshot));
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Sends the complete snapshot at once, then what happens, until the client goes. */
  add(sink: EventSink): void {
    const client: Client = { sink, behind: false, missed: 0, dropped: new Map() };
    this.#clients.add(client);
    sink.on('drain', () => this.#drained(client));
    sink.on('close', () => this.#remove(client));
    sink.on('error', () => this.#remove(client));
    if (!this.#stopLogs) this.#listen();
    this.#write(client, encode('snapshot', this.#pulse.take()));
  }

  /** Ends every stream, after what has not been sent yet. */
  close(): void {
    this.#pulse.flush();
    for (const client of [...this.#clients]) {
      this.#remove(client);
      client.sink.end();
    }
  }

  #listen(): void {
    this.#pulse.start();
    this.#stopLogs = this.#backend.onLog((event) => this.#log(event));
    const beat = (): void => {
      this.#heartbeat = this.#clock.after(HEARTBEAT_MS, beat);
      for (const client of this.#clients) this.#beat(client);
    };
    this.#heartbeat = this.#clock.after(HEARTBEAT_MS, beat);
  }

  #remove(client: Client): void {
    if (!this.#clients.delete(client) || this.#clients.size > 0) return;
    this.#pulse.stop();
    this.#stopLogs?.();
    this.#stopLogs = undefined;
    this.#heartbeat?.cancel();
    this.#heartbeat = undefined;
  }

  #broadcast(snapshot: Snapshot): void {
    const text = encode('snapshot', snapshot);
    for (const client of this.#clients) this.#write(client, text);
  }

  #log(event: LogEvent): void {
    const text = encode('log', event);
    for (const client of this.#clients) {
      if (client.behind) client.dropped.set(event.function, (client.dropped.get(event.function) ?? 0) + 1);
      else this.#write(client, text);
    }
  }

  /** A client that is behind gets nothing: it is sent the newest snapshot when it has drained. */
  #write(client: Client, text: string): void {
    if (client.behind) return;
    client.sink.write(text);
    if (client.sink.writableLength > MAX_PENDING_BYTES) client.behind = true;
  }

  #drained(client: Client): void {
    if (!client.behind) return;
    client.behind = false;
    client.missed = 0;
    for (const [name, count] of client.dropped) {
      const text = `[faultline] ${String(count)} lines dropped: this client is too slow`;
      this.#write(client, encode('log', { function: name, instance: '', at: this.#clock.now(), text }));
    }
    client.dropped.clear();
    this.#write(client, encode('snapshot', this.#pulse.take()));
  }

  #beat(client: Client): void {
    // Nothing has been read for a whole heartbeat: what waits for it is only memory.
    if (client.behind && client.missed++ > 0) {
      this.#remove(client);
      client.sink.destroy();
      return;
    }
    this.#write(client, ': heartbeat\n\n');
  }
}

/** JSON has no raw line breaks, so an event is always one `data` line. */
function encode(event: 'snapshot' | 'log', data: Snapshot | LogEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
