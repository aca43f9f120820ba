import { StringDecoder } from 'node:string_decoder';

/** Bytes of output that one invocation may make; the rest is dropped, with one line that says so. */
export const MAX_OUTPUT_BYTES = 1_048_576;
/** A line without an end is passed on at this size. */
const MAX_LINE = 65_536;

/** Where output comes from: the bootstrap's own frames, or the process's pipes. */
export type OutputStream = 'stdout' | 'stderr' | 'pipe-stdout' | 'pipe-stderr';

/**
 * What one instance prints, as lines. `onLine` gets each, without its line end; pieces of a line are put together per
 * stream, and the rest of one is passed on when the invocation ends.
 */
export class OutputCollector {
  private bytes = 0;
  private readonly rests = new Map<OutputStream, string>();
  private readonly decoders = new Map<OutputStream, StringDecoder>();

  constructor(private readonly onLine: (text: string) => void) {}

  /** A new invocation begins: it has its own allowance. */
  begin(): void {
    this.flush();
    this.bytes = 0;
  }

  /** One whole message, which may have several lines and stays together as it does in Lambda's log. */
  message(text: string): void {
    if (this.take(text.length)) this.onLine(text);
  }

  chunk(stream: OutputStream, chunk: Buffer): void {
    if (!this.take(chunk.length)) return;
    let decoder = this.decoders.get(stream);
    if (!decoder) this.decoders.set(stream, (decoder = new StringDecoder('utf8')));
    const lines = ((this.rests.get(stream) ?? '') + decoder.write(chunk)).split('\n');
    let rest = lines.pop() ?? '';
    for (const line of lines) this.onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    for (; rest.length > MAX_LINE; rest = rest.slice(MAX_LINE)) this.onLine(rest.slice(0, MAX_LINE));
    this.rests.set(stream, rest);
  }

  /** Passes on lines that have no end. */
  flush(): void {
    if (this.rests.size === 0) return;
    for (const rest of this.rests.values()) if (rest) this.onLine(rest);
    this.rests.clear();
  }

  private take(bytes: number): boolean {
    const before = this.bytes;
    this.bytes += bytes;
    if (this.bytes <= MAX_OUTPUT_BYTES) return true;
    if (before <= MAX_OUTPUT_BYTES) {
      this.flush();
      this.onLine('[faultline] more than 1 MB of output in one invocation: the rest is not shown');
    }
    return false;
  }
}
