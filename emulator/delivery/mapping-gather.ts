import type { Clock } from '../clock.js';
import { batchItem, MAX_RECORD_BYTES, type BatchItem } from './mapping-record.js';
import type { Queue } from './sqs/queues.js';
import type { QueueEngine } from './sqs/types.js';

/** A poll of an empty queue lasts so long, ms; then the next one begins. */
const POLL_MS = 20_000;
/** Messages of one receive, so that what does not fit into the event stays small [D: ReceiveMessage]. */
const RECEIVE = 10;

export interface GatherOptions {
  readonly engine: QueueEngine;
  readonly clock: Clock;
  readonly queue: Queue;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly leaseMs: number;
  /** Ends the gathering with what there is. */
  readonly signal: AbortSignal;
  /** Received and not delivered yet: the first of this batch. */
  readonly held: BatchItem[];
  /** Called with what was received, at once. @returns what goes on */
  received(items: readonly BatchItem[]): readonly BatchItem[];
}

export interface Gathered {
  /** At most a batch; empty when nothing came. */
  readonly items: readonly BatchItem[];
  /** Whether nothing was there at first. */
  readonly waited: boolean;
}

/**
 * One batch: closed when it is full, its window is over or its event would have more than 6 MB [D: batching behaviour]. What
 * was received and does not fit is left in `held`.
 */
export async function gather(options: GatherOptions): Promise<Gathered> {
  const { held, batchSize } = options;
  const batch = held.splice(0, batchSize);
  try {
    const waited = await fill(batch, options);
    const items = fitting(batch);
    held.unshift(...batch.slice(items.length));
    return { items, waited };
  } catch (error) {
    held.unshift(...batch);
    throw error;
  }
}

/** @returns whether nothing was there at first */
async function fill(batch: BatchItem[], options: GatherOptions): Promise<boolean> {
  const { clock, batchSize, windowMs, signal } = options;
  let waited = false;
  if (batch.length === 0) {
    const first = await receive(options, batchSize, 0);
    waited = first.count === 0;
    batch.push(...(waited ? await receive(options, batchSize, POLL_MS) : first).items);
  }
  const closesAt = clock.now() + windowMs;
  let bytes = bytesOf(batch);
  while (batch.length > 0 && batch.length < batchSize && bytes < MAX_RECORD_BYTES && !signal.aborted) {
    const waitMs = closesAt - clock.now();
    if (waitMs <= 0) break;
    const { count, items } = await receive(options, batchSize - batch.length, waitMs);
    if (count === 0) break;
    batch.push(...items);
    bytes += bytesOf(items);
  }
  return waited;
}

const bytesOf = (items: readonly BatchItem[]): number => items.reduce((sum, { bytes }) => sum + bytes, 0);

interface Received {
  readonly count: number;
  /** Those that go on. */
  readonly items: readonly BatchItem[];
}

async function receive(options: GatherOptions, wanted: number, waitMs: number): Promise<Received> {
  const { engine, clock, queue, leaseMs, windowMs, signal } = options;
  const max = Math.min(wanted, RECEIVE);
  const messages = await engine.receive(queue, { max, waitMs, visibilityMs: leaseMs, signal });
  const now = clock.now();
  const items = messages.map((message) => batchItem(message, queue.name, windowMs > 0, now));
  return { count: items.length, items: items.length > 0 ? options.received(items) : [] };
}

/** The first ones, as many as one event holds; one always fits. */
export function fitting(batch: readonly BatchItem[]): readonly BatchItem[] {
  let bytes = 0;
  const at = batch.findIndex((item) => (bytes += item.bytes) > MAX_RECORD_BYTES + 1);
  return at < 0 ? batch : batch.slice(0, Math.max(at, 1));
}
