import { StringDecoder } from 'node:string_decoder';

/** Characters of output until the next invocation begins; the rest is dropped, with one line that says so. */
export const MAX_OUTPUT = 1_048_576;
/** A line without an end is passed on at this size. */
const MAX_LINE = 65_536;
/** What a line counts beside its text: many empty ones are much, too. */
const LINE_COST = 32;

/** Where output comes from: the bootstrap's own frames, or the process's pipes. */
export type OutputStream = 'stdout' | 'stderr' | 'pipe-stdout' | 'pipe-stderr';

/**
 * What one instance prints, as lines. `onLine` gets each, without its line end; pieces of a line are put together per
 * stream, and the rest of one is passed on when the invocation ends. What is printed by a start, and by what an invocation
 * leaves running, is bounded as that of an invocation is.
 */
export class OutputCollector {
  private used = 0;
  private told = false;
  private readonly rests = new Map<OutputStream, string>();
  private readonly decoders = new Map<OutputStream, StringDecoder>();

  constructor(private readonly onLine: (text: string) => void) {}

  /** A new invocation begins: it has its own allowance. */
  begin(): void {
    this.flush();
    this.used = 0;
    this.told = false;
  }

  /** One whole message, which may have several lines and stays together as it does in Lambda's log. */
  message(text: string): void {
    this.pass(text);
  }

  chunk(stream: OutputStream, chunk: Buffer): void {
    // A flood costs next to nothing from here on.
    if (this.told) return;
    let decoder = this.decoders.get(stream);
    if (!decoder) this.decoders.set(stream, (decoder = new StringDecoder('utf8')));
    const lines = ((this.rests.get(stream) ?? '') + decoder.write(chunk)).split('\n');
    let rest = lines.pop() ?? '';
    for (const line of lines) if (!this.pass(line.endsWith('\r') ? line.slice(0, -1) : line)) return;
    for (; rest.length > MAX_LINE; rest = rest.slice(MAX_LINE)) if (!this.pass(rest.slice(0, MAX_LINE))) return;
    this.rests.set(stream, rest);
  }

  /** Passes on lines that have no end. */
  flush(): void {
    if (this.rests.size === 0) return;
    const rests = [...this.rests.values()];
    this.rests.clear();
    for (const rest of rests) if (rest) this.pass(rest);
  }

  /** @returns false when there is no more room */
  private pass(text: string): boolean {
    if (this.used >= MAX_OUTPUT) {
      this.refuse();
      return false;
    }
    this.used += text.length + LINE_COST;
    this.onLine(text);
    return true;
  }

  private refuse(): void {
    if (this.told) return;
    this.told = true;
    this.rests.clear();
    this.onLine('[faultline] more than 1 MB of output: the rest is not shown until the next invocation');
  }
}
