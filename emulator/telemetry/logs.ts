/** What handlers print, by invocation: bounded for each one and in total, whatever a handler does. */

/** Characters kept of one invocation's output. */
export const MAX_LOG_CHARS = 262_144;
/** Characters kept of all invocations together; beyond it the oldest log goes first. */
export const MAX_TOTAL_CHARS = 33_554_432;
/** Rough cost of a line and of a log beside their text, so that many empty ones are bounded too. */
const LINE_COST = 32;
const LOG_COST = 256;

const CUT = `[faultline] log cut: more than ${MAX_LOG_CHARS / 1_024} KB in one invocation`;
const DROPPED = `[faultline] log dropped: more than ${MAX_TOTAL_CHARS / 1_048_576} MB since`;

interface Log {
  readonly lines: string[];
  size: number;
  full: boolean;
}

export class LogStore {
  /** In order of their first line, so the first is the oldest. */
  readonly #logs = new Map<string, Log>();
  #total = 0;
  readonly #onDropped: (requestId: string) => void;

  /** @param onDropped told of a log that had to go while it may still be asked for */
  constructor(onDropped: (requestId: string) => void = () => undefined) {
    this.#onDropped = onDropped;
  }

  /** Adds one line; a line break at its end is not part of it. */
  append(requestId: string, text: string): void {
    let log = this.#logs.get(requestId);
    if (!log) {
      log = { lines: [], size: LOG_COST, full: false };
      this.#logs.set(requestId, log);
      this.#total += LOG_COST;
    }
    if (log.full) return;
    const room = MAX_LOG_CHARS - log.size;
    const line = text.length > room ? text.slice(0, room) : text;
    log.lines.push(line.endsWith('\n') ? line.slice(0, -1) : line);
    if (line !== text) {
      log.full = true;
      log.lines.push(CUT);
    }
    this.#grow(log, line.length + LINE_COST);
  }

  lines(requestId: string): readonly string[] {
    return this.#logs.get(requestId)?.lines ?? [];
  }

  /** Forgets a log, because its invocation is forgotten. */
  delete(requestId: string): void {
    const log = this.#logs.get(requestId);
    if (!log) return;
    this.#logs.delete(requestId);
    this.#total -= log.size;
  }

  #grow(log: Log, by: number): void {
    log.size += by;
    this.#total += by;
    if (log.size >= MAX_LOG_CHARS && !log.full) {
      log.full = true;
      log.lines.push(CUT);
    }
    for (const requestId of this.#logs.keys()) {
      if (this.#total <= MAX_TOTAL_CHARS) return;
      this.delete(requestId);
      this.#onDropped(requestId);
    }
  }
}

/** What stands in place of a log that was dropped. */
export const DROPPED_LINE = DROPPED;
