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
  /** Epoch ms of each line. */
  readonly ats: number[];
  size: number;
  full: boolean;
}

/** @typeParam Key what a log is of: the id of a running invocation, the record of one that has ended */
export class LogStore<Key> {
  /** In order of their first line or of their claim, so the first is the oldest. */
  readonly #logs = new Map<Key, Log>();
  #total = 0;
  readonly #onDropped: (key: Key) => void;

  /** @param onDropped told of a log that had to go while it may still be asked for */
  constructor(onDropped: (key: Key) => void = () => undefined) {
    this.#onDropped = onDropped;
  }

  /** Adds one line; a line break at its end is not part of it. @param at epoch ms */
  append(key: Key, text: string, at: number): void {
    let log = this.#logs.get(key);
    if (!log) {
      log = { lines: [], ats: [], size: LOG_COST, full: false };
      this.#logs.set(key, log);
      this.#total += LOG_COST;
    }
    if (log.full) return;
    const room = MAX_LOG_CHARS - log.size;
    const line = text.length > room ? text.slice(0, room) : text;
    log.lines.push(line.endsWith('\n') ? line.slice(0, -1) : line);
    log.ats.push(at);
    if (line !== text) {
      log.full = true;
      log.lines.push(CUT);
      log.ats.push(at);
    }
    this.#grow(log, line.length + LINE_COST);
  }

  lines(key: Key): readonly string[] {
    return this.#logs.get(key)?.lines ?? [];
  }

  /** What was printed under `from` is `to`'s now, and `from` begins anew. */
  claim(from: Key, to: Key): void {
    const log = this.#logs.get(from);
    if (!log) return;
    this.#logs.delete(from);
    this.#logs.set(to, log);
  }

  /** As `claim`, but lines from before `since` (epoch ms) are added to `earlier`. */
  divide(from: Key, since: number, earlier: Key, to: Key): void {
    const log = this.#logs.get(from);
    if (!log) return;
    this.delete(from);
    log.lines.forEach((line, i) => {
      const at = log.ats[i] ?? 0;
      this.append(at < since ? earlier : to, line, at);
    });
  }

  /** Forgets a log, because its invocation is forgotten. */
  delete(key: Key): void {
    const log = this.#logs.get(key);
    if (!log) return;
    this.#logs.delete(key);
    this.#total -= log.size;
  }

  #grow(log: Log, by: number): void {
    log.size += by;
    this.#total += by;
    if (log.size >= MAX_LOG_CHARS && !log.full) {
      log.full = true;
      log.lines.push(CUT);
      log.ats.push(log.ats.at(-1) ?? 0);
    }
    for (const key of this.#logs.keys()) {
      if (this.#total <= MAX_TOTAL_CHARS) return;
      this.delete(key);
      this.#onDropped(key);
    }
  }
}

/** What stands in place of a log that was dropped. */
export const DROPPED_LINE = DROPPED;
