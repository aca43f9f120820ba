import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Which connections are between requests. `server.closeIdleConnections` does not count one on which nothing was ever sent
 * (browsers open such ones in advance), and would keep `close` waiting for it.
 */
export class Connections {
  readonly #last = new Map<Socket, ServerResponse | undefined>();

  constructor(server: Server) {
    server.on('connection', (socket) => {
      this.#last.set(socket, undefined);
      socket.once('close', () => this.#last.delete(socket));
    });
  }

  /** A request has begun. */
  began(response: ServerResponse): void {
    if (response.socket) this.#last.set(response.socket, response);
  }

  /** Ends idle connections now and the others once their answer is written. */
  end(): void {
    for (const [socket, response] of this.#last) {
      if (!response || response.writableFinished || response.destroyed) socket.destroy();
      else response.once('finish', () => socket.end());
    }
  }

  destroy(): void {
    for (const socket of this.#last.keys()) socket.destroy();
  }
}
