import type { InvocationDetail, InvocationRecord } from '../contract/records.js';
import { DROPPED_LINE, LogStore } from './logs.js';
import { endLine, hasLog, initStartLine, platformErrorLines, reportLines, startLine } from './report.js';

/** Invocations kept of one function. */
export const RECORDS_PER_FUNCTION = 500;
/** Bytes kept of an event and of a payload. */
export const MAX_BODY_BYTES = 65_536;
/** Bytes of events and payloads kept in all; beyond it the oldest lose theirs. */
export const MAX_TOTAL_BODY_BYTES = 67_108_864;
/** Lambda's X-Amz-Log-Result holds the last 4 KB. */
export const LOG_TAIL_BYTES = 4_096;

/** One attempt: those of an asynchronous invocation share their request id. */
interface Entry {
  readonly record: InvocationRecord;
  readonly sequence: number;
  readonly endedAt: number;
  readonly initLog: readonly string[];
  /** Undefined once it had to go. */
  bodies: { readonly event: Buffer; readonly payload: Buffer } | undefined;
  logDropped: boolean;
}

/** The last invocations of one function, the oldest overwritten first. */
class Ring {
  readonly #entries: Entry[] = [];
  #next = 0;

  /** @returns the entry that had to go */
  push(entry: Entry): Entry | undefined {
    const old = this.#entries[this.#next];
    this.#entries[this.#next] = entry;
    this.#next = (this.#next + 1) % RECORDS_PER_FUNCTION;
    return old;
  }

  /** Newest first. */
  newest(limit: number): Entry[] {
    const length = Math.min(Math.max(Math.trunc(limit), 0), this.#entries.length);
    return Array.from({ length }, (_, i) => {
      const index = (this.#next - 1 - i + RECORDS_PER_FUNCTION) % RECORDS_PER_FUNCTION;
      return this.#entries[index] as Entry;
    });
  }
}

/** What is remembered of single invocations. Nothing is formatted until someone asks for it. */
export class RecordStore {
  readonly #rings = new Map<string, Ring>();
  /** The newest attempt. */
  readonly #byId = new Map<string, Entry>();
  /** Under the request id as long as nobody knows whose the lines are: the attempt that runs, or one that goes on printing. */
  readonly #logs = new LogStore<Entry | string>((key) => {
    const entry = typeof key === 'string' ? this.#byId.get(key) : key;
    if (entry) entry.logDropped = true;
  });
  /** Entries with bodies, oldest first from `#head`. */
  #bodies: Entry[] = [];
  #head = 0;
  #bodyBytes = 0;
  #sequence = 0;
  readonly #runtimeVersion: (functionName: string) => string;

  /** @param runtimeVersion for INIT_START, such as `nodejs:20` */
  constructor(runtimeVersion: (functionName: string) => string) {
    this.#runtimeVersion = runtimeVersion;
  }

  add(
    record: InvocationRecord,
    event: Buffer,
    payload: Buffer,
    endedAt: number,
    initLog: readonly string[] = [],
  ): void {
    const bodies = { event: keep(event), payload: keep(payload) };
    const entry: Entry = { record, sequence: this.#sequence++, endedAt, initLog, bodies, logDropped: false };
    let ring = this.#rings.get(record.function);
    if (!ring) this.#rings.set(record.function, (ring = new Ring()));
    const old = ring.push(entry);
    if (old) this.#forget(old);
    this.#claimLog(entry);
    this.#byId.set(record.requestId, entry);
    this.#bodies.push(entry);
    this.#bodyBytes += bodies.event.length + bodies.payload.length;
    this.#boundBodies();
  }

  /** @param at epoch ms */
  log(requestId: string, text: string, at: number): void {
    this.#logs.append(requestId, text, at);
  }

  /** Newest first; of all functions when none is named. */
  recent(functionName: string | undefined, limit: number): readonly InvocationRecord[] {
    if (functionName !== undefined) {
      return (this.#rings.get(functionName)?.newest(limit) ?? []).map((entry) => entry.record);
    }
    const all = [...this.#rings.values()].flatMap((ring) => ring.newest(limit));
    return all
      .sort((a, b) => b.sequence - a.sequence)
      .slice(0, Math.max(limit, 0))
      .map((entry) => entry.record);
  }

  /** Every record of a trace that is remembered. */
  ofTrace(traceId: string): readonly InvocationRecord[] {
    return this.recent(undefined, Infinity).filter((record) => record.traceId === traceId);
  }

  /** Of the newest attempt. */
  detail(requestId: string): InvocationDetail | undefined {
    const entry = this.#byId.get(requestId);
    if (!entry) return undefined;
    return {
      ...entry.record,
      log: this.logOf(requestId),
      event: text(entry.bodies?.event),
      payload: text(entry.bodies?.payload),
    };
  }

  /** INIT_START of a cold start, START, the handler's lines, END, REPORT; of the newest attempt. */
  logOf(requestId: string): readonly string[] {
    const entry = this.#byId.get(requestId);
    const unclaimed = this.#logs.lines(requestId);
    if (!entry) return unclaimed;
    const lines = [...this.#logs.lines(entry), ...unclaimed];
    const { record } = entry;
    if (!hasLog(record)) return lines;
    return [
      ...(record.initMs === undefined ? [] : [initStartLine(this.#runtimeVersion(record.function))]),
      ...entry.initLog,
      startLine(requestId),
      ...(entry.logDropped ? [DROPPED_LINE] : []),
      ...lines,
      ...platformErrorLines(record, entry.endedAt),
      endLine(requestId),
      ...reportLines(record),
    ];
  }

  /** The end of the log from START on (the init phase is not part of an invocation's log result), 4 KB at most. */
  logTail(requestId: string): Buffer {
    const lines = this.logOf(requestId);
    const start = lines[0]?.startsWith('INIT_START') ? 1 : 0;
    const parts: Buffer[] = [];
    let size = 0;
    for (let i = lines.length - 1; i >= start && size < LOG_TAIL_BYTES; i--) {
      const part = Buffer.from(`${lines[i] ?? ''}\n`);
      parts.unshift(part);
      size += part.length;
    }
    const tail = Buffer.concat(parts).subarray(-LOG_TAIL_BYTES);
    // The cut may fall into a character: what is left of it (UTF-8 continuation bytes) goes too.
    let from = 0;
    while (size > LOG_TAIL_BYTES && ((tail[from] ?? 0) & 0xc0) === 0x80) from++;
    return tail.subarray(from);
  }

  /**
   * Lines name the request id only. Those since the attempt before ended are this one's if they came after it began; the
   * others are what the instance of the one before still printed.
   */
  #claimLog(entry: Entry): void {
    const { requestId, at } = entry.record;
    const before = this.#byId.get(requestId);
    if (before) this.#logs.divide(requestId, at, before, entry);
    else this.#logs.claim(requestId, entry);
  }

  #forget(entry: Entry): void {
    this.#logs.delete(entry);
    // Not of an earlier attempt: the newest stays.
    if (this.#byId.get(entry.record.requestId) === entry) {
      this.#byId.delete(entry.record.requestId);
      this.#logs.delete(entry.record.requestId);
    }
    this.#strip(entry);
  }

  #strip(entry: Entry): void {
    if (!entry.bodies) return;
    this.#bodyBytes -= entry.bodies.event.length + entry.bodies.payload.length;
    entry.bodies = undefined;
  }

  /** Drops bodies from the oldest on, and the list's own dead front now and then. */
  #boundBodies(): void {
    while (this.#head < this.#bodies.length) {
      const oldest = this.#bodies[this.#head] as Entry;
      if (oldest.bodies && this.#bodyBytes <= MAX_TOTAL_BODY_BYTES) break;
      this.#strip(oldest);
      this.#head++;
    }
    // A function that is never invoked again keeps its entries at the front alive; the stripped ones behind them go here.
    if (this.#bodies.length > 2 * (this.#byId.size + RECORDS_PER_FUNCTION)) {
      this.#bodies = this.#bodies.slice(this.#head).filter((entry) => entry.bodies !== undefined);
      this.#head = 0;
    }
  }
}

/** The first 64 KB, without keeping a much larger buffer alive that it may be a slice of. */
function keep(buffer: Buffer): Buffer {
  const part = buffer.length > MAX_BODY_BYTES ? buffer.subarray(0, MAX_BODY_BYTES) : buffer;
  return part.buffer.byteLength > 2 * part.length + 8_192 ? Buffer.from(part) : part;
}

function text(body: Buffer | undefined): string {
  return body === undefined ? '' : body.toString('utf8');
}
