import type { DebuggerPort } from '../../contract/snapshot.js';

/**
 * What tells, from outside, that a debugger has attached, and that it has set its breakpoints. Editors and tools also knock
 * at a debugger's port without attaching: to see whether it is there, to ask which targets it has.
 */
export interface Watcher {
  /** Bytes of the debugger. */
  fromClient(chunk: Buffer): void;
  /** Bytes of the runtime. */
  fromRuntime(chunk: Buffer): void;
}

export interface WatcherEvents {
  /** Once: this connection is a debugger's. */
  attached(): void;
  /** Once: it has told the program to run. */
  ready(): void;
}

export type DebugProtocol = DebuggerPort['protocol'];

export const watchers = {
  /** DevTools protocol over a WebSocket: attached with the upgrade; `/json/list` and the like are plain HTTP. */
  inspector(events) {
    let attached = false;
    let answer: Search | undefined;
    const messages = new ClientMessages((text) => {
      if (answer || !text.includes('"Runtime.runIfWaitingForDebugger"')) return;
      // Done when it is answered: whatever was asked for before has been done then, too.
      const id = /"id":\s*(\d+)/.exec(text)?.[1] ?? '';
      answer = new Search(`"id":${id},`, () => events.ready());
    });
    return {
      // Nothing but the upgrade itself comes before its answer.
      fromClient: (chunk) => attached && messages.push(chunk),
      fromRuntime(chunk) {
        answer?.push(chunk);
        if (attached || !chunk.subarray(0, 12).toString('latin1').startsWith('HTTP/1.1 101')) return;
        attached = true;
        events.attached();
      },
    };
  },

  /** Debug Adapter Protocol: attached with its first message; a probe of the port sends none. */
  debugpy(events) {
    // The answer has the name of what was asked for.
    const configured = new Search('"configurationDone"', () => events.ready());
    let attached = false;
    return {
      fromRuntime: (chunk) => configured.push(chunk),
      fromClient() {
        if (!attached) events.attached();
        attached = true;
      },
    };
  },
} as const satisfies Record<DebugProtocol, (events: WatcherEvents) => Watcher>;

/** Finds a text once in a byte stream, however it is torn. */
export class Search {
  private rest = '';
  private found = false;

  constructor(
    private readonly text: string,
    private readonly onFound: () => void,
  ) {}

  push(chunk: Buffer): void {
    if (this.found) return;
    const seen = this.rest + chunk.toString('latin1');
    this.rest = seen.slice(1 - this.text.length);
    if (!seen.includes(this.text)) return;
    this.found = true;
    this.onFound();
  }
}

/** Longest head of a WebSocket frame: two bytes, a length of eight, a mask of four (RFC 6455, section 5.2). */
const MAX_HEAD = 14;
/** Longer messages are not the ones that are looked for. */
const MAX_MESSAGE = 65_536;

/** What a WebSocket client sends, whose frames are masked. A message in several frames is told as several. */
export class ClientMessages {
  private head = Buffer.alloc(0);
  private mask = Buffer.alloc(4);
  /** Bytes of the running frame's payload that are still to come, and that have come. */
  private left = 0;
  private at = 0;
  private text = '';

  constructor(private readonly onMessage: (text: string) => void) {}

  push(chunk: Buffer): void {
    let data = chunk;
    while (data.length > 0) data = this.left > 0 ? this.payload(data) : this.begin(data);
  }

  /** @returns what follows the frame's head; nothing when that is not whole yet */
  private begin(data: Buffer): Buffer {
    const held = this.head.length;
    const all = Buffer.concat([this.head, data.subarray(0, MAX_HEAD - held)]);
    const short = (all[1] ?? 0) & 0x7f;
    const extra = short === 127 ? 8 : short === 126 ? 2 : 0;
    const size = 2 + extra + 4;
    if (all.length < size) {
      this.head = all;
      return Buffer.alloc(0);
    }
    this.left = extra === 8 ? Number(all.readBigUInt64BE(2)) : extra === 2 ? all.readUInt16BE(2) : short;
    this.at = 0;
    this.mask = all.subarray(2 + extra, size);
    this.head = Buffer.alloc(0);
    return data.subarray(size - held);
  }

  private payload(data: Buffer): Buffer {
    const part = Buffer.from(data.subarray(0, this.left));
    for (let i = 0; i < part.length; i++, this.at++) part[i] = (part[i] as number) ^ (this.mask[this.at & 3] as number);
    this.left -= part.length;
    if (this.text.length < MAX_MESSAGE) this.text += part.toString('latin1');
    if (this.left === 0) {
      if (this.text.length < MAX_MESSAGE) this.onMessage(this.text);
      this.text = '';
    }
    return data.subarray(part.length);
  }
}
