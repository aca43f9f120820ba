import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { TraceDocument } from '../types.js';
import { parseDatagram } from './segments.js';

/** Room for a burst while the emulator is busy: the system's own default holds some hundred segments. */
const RECEIVE_BUFFER_BYTES = 1_048_576;
const HOST = '127.0.0.1';

export interface XrayDaemonOptions {
  onSegment(document: TraceDocument): void;
  readonly log: (message: string) => void;
}

/**
 * Stands in for the X-Ray daemon: SDKs in handlers send it their segments, and never wait for it. A datagram cannot be larger
 * than 64 KB: the sender's system refuses it, as it does for the daemon.
 */
export interface XrayDaemon {
  /** Binds a free port of 127.0.0.1. @returns `host:port` for AWS_XRAY_DAEMON_ADDRESS */
  start(): Promise<string>;
  stop(): Promise<void>;
  /** Datagrams that were no segment. */
  readonly dropped: number;
}

export function createXrayDaemon(options: XrayDaemonOptions): XrayDaemon {
  return new UdpDaemon(options);
}

class UdpDaemon implements XrayDaemon {
  readonly #options: XrayDaemonOptions;
  #socket: Socket | undefined;
  dropped = 0;

  constructor(options: XrayDaemonOptions) {
    this.#options = options;
  }

  async start(): Promise<string> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
    this.#socket = socket;
    socket.on('message', (message) => this.#receive(message));
    socket.bind(0, HOST);
    // Rejects when the socket fails first.
    await once(socket, 'listening');
    socket.on('error', (error) => this.#options.log(`X-Ray: ${error.message}`));
    // It alone keeps nothing running.
    socket.unref();
    return `${HOST}:${String(socket.address().port)}`;
  }

  async stop(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket) await new Promise<void>((resolve) => socket.close(resolve));
  }

  #receive(message: Buffer): void {
    const document = parseDatagram(message);
    if (typeof document !== 'string') return this.#options.onSegment(document);
    // Once: whoever sends one such datagram sends many.
    if (this.dropped++ === 0) this.#options.log(`X-Ray: a datagram was no segment and dropped: ${document}`);
  }
}
