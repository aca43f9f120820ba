import type { ServerResponse } from 'node:http';

/**
 * A streamed answer, written at its client's pace. A client that has hung up swallows the rest, so that the handler goes on
 * to its end as on Lambda, and nobody waits for a drain that never comes.
 */
export class PacedResponse {
  readonly #response: ServerResponse;
  #waiting: (() => void)[] = [];

  constructor(response: ServerResponse) {
    this.#response = response;
    response.on('drain', this.#release);
    response.once('close', this.#release);
  }

  /** Nothing happens when it was written before or the client has hung up. */
  head(status: number, headers: readonly string[], close: boolean): void {
    if (this.#response.headersSent || this.#gone) return;
    this.#response.writeHead(status, close ? [...headers, 'connection', 'close'] : [...headers]);
    // The client sees the status before the handler has written anything.
    this.#response.flushHeaders();
  }

  /** @returns false when the client is slower than the handler */
  write(chunk: Uint8Array): boolean {
    return this.#gone || chunk.length === 0 || this.#response.write(chunk);
  }

  /** Calls back once, when there is room again. */
  onDrain(callback: () => void): void {
    if (this.#gone || !this.#response.writableNeedDrain) callback();
    else this.#waiting.push(callback);
  }

  end(last?: Uint8Array): void {
    if (!this.#gone) this.#response.end(last);
  }

  /** Ends the connection without the end of the message: what was written arrives, and the client knows that it is not all. */
  cut(): void {
    if (!this.#gone) this.#response.socket?.end();
  }

  get #gone(): boolean {
    return this.#response.destroyed || this.#response.writableEnded;
  }

  readonly #release = (): void => {
    for (const callback of this.#waiting.splice(0)) callback();
  };
}
