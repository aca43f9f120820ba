import type { ServerResponse } from 'node:http';
import type { ResponseSink, RunResult } from '../../instances/types.js';
import { send, type Reply } from '../../http-reply.js';
import { hasContentType } from '../http-result.js';
import { PacedResponse } from '../paced-response.js';
import { FUNCTION_URL } from './front.js';
import { INTEGRATION_RESPONSE, Prelude, type Head } from './prelude.js';

const BYTES = 'application/octet-stream';

export interface StreamSinkOptions {
  /** Names and values that every answer has. */
  readonly headers: readonly string[];
  /** True asks the client not to reuse the connection. */
  readonly close: boolean;
  /** Told what is wrong with a response that is refused. */
  defect(what: string): void;
}

/**
 * A response on its way through a function URL in RESPONSE_STREAM mode. Its head is written with its first byte: status,
 * headers and cookies of the prelude, or 200 and the handler's content type when there is none. What fails before that is a
 * 502, what fails after it a connection that ends before the message does.
 */
export class UrlStreamSink implements ResponseSink {
  readonly #response: ServerResponse;
  readonly #paced: PacedResponse;
  readonly #options: StreamSinkOptions;
  #contentType = BYTES;
  #prelude: Prelude | undefined;
  /** Of the head that was written. */
  #status: number | undefined;
  #refused = false;

  constructor(response: ServerResponse, options: StreamSinkOptions) {
    this.#response = response;
    this.#paced = new PacedResponse(response);
    this.#options = options;
  }

  start(contentType: string): void {
    if (contentType.split(';', 1)[0]?.trim().toLowerCase() === INTEGRATION_RESPONSE) this.#prelude = new Prelude();
    else if (contentType !== '') this.#contentType = contentType;
  }

  write(chunk: Buffer): boolean {
    if (this.#refused) return true;
    if (this.#prelude === undefined) {
      this.#begin();
      return this.#paced.write(chunk);
    }
    const found = this.#prelude.push(chunk);
    if (found === undefined) return true;
    if (typeof found === 'string') return this.#refuse(found);
    this.#prelude = undefined;
    this.#begin(found.head);
    return this.#paced.write(found.rest);
  }

  onDrain(callback: () => void): void {
    this.#paced.onDrain(callback);
  }

  /** The status that the caller sees of this result; asked before `end`. */
  statusOf(result: RunResult): number {
    return this.#status ?? this.#unbegun(result)?.status ?? 200;
  }

  end(result: RunResult): void {
    if (this.#status === undefined) {
      const reply = this.#unbegun(result);
      if (reply) return this.#send(reply);
      this.#begin();
    }
    if (result.ok) this.#paced.end();
    else this.#paced.cut();
  }

  /** After a defect of ours. */
  abort(): void {
    if (this.#status === undefined) this.#send(FUNCTION_URL.failed);
    else this.#paced.cut();
  }

  /** The whole answer to a result that has not begun to stream; undefined when there is an empty stream to end. */
  #unbegun(result: RunResult): Reply | undefined {
    if (!result.ok) return result.kind === 'throttled' ? FUNCTION_URL.throttled(result.payload) : FUNCTION_URL.failed;
    // Its bytes as they are: the shape with a statusCode is for the other mode.
    if (result.streamed === undefined) {
      return { status: 200, headers: ['content-type', 'application/json'], body: result.payload };
    }
    return this.#refused || this.#prelude !== undefined ? FUNCTION_URL.failed : undefined;
  }

  #begin(head: Head = { status: 200, headers: [] }): void {
    if (this.#status !== undefined) return;
    this.#status = head.status;
    const headers = [...head.headers, ...this.#options.headers];
    if (!hasContentType(headers)) headers.push('content-type', this.#contentType);
    this.#paced.head(head.status, headers, this.#options.close);
  }

  #refuse(what: string): true {
    this.#refused = true;
    this.#options.defect(what);
    return true;
  }

  #send(reply: Reply): void {
    send(this.#response, reply, this.#options.close, ...this.#options.headers);
  }
}
