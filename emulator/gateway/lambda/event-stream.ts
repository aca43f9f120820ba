import type { ServerResponse } from 'node:http';
import { EventStreamCodec } from '@smithy/core/event-streams';
import type { ResponseSink } from '../../instances/types.js';
import { PacedResponse } from '../paced-response.js';

/** How a streamed invocation ended; empty for one that succeeded without a log asked for. */
export interface InvokeComplete {
  readonly ErrorCode?: string;
  /** Payload of the error, JSON text. */
  readonly ErrorDetails?: string;
  /** Base64. */
  readonly LogResult?: string;
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
);

type EventType = 'PayloadChunk' | 'InvokeComplete';

/** One message of application/vnd.amazon.eventstream: lengths, headers, payload, checksums. */
export function encodeEvent(type: EventType, contentType: string, body: Uint8Array): Uint8Array {
  return codec.encode({
    headers: {
      ':message-type': { type: 'string', value: 'event' },
      ':event-type': { type: 'string', value: type },
      ':content-type': { type: 'string', value: contentType },
    },
    body,
  });
}

/** A response as InvokeWithResponseStream sends it: a PayloadChunk for every write, and InvokeComplete [D]. */
export class EventStreamSink implements ResponseSink {
  readonly #response: PacedResponse;
  readonly #headers: readonly string[];
  readonly #close: boolean;

  /** @param close true asks the client not to reuse the connection */
  constructor(response: ServerResponse, headers: readonly string[], close: boolean) {
    this.#response = new PacedResponse(response);
    this.#headers = ['content-type', 'application/vnd.amazon.eventstream', ...headers];
    this.#close = close;
  }

  start(): void {
    this.#response.head(200, this.#headers, this.#close);
  }

  write(chunk: Buffer): boolean {
    this.start();
    return this.#response.write(encodeEvent('PayloadChunk', 'application/octet-stream', chunk));
  }

  onDrain(callback: () => void): void {
    this.#response.onDrain(callback);
  }

  /** After a defect of ours: what has begun cannot be completed, and must not look as if it were. */
  abort(): void {
    this.#response.cut();
  }

  complete(outcome: InvokeComplete): void {
    this.start();
    this.#response.end(encodeEvent('InvokeComplete', 'application/json', Buffer.from(JSON.stringify(outcome))));
  }
}
