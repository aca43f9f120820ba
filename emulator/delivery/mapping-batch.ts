import { delay, type Clock } from '../clock.js';
import type { QueueSourceConfig } from '../contract/config.js';
import { FaultlineError } from '../contract/errors.js';
import type { Origin } from '../dispatch/types.js';
import type { RunResult } from '../instances/types.js';
import type { Deliver } from './deliver.js';
import { failedMessages } from './mapping-failures.js';
import { batchEvent, type BatchItem } from './mapping-record.js';
import { storeName } from './sqs/names.js';
import type { QueueEngine } from './sqs/types.js';
import { hitsOf } from './transit.js';

/** Waits between attempts at a throttled batch, ms: doubling from the first to the last. */
const [BACKOFF_MS, MAX_BACKOFF_MS] = [1_000, 60_000];

export interface MappingSettings {
  readonly function: string;
  readonly source: QueueSourceConfig;
  /** How long a received message is hidden, ms. */
  readonly leaseMs: number;
  /** Batches at the same time at most. */
  readonly cap: number;
}

export interface BatchParts {
  readonly engine: QueueEngine;
  readonly clock: Clock;
  readonly deliver: Deliver;
  /** Those that hold now. */
  settings(): MappingSettings;
  /** Aborted when nothing more is to be tried. */
  readonly stopping: AbortSignal;
  /** An invocation has failed or was throttled: fewer batches at the same time. */
  slowDown(): void;
  log(message: string): void;
}

/** How an invocation has ended for the messages of its event. */
type Verdict =
  /** Handled, but for those that failed. */
  | { readonly kind: 'handled'; readonly failed: ReadonlySet<string> }
  /** To be seen again when the visibility timeout is over. */
  | { readonly kind: 'untouched' }
  /** To be seen again now. */
  | { readonly kind: 'give-back' }
  | { readonly kind: 'throttled' };

/**
 * What becomes of a batch:
 *
 *   deliver ──┬── succeeded ─── removed; what a partial response names is left as it is
 *      ▲      ├── failed ────── left as it is: seen again after the visibility timeout, and counts a receive
 *      └──────┴── throttled ─── tried again until the visibility timeout is over, then seen again
 */
export class Batches {
  constructor(private readonly parts: BatchParts) {}

  /** @param items the messages of one event. Never rejects */
  async deliver(items: readonly BatchItem[]): Promise<void> {
    const verdict = await this.#attempts(items);
    if (verdict.kind === 'give-back') await this.giveBack(items);
    if (verdict.kind !== 'handled') return;
    await this.remove(originals(items).filter(({ message }) => !verdict.failed.has(message.id)));
  }

  /** Makes messages visible at once. */
  async giveBack(items: readonly BatchItem[]): Promise<void> {
    // Where the store fails they are visible when their lease is over.
    await Promise.all(originals(items).map((item) => this.hide(item, 0).catch(() => false)));
  }

  /** Hides a message for `ms` from now. @returns false when it is gone */
  async hide({ message }: BatchItem, ms: number): Promise<boolean> {
    const { engine, settings } = this.parts;
    return engine.show(engine.queue(settings().source.queue), message.receipt, ms);
  }

  /** Until it is not throttled, or the visibility timeout is over. */
  async #attempts(items: readonly BatchItem[]): Promise<Verdict> {
    const { clock, settings, stopping } = this.parts;
    const leaseEnds = (items[0]?.receivedAt ?? 0) + settings().leaseMs;
    for (let wait = BACKOFF_MS; ; wait = Math.min(wait * 2, MAX_BACKOFF_MS)) {
      const verdict = await this.#invoke(items);
      if (verdict.kind !== 'throttled') return verdict;
      const left = leaseEnds - clock.now();
      const passed = await delay(clock, Math.min(wait, left), stopping);
      if (!passed || wait >= left) return { kind: 'give-back' };
    }
  }

  async #invoke(items: readonly BatchItem[]): Promise<Verdict> {
    const { deliver, settings, log } = this.parts;
    const { function: name, source } = settings();
    const messages = items.map(({ message }) => message.id);
    const traceId = items.find(({ message }) => message.trace !== undefined)?.message.trace;
    const queue = storeName(source.queue);
    const suffered = hitsOf(items);
    const request = {
      function: name,
      payload: batchEvent(items),
      source: 'queue' as const,
      ...originOf(queue, items),
      ...(traceId === undefined ? {} : { traceId }),
      ...(suffered === undefined ? {} : { suffered }),
    };
    try {
      return this.#judge((await deliver({ queue, messages, request })).result, messages);
    } catch (error) {
      if (error instanceof FaultlineError && error.code === 'STOPPING') return { kind: 'give-back' };
      log(`${String(items.length)} messages could not be delivered: ${messageOf(error)}`);
      return { kind: 'untouched' };
    }
  }

  #judge(result: RunResult, messages: readonly string[]): Verdict {
    const { settings, slowDown } = this.parts;
    const { partialResponses } = settings().source;
    if (result.ok) {
      return { kind: 'handled', failed: partialResponses ? failedMessages(result.payload, messages) : new Set() };
    }
    const kind = result.kind === 'throttled' ? 'throttled' : 'untouched';
    // With partial responses function errors do not slow the polling down [D].
    if (kind === 'throttled' || !partialResponses) slowDown();
    return { kind };
  }

  /** Takes messages out of the queue for good. */
  async remove(items: readonly BatchItem[]): Promise<void> {
    if (items.length === 0) return;
    const { engine, settings, log } = this.parts;
    try {
      const receipts = items.map(({ message }) => message.receipt);
      await engine.remove(engine.queue(settings().source.queue), receipts);
    } catch (error) {
      log(`${String(items.length)} handled messages could not be removed and come again: ${messageOf(error)}`);
    }
  }
}

/** What becomes of a copy changes nothing. */
const originals = (items: readonly BatchItem[]): readonly BatchItem[] => items.filter(({ copy }) => !copy);

/** A batch is told from others by its first message; a copy is told from nothing but its original. */
function originOf(queue: string, [first]: readonly BatchItem[]): { origin?: Origin } {
  if (!first?.place) return {};
  const { place, copy } = first;
  if (!copy) place.invoked++;
  return { origin: { queue, number: place.number, attempt: Math.max(1, place.invoked) } };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
