import type { Level, Operation } from './level.js';

/** Bytes that go into one batch at most, where there is a choice. */
const BATCH_LIMIT = 8 * 1_024 * 1_024;

/** What a journal writes into. */
export interface JournalTarget {
  /** Opens the database, also again after a failed write. @throws when it cannot */
  open(): Promise<Level>;
  /** Told after it was closed. */
  release(): void;
  /** An error of the database as one that a user understands. */
  explain(error: unknown): Error;
}

interface Step {
  readonly operations: readonly Operation[];
  readonly undo: readonly Operation[];
  readonly sync: boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Writes changes in the order of their coming. All that wait while one batch is written are the next batch (group commit), so
 * that many at the same time cost one flush of the disk.
 *
 * After a write that failed the end of LevelDB's log is in doubt: what follows might be lost with it. So the database is closed,
 * and opened anew with the next change; and before that one is written, whatever the failed ones left undone or half done.
 */
export class Journal {
  private waiting: Step[] = [];
  private running: Promise<void> | undefined;
  /** What must be written first, by key. */
  private readonly debts = new Map<string, Operation>();
  private failing = false;
  private closed = false;

  /** @param level when it is open already */
  constructor(
    private readonly target: JournalTarget,
    private readonly log: (message: string) => void,
    private level?: Level,
  ) {}

  /**
   * Resolves once they are on the disk, all of them or none.
   * @param undo makes up for them when they were not: written before anything else that is
   */
  write(operations: readonly Operation[], undo: readonly Operation[]): Promise<void> {
    if (this.closed) return Promise.reject(this.target.explain(new Error('the store is closed')));
    return new Promise((resolve, reject) => {
      this.enqueue({ operations, undo, sync: true, resolve, reject });
    });
  }

  /** Writes them soon: over a kill of this process they are likely kept, over a loss of power perhaps not. */
  note(operations: readonly Operation[]): void {
    if (this.closed || operations.length === 0) return;
    const ignore = (): void => undefined;
    this.enqueue({ operations, undo: operations, sync: false, resolve: ignore, reject: ignore });
  }

  /** Writes what waits, and what was left undone if that is possible by now. */
  async close(): Promise<void> {
    this.closed = true;
    await this.running;
    if (this.debts.size > 0) {
      const { size } = this.debts;
      await this.writable().catch(() => this.log(`${String(size)} changes of messages could not be written`));
    }
    await this.drop();
  }

  private enqueue(step: Step): void {
    this.waiting.push(step);
    this.running ??= this.run();
  }

  private async run(): Promise<void> {
    // Whoever adds in the same tick comes along.
    await Promise.resolve();
    while (this.waiting.length > 0) await this.commit(this.nextGroup());
    this.running = undefined;
  }

  private nextGroup(): readonly Step[] {
    let bytes = 0;
    const end = this.waiting.findIndex(({ operations }) => {
      const before = bytes;
      for (const each of operations) bytes += each.type === 'put' ? each.value.length : 0;
      return before > 0 && bytes > BATCH_LIMIT;
    });
    return this.waiting.splice(0, end < 0 ? this.waiting.length : end);
  }

  private async commit(group: readonly Step[]): Promise<void> {
    try {
      const level = await this.writable();
      await level.batch(
        group.flatMap(({ operations }) => operations),
        { sync: group.some(({ sync }) => sync) },
      );
      if (this.failing) this.log('messages are kept again');
      this.failing = false;
      for (const { resolve } of group) resolve();
    } catch (error) {
      const explained = this.target.explain(error);
      if (!this.failing) this.log(`${explained.message}; trying again with the next one`);
      this.failing = true;
      for (const each of group.flatMap(({ undo }) => undo)) this.debts.set(each.key, each);
      await this.drop();
      for (const { reject } of group) reject(explained);
    }
  }

  /** The database, open, and without debts. */
  private async writable(): Promise<Level> {
    this.level ??= await this.target.open();
    if (this.debts.size > 0) {
      await this.level.batch([...this.debts.values()], { sync: true });
      this.debts.clear();
    }
    return this.level;
  }

  private async drop(): Promise<void> {
    const { level } = this;
    this.level = undefined;
    if (!level) return;
    await level.close().catch(() => undefined);
    this.target.release();
  }
}
