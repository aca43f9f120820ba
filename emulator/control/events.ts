import type { ServerResponse } from 'node:http';
import type { LogEvent } from '../contract/control.js';
import { SNAPSHOT_INTERVAL_MS } from '../contract/control.js';
import type { Snapshot } from '../contract/snapshot.js';
import type { Clock, Timer } from '../clock.js';
import type { ControlBackend } from './types.js';

/**
 * The event stream. One snapshot is made for all clients, at most every SNAPSHOT_INTERVAL_MS, the last change always
 * included:
 *
 *   change ──▶ interval over? ──yes──▶ snapshot ──▶ every client that keeps up
 *                   │ no                                 │ too slow
 *                   └──▶ one timer ──▶ snapshot          └──▶ its newest snapshot once it has drained; its log lines
 *                                                             are counted and dropped
 */

/** Bytes that may wait for a client before it counts as too slow. */
const MAX_PENDING_BYTES = 1_048_576;
export const HEARTBEAT_MS = 15_000;
/** Figures fade while nothing happens: as long as one is not zero, they are sent again. */
export const FADE_MS = 1_000;

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
  /** Ends listening to the backend; only there while somebody listens to us. */
  #release: (() => void) | undefined;
  #lastSent = -Infinity;
  #pending: Timer | undefined;
  #fading: Timer | undefined;
  #heartbeat: Timer | undefined;

  constructor(backend: Pick<ControlBackend, 'snapshot' | 'onChange' | 'onLog'>, clock: Clock) {
    this.#backend = backend;
    this.#clock = clock;
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
    if (!this.#release) this.#listen();
    this.#write(client, encode('snapshot', this.#snapshot()));
    // Counts as sent: nobody gets two within the interval.
    this.#lastSent = this.#clock.monotonic();
  }

  /** Ends every stream, after what has not been sent yet. */
  close(): void {
    if (this.#pending) this.#broadcast();
    for (const client of [...this.#clients]) {
      this.#remove(client);
      client.sink.end();
    }
  }

  #listen(): void {
    const stopChanges = this.#backend.onChange(() => this.#changed());
    const stopLogs = this.#backend.onLog((event) => this.#log(event));
    this.#release = () => {
      stopChanges();
      stopLogs();
    };
    const beat = (): void => {
      this.#heartbeat = this.#clock.after(HEARTBEAT_MS, beat);
      for (const client of this.#clients) this.#beat(client);
    };
    this.#heartbeat = this.#clock.after(HEARTBEAT_MS, beat);
  }

  #remove(client: Client): void {
    if (!this.#clients.delete(client) || this.#clients.size > 0) return;
    this.#release?.();
    this.#release = undefined;
    for (const timer of [this.#pending, this.#fading, this.#heartbeat]) timer?.cancel();
    this.#pending = this.#fading = this.#heartbeat = undefined;
  }

  /** Called for every change, thousands of times a second under load. */
  #changed(): void {
    if (this.#pending) return;
    const wait = this.#lastSent + SNAPSHOT_INTERVAL_MS - this.#clock.monotonic();
    this.#pending = this.#clock.after(wait, () => {
      this.#pending = undefined;
      this.#broadcast();
    });
  }

  #broadcast(): void {
    const text = encode('snapshot', this.#snapshot());
    this.#lastSent = this.#clock.monotonic();
    for (const client of this.#clients) this.#write(client, text);
  }

  #snapshot(): Snapshot {
    const snapshot = this.#backend.snapshot();
    this.#fading?.cancel();
    this.#fading = snapshot.functions.some(({ figures }) => figures.rate > 0)
      ? this.#clock.after(FADE_MS, () => this.#changed())
      : undefined;
    return snapshot;
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
    this.#write(client, encode('snapshot', this.#snapshot()));
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
