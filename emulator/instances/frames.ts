/**
 * The private channel between an instance's host and its bootstrap: a byte stream in both directions on the process's
 * file descriptor 3. A frame is `u32le length` (of what follows), `u8 type`, body. Types have their high bit set, so that
 * text which a handler writes to that descriptor by mistake is recognised as garbage at its fifth byte.
 *
 * Payloads are raw bytes and never encoded a second time: this is the hot path.
 */

export const Frame = {
  /** host → instance: u32le header length, header JSON, event bytes. */
  Invoke: 0xa1,
  /** host → instance: end now, no invocation is running. */
  Stop: 0xa2,
  /** host → instance, which waits for a debugger: load the handler. */
  Proceed: 0xa3,
  /** instance → host: the handler is loaded. */
  Ready: 0xb1,
  /** instance → host: JSON {@link InitErrorBody}; the process ends after it. */
  InitError: 0xb2,
  /** instance → host: u32le peak memory in kB, result bytes. */
  Result: 0xb3,
  /** instance → host: u32le peak memory in kB, u8 {@link ErrorOrigin}, error payload bytes. */
  Error: 0xb4,
  /** instance → host: error payload bytes; the process ends after it. */
  Fatal: 0xb5,
  /** instance → host: u8 {@link LogKind}, UTF-8 text. */
  Log: 0xb6,
  /** instance → host: JSON of an Operation. */
  Operation: 0xb7,
  /** instance → host: a streamed response begins; its content type, UTF-8, may be empty. */
  StreamStart: 0xb8,
  /** instance → host: bytes of a streamed response. */
  StreamChunk: 0xb9,
  /** instance → host: u32le peak memory in kB; then nothing, or the payload of an error that ended the response. */
  StreamEnd: 0xba,
  /** instance → host: JSON {@link DebuggerBody}, once, before the handler is loaded. */
  Debugger: 0xbb,
} as const;

/** What went wrong: the handler threw, or its result could not be answered with. */
export const ErrorOrigin = { Handler: 0, Response: 1 } as const;

/** One whole message, or a piece of what the handler wrote to standard output or error. */
export const LogKind = { Message: 0, Stdout: 1, Stderr: 2 } as const;

export interface InitErrorBody {
  readonly error: { readonly errorType: string; readonly errorMessage: string };
  readonly place?: { readonly file: string; readonly line?: number; readonly column?: number };
}

/** Where the runtime's debugger listens on the loopback interface, or why it does not. */
export type DebuggerBody = { readonly port: number } | { readonly problem: string };

const HEAD_BYTES = 5;
/** A result is refused at 6 MB and a log at 1 MB by the bootstraps; more than this is not theirs. */
const MAX_FRAME_BYTES = 32 * 1024 * 1024;
/** Above this a payload is written on its own instead of being copied into the frame. */
const COPY_BYTES = 64 * 1024;
const FIRST_TYPE: number = Frame.Ready;
const LAST_TYPE: number = Frame.Debugger;

/** Where frames are written: a socket. */
export interface FrameSink {
  write(chunk: Buffer): boolean;
}

/**
 * @param header JSON text of {id, deadline, arn, …}
 * @param payload JSON text of the event
 */
export function writeInvoke(sink: FrameSink, header: string, payload: Buffer): void {
  const headerBytes = Buffer.byteLength(header);
  const length = 5 + headerBytes + payload.length;
  const inline = payload.length <= COPY_BYTES;
  const frame = Buffer.allocUnsafe(9 + headerBytes + (inline ? payload.length : 0));
  frame.writeUInt32LE(length, 0);
  frame[4] = Frame.Invoke;
  frame.writeUInt32LE(headerBytes, 5);
  frame.write(header, 9, 'utf8');
  if (inline) payload.copy(frame, 9 + headerBytes);
  sink.write(frame);
  if (!inline) sink.write(payload);
}

/** A whole frame of the given type. */
export function encodeFrame(type: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + body.length);
  frame.writeUInt32LE(1 + body.length, 0);
  frame[4] = type;
  body.copy(frame, HEAD_BYTES);
  return frame;
}

export type OnFrame = (type: number, body: Buffer) => void;

/**
 * Cuts a byte stream into frames, however it is torn or coalesced. Bodies are views of the received chunks; only a frame
 * that spans chunks is copied, once.
 */
export class FrameParser {
  /** Bytes of an unfinished frame; joined once the frame is complete. */
  private chunks: Buffer[] = [];
  private held = 0;
  /** Whole size of the unfinished frame, once its head is known. */
  private wanted = HEAD_BYTES;

  constructor(private readonly onFrame: OnFrame) {}

  /** @returns false when the bytes are not frames; the stream cannot be understood from there on */
  push(chunk: Buffer): boolean {
    if (this.held === 0) return this.consume(chunk);
    this.chunks.push(chunk);
    this.held += chunk.length;
    if (this.held < this.wanted) return true;
    const joined = Buffer.concat(this.chunks, this.held);
    this.chunks = [];
    this.held = 0;
    return this.consume(joined);
  }

  private consume(data: Buffer): boolean {
    let at = 0;
    while (data.length - at >= HEAD_BYTES) {
      const length = data.readUInt32LE(at);
      const type = data[at + 4] as number;
      if (type < FIRST_TYPE || type > LAST_TYPE || length === 0 || length > MAX_FRAME_BYTES) return false;
      const end = at + 4 + length;
      if (end > data.length) return this.hold(data.subarray(at), 4 + length);
      this.onFrame(type, data.subarray(at + HEAD_BYTES, end));
      at = end;
    }
    return at === data.length || this.hold(data.subarray(at), HEAD_BYTES);
  }

  private hold(rest: Buffer, wanted: number): true {
    this.chunks = [rest];
    this.held = rest.length;
    this.wanted = wanted;
    return true;
  }
}
