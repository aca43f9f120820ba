import type { Clock } from '../clock.js';
import type { DeliveryFaults } from '../faults/types.js';
import type { MappingSettings } from './mapping-batch.js';
import { batchEvent, spoiltItem, type BatchItem, type Place } from './mapping-record.js';
import { storeName } from './sqs/names.js';
import { Transit } from './transit.js';

/** Messages whose places are remembered, for when they are received again. */
const REMEMBERED = 10_000;

/** Numbers messages by the order in which they are received first, whatever their ids are. */
export class Places {
  readonly #places = new Map<string, Place>();
  #last = 0;

  of(item: BatchItem): BatchItem {
    const { id } = item.message;
    const place = this.#places.get(id) ?? { number: ++this.#last, invoked: 0 };
    // Those that come again are the last to be forgotten.
    this.#places.delete(id);
    this.#places.set(id, place);
    if (this.#places.size > REMEMBERED) {
      const [oldest] = this.#places.keys();
      if (oldest !== undefined) this.#places.delete(oldest);
    }
    return { ...item, place };
  }
}

export interface MappingTransitParts {
  readonly clock: Clock;
  readonly faults: DeliveryFaults;
  settings(): MappingSettings;
  lose(item: BatchItem): void;
  due(items: readonly BatchItem[]): void;
}

/**
 * The way of messages from a queue to a function. Faults decide on each message by itself, since which ones make up a batch
 * is a matter of time: they see an event with this message alone, and its receives are its attempts.
 */
export function mappingTransit({ settings, ...parts }: MappingTransitParts): Transit<BatchItem> {
  const { function: name, source } = settings();
  return new Transit({
    ...parts,
    where: `delivery from queue ${source.queue}`,
    alone: () => settings().source.batchSize === 1,
    subject: (item) => ({
      function: name,
      requestId: item.message.id,
      queue: storeName(source.queue),
      number: item.place?.number ?? 0,
      attempt: item.message.receives,
      payload: batchEvent([item]),
    }),
    spoil: (item, poison) => spoiltItem(item, source.queue, settings().source.windowMs > 0, poison),
  });
}
