import { MAX_PAYLOAD_BYTES } from '../contract/config.js';
import { reported, tooLarge } from './outcomes.js';
import type { ResponseSink, RunResult } from './types.js';

/** What is kept of a response that goes to a sink, for its record, in bytes. */
const KEPT_BYTES = 65_536;
/** A streamed response may have 200 MB [D]. */
export const MAX_STREAM_BYTES = 209_715_200;

/** A response in the making: handed on to its consumer, or gathered when the caller wants it whole. */
export class StreamedResponse {
  private readonly chunks: Buffer[] = [];
  private kept = 0;
  private bytes = 0;

  constructor(private readonly sink: ResponseSink | undefined) {}

  start(contentType: string): void {
    this.sink?.start(contentType);
  }

  /** @returns false when the sink wants no more for now */
  write(chunk: Buffer): boolean {
    const { sink } = this;
    const room = (sink ? KEPT_BYTES : MAX_PAYLOAD_BYTES) - this.kept;
    if (room > 0) this.chunks.push(Buffer.from(chunk.subarray(0, room)));
    this.kept += Math.min(room, chunk.length);
    this.bytes += chunk.length;
    return sink && this.bytes <= MAX_STREAM_BYTES ? sink.write(chunk) : true;
  }

  /** @param error payload of what ended it, JSON; undefined when it is complete */
  end(error: Buffer | undefined, maxMemoryMb: number | undefined): RunResult {
    const streamed = this.sink ? { streamed: this.bytes } : {};
    if (error) return { ...reported('function', error, maxMemoryMb), ...streamed };
    const limit = this.sink ? MAX_STREAM_BYTES : MAX_PAYLOAD_BYTES;
    if (this.bytes > limit) return { ...tooLarge(maxMemoryMb), ...streamed };
    const payload = Buffer.concat(this.chunks);
    return { ok: true, payload, ...streamed, ...(maxMemoryMb === undefined ? {} : { maxMemoryMb }) };
  }
}
