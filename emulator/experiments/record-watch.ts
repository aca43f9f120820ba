import type { Clock, Timer } from '../clock.js';
import type { Emulator } from '../contract/library.js';
import type { InvocationRecord } from '../contract/records.js';

/** How often records are read, in ms. */
const EVERY_MS = 200;
/** Records of a function that are read at first; all that there are when none of them is known yet. */
const FIRST = 64;

/**
 * Reads the invocations of a run as they end: the emulator remembers only the last 500 of each function, an experiment has
 * more.
 */
export class RecordWatch {
  /** In the order in which they were read. */
  readonly records: InvocationRecord[] = [];
  readonly #seen = new Map<string, Set<string>>();
  #missed = false;
  #timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly emulator: Pick<Emulator, 'invocations' | 'snapshot'>,
    private readonly onRecord?: (record: InvocationRecord) => void,
  ) {
    // What was before it is known, and not read.
    this.#read(false);
    this.#next();
  }

  /** More ended between two readings than the emulator remembers: some are not among the records. */
  get missed(): boolean {
    return this.#missed;
  }

  /** Reads what has ended by now. */
  read(): void {
    this.#read(true);
  }

  dispose(): void {
    this.#timer?.cancel();
  }

  #next(): void {
    this.#timer = this.clock.after(EVERY_MS, () => {
      this.read();
      this.#next();
    });
  }

  #read(keep: boolean): void {
    for (const { name } of this.emulator.snapshot().functions) {
      const seen = this.#seen.get(name) ?? new Set();
      const fresh = this.#fresh(name, seen);
      this.#seen.set(name, seen);
      for (const record of fresh.reverse()) {
        seen.add(keyOf(record));
        if (!keep) continue;
        this.records.push(record);
        this.onRecord?.(record);
      }
    }
  }

  /** Newest first: those that have not been read yet. */
  #fresh(name: string, seen: ReadonlySet<string>): InvocationRecord[] {
    for (const limit of [FIRST, undefined]) {
      const recent = this.emulator.invocations({ function: name, ...(limit === undefined ? {} : { limit }) });
      const known = recent.findIndex((record) => seen.has(keyOf(record)));
      if (known >= 0) return recent.slice(0, known);
      if (recent.length < (limit ?? Infinity)) {
        if (seen.size > 0) this.#missed = true;
        return [...recent];
      }
    }
    return [];
  }
}

/** A duplicate has a number of its own, a retry its attempt. */
const keyOf = ({ requestId, number, attempt }: InvocationRecord): string => `${requestId}/${number}/${attempt}`;
