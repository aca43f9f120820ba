import { crc32 } from 'node:zlib';
import type { Meta } from '../store.js';
import type { Entry } from './entry.js';
import type { Operation } from './level.js';

/**
 * How the file store writes a message down: one record when it is added, a small one at each receive and release, and one
 * for a meta that replaces the first. The order of the keys is the order in which messages came, and in which they are read.
 */

/** Of the records below. A store of a later version is left alone. */
export const VERSION = 1;
export const versionRecord: Operation = { type: 'put', key: 'version', value: String(VERSION) };

interface MessageRecord extends Pick<Entry, 'id' | 'body' | 'meta' | 'sentAt' | 'expiresAt' | 'visibleAt'> {
  readonly queue: string;
}

type StateRecord = Pick<Entry, 'visibleAt' | 'receives' | 'firstReceivedAt' | 'receipt'>;

/** @param kind its plain order among the others matters: a message is read before what belongs to it */
const keyOf = (kind: 'message' | 'meta' | 'state', { order }: Pick<Entry, 'order'>): string =>
  `${kind}:${String(order).padStart(16, '0')}`;

const put = (key: string, record: unknown): Operation => ({
  type: 'put',
  key,
  value: seal(key, JSON.stringify(record)),
});

/** With a checksum before it: LevelDB does not look at its own when it reads. */
const seal = (key: string, text: string): string => `${crc32(text, crc32(key)).toString(16).padStart(8, '0')} ${text}`;

/** @throws Error for what was not written here as it is now */
function unseal(key: string, value: string): unknown {
  const text = value.slice(9);
  if (seal(key, text) !== value) throw new Error('wrong checksum');
  return JSON.parse(text);
}

export function putMessage(queue: string, entry: Entry): Operation {
  const { id, body, meta, sentAt, expiresAt, visibleAt } = entry;
  const record: MessageRecord = { queue, id, body, meta, sentAt, expiresAt, visibleAt };
  return put(keyOf('message', entry), record);
}

export function putState(entry: Entry): Operation {
  const { visibleAt, receives, firstReceivedAt, receipt } = entry;
  const record: StateRecord = {
    visibleAt,
    receives,
    ...(firstReceivedAt === undefined ? {} : { firstReceivedAt }),
    ...(receipt === undefined ? {} : { receipt }),
  };
  return put(keyOf('state', entry), record);
}

export const putMeta = (entry: Entry): Operation => put(keyOf('meta', entry), entry.meta);

export const deleteMessage = (entry: Entry): readonly Operation[] =>
  (['message', 'meta', 'state'] as const).map((kind) => ({ type: 'del', key: keyOf(kind, entry) }));

/** What a store holds. */
export interface Contents {
  /** By queue, in the order in which they came. */
  readonly queues: ReadonlyMap<string, readonly Entry[]>;
  readonly nextOrder: number;
  /** Keys of no use: a kill came between them and their message, or they cannot be read. */
  readonly orphans: readonly string[];
}

/** Puts records together again, in the order of their keys. */
export class ContentsReader {
  private readonly queues = new Map<string, Entry[]>();
  private readonly entries = new Map<number, Entry>();
  private readonly orphans: string[] = [];
  private nextOrder = 0;

  /** @param unreadable told of a record that is not what was written; when it returns, the record is left out */
  constructor(private readonly unreadable: (key: string) => void) {}

  add(key: string, value: string): void {
    const [kind, order = ''] = key.split(':');
    if (kind !== 'message' && kind !== 'meta' && kind !== 'state') return;
    let record: unknown;
    try {
      record = unseal(key, value);
    } catch {
      this.unreadable(key);
      this.orphans.push(key);
      return;
    }
    if (kind === 'message') this.addMessage(Number(order), record as MessageRecord);
    else this.amend(key, Number(order), kind === 'meta' ? { meta: record as Meta } : (record as StateRecord));
  }

  get contents(): Contents {
    const { queues, nextOrder, orphans } = this;
    return { queues, nextOrder, orphans };
  }

  private addMessage(order: number, { queue, ...record }: MessageRecord): void {
    const entry: Entry = { ...record, order, receives: 0, places: [-1, -1, -1] };
    this.entries.set(order, entry);
    const entries = this.queues.get(queue) ?? [];
    entries.push(entry);
    this.queues.set(queue, entries);
    this.nextOrder = order + 1;
  }

  private amend(key: string, order: number, record: Partial<Entry>): void {
    const entry = this.entries.get(order);
    if (entry) Object.assign(entry, record);
    else this.orphans.push(key);
  }
}
