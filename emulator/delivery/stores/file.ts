import type { Clock } from '../../clock.js';
import type { Counts, Message, MessageStore, Meta, NewMessage } from '../store.js';
import { handedOut, newEntry, type Entry } from './entry.js';
import { Journal } from './journal.js';
import { unavailable } from './level-errors.js';
import { LevelFolder } from './level-folder.js';
import { deleteMessage, putMessage, putMeta, putState, type Contents } from './level-records.js';
import type { Level, Operation } from './level.js';
import { Queues } from './queues.js';

export interface FileStoreOptions {
  /** Absolute. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: (message: string) => void;
  /** Makes a receipt that was never made before, in this run or another. */
  readonly newReceipt: () => string;
}

/**
 * Opens the file store. LevelDB is not loaded before there is something to keep, or something was kept by an earlier run.
 * @throws FaultlineError STORE_UNAVAILABLE
 */
export async function openFileStore(options: FileStoreOptions): Promise<MessageStore> {
  const folder = new LevelFolder(options.folder, options.clock, options.log);
  if (!folder.exists) return new FileStore(options, folder);
  const { level, contents } = await folder.recover();
  return new FileStore(options, folder, level, contents);
}

/**
 * Messages in LevelDB, which is the truth, and all of them in memory, which is what answers: so only changes cost a write.
 * What is added is visible when it is on the disk; what is removed is invisible before.
 */
class FileStore implements MessageStore {
  private readonly queues: Queues;
  private readonly journal: Journal;
  private readonly clock: Clock;
  private nextOrder: number;

  constructor(options: FileStoreOptions, folder: LevelFolder, level?: Level, contents?: Contents) {
    const { clock, log, newReceipt } = options;
    this.clock = clock;
    this.journal = new Journal(
      {
        open: () => folder.open(),
        release: () => folder.release(),
        explain: (error) => unavailable(options.folder, error),
      },
      log,
      level,
    );
    this.queues = new Queues(clock, newReceipt, (dropped) => this.journal.note(dropped.flatMap(deleteMessage)));
    this.nextOrder = contents?.nextOrder ?? 0;
    for (const [queue, entries] of contents?.queues ?? []) this.queues.insert(queue, entries);
    this.journal.note((contents?.orphans ?? []).map((key) => ({ type: 'del', key })));
  }

  async add(queue: string, messages: readonly NewMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const now = this.clock.now();
    const entries = messages.map((message) => newEntry(message, this.nextOrder++, now));
    await this.journal.write(
      entries.map((entry) => putMessage(queue, entry)),
      entries.flatMap(deleteMessage),
    );
    this.queues.insert(queue, entries);
  }

  receive(queue: string, max: number, leaseMs: number): Promise<readonly Message[]> {
    const taken = this.queues.take(queue, max, leaseMs);
    // Not waited for: were it lost, the message would be handed out once more, as it may be.
    this.journal.note(taken.map(putState));
    return Promise.resolve(taken.map(handedOut));
  }

  async remove(queue: string, receipts: readonly string[]): Promise<readonly boolean[]> {
    const entries = receipts.map((receipt) => this.take(queue, receipt));
    await this.settle(entries.flatMap((entry) => (entry ? deleteMessage(entry) : [])));
    return entries.map((entry) => entry !== undefined);
  }

  async release(queue: string, receipt: string, ms: number, meta?: Meta): Promise<boolean> {
    const entry = this.queues.received(queue, receipt);
    if (!entry) return false;
    this.queues.hide(queue, entry, ms, meta);
    await this.settle([putState(entry), ...(meta ? [putMeta(entry)] : [])]);
    return true;
  }

  async move(queue: string, receipt: string, to: string, message: NewMessage): Promise<boolean> {
    const entry = this.take(queue, receipt);
    if (!entry) return false;
    const moved = newEntry(message, this.nextOrder++, this.clock.now());
    try {
      await this.journal.write(
        [...deleteMessage(entry), putMessage(to, moved)],
        [...deleteMessage(moved), putMessage(queue, entry), putState(entry)],
      );
    } catch (error) {
      this.queues.insert(queue, [entry]);
      throw error;
    }
    this.queues.insert(to, [moved]);
    return true;
  }

  counts(queue: string): Promise<Counts> {
    return Promise.resolve(this.queues.counts(queue));
  }

  async purge(queue: string): Promise<number> {
    const entries = this.queues.clear(queue);
    await this.settle(entries.flatMap(deleteMessage));
    return entries.length;
  }

  names(): Promise<readonly string[]> {
    return Promise.resolve(this.queues.names);
  }

  onVisible(queue: string, callback: () => void): () => void {
    return this.queues.onVisible(queue, callback);
  }

  async close(): Promise<void> {
    this.queues.close();
    await this.journal.close();
  }

  private take(queue: string, receipt: string): Entry | undefined {
    const entry = this.queues.received(queue, receipt);
    if (entry) this.queues.delete(queue, entry);
    return entry;
  }

  /** Writes what has happened in memory already: no failure can undo it, so it is made up for with the next change. */
  private async settle(operations: readonly Operation[]): Promise<void> {
    if (operations.length > 0) await this.journal.write(operations, operations).catch(() => undefined);
  }
}
