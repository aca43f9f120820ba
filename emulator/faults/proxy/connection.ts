import net, { type Socket } from 'node:net';
import type { Direction, Stage } from './shaping.js';

/*
 * One connection of a handler that is led through the proxy:
 *
 *   handler ⇄ client ── up stages ──▶ upstream ⇄ the host that was meant
 *                    ◀── down stages ──
 *
 * Bytes, ends and resets of one side become the other's; a host that refuses, or cannot be found, is a reset.
 */

export interface Upstream {
  readonly host: string;
  readonly port: number;
}

/** How a connection ends before its time. */
export type Ending = 'close' | 'reset';

export class Connection {
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #over = new AbortController();
  #ended = false;

  /**
   * @param client accepted with allowHalfOpen
   * @param closed called once, when both sides are closed
   */
  constructor(client: Socket, to: Upstream, closed: () => void) {
    this.#client = client;
    this.#upstream = net.connect({ ...to, allowHalfOpen: true, noDelay: true });
    for (const socket of [client, this.#upstream]) {
      socket.on('error', () => this.end('reset'));
      socket.once('close', () => {
        if (!client.closed || !this.#upstream.closed) return;
        this.#over.abort();
        closed();
      });
    }
  }

  /** Aborted when both sides are closed, or about to be. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Passes bytes on from now. @param stages of a direction, the first next to the sender */
  start(stages: (direction: Direction) => readonly Stage[]): void {
    void this.#pump(this.#client, this.#upstream, stages('up'));
    void this.#pump(this.#upstream, this.#client, stages('down'));
  }

  /** Ends both sides now; what the handler's side was given before still arrives. */
  end(how: Ending): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#over.abort();
    if (how === 'reset') {
      this.#upstream.resetAndDestroy();
      this.#client.resetAndDestroy();
      return;
    }
    this.#upstream.destroy();
    // What it still sends is read and dropped: a socket closed with unread bytes would be a reset.
    this.#client.resume();
    this.#client.end(() => this.#client.destroy());
  }

  /** As `end`, also of what waits for the handler to read it. */
  destroy(): void {
    this.end('reset');
    this.#client.destroy();
  }

  async #pump(from: Socket, to: Socket, stages: readonly Stage[]): Promise<void> {
    let bytes: AsyncIterable<Buffer> = from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for (const stage of stages) bytes = stage(bytes);
    try {
      for await (const chunk of bytes) {
        if (this.#ended) return;
        await written(to, chunk);
      }
      if (!this.#ended) to.end();
    } catch {
      // One side was reset or is gone.
      this.end('reset');
    }
  }
}

/** Resolves when it is with the kernel, so that a slow receiver slows down the sender. */
function written(to: Socket, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    to.write(chunk, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
