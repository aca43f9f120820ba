import { delay, type Clock, type Timer } from '../clock.js';
import type { DeliveryFaults } from '../faults/types.js';
import type { Deliver } from './deliver.js';
import { Batches, messageOf, type MappingSettings } from './mapping-batch.js';
import { fitting, gather } from './mapping-gather.js';
import { Leases } from './mapping-lease.js';
import type { BatchItem } from './mapping-record.js';
import { Scale } from './mapping-scale.js';
import { mappingTransit, Places } from './mapping-transit.js';
import type { QueueEngine } from './sqs/types.js';
import type { Transit } from './transit.js';

/** Wait after a poll that failed, ms. */
const POLL_FAILED_MS = 1_000;

export interface MappingParts {
  readonly engine: QueueEngine;
  readonly clock: Clock;
  readonly deliver: Deliver;
  readonly faults: DeliveryFaults;
  readonly log: (message: string) => void;
}

/**
 * One event source mapping, from a queue to a function: one batch is gathered at a time, the oldest messages first, and as
 * many are delivered at the same time as there are places.
 */
export class Mapping {
  readonly #parts: MappingParts;
  readonly #scale: Scale;
  readonly #leases: Leases;
  readonly #batches: Batches;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #losing = new Set<Promise<void>>();
  /** Received, and too much for the event that they came for. */
  readonly #held: BatchItem[] = [];
  readonly #places = new Places();
  readonly #transit: Transit<BatchItem>;
  /** Faults have held them; they go on by themselves, in batches of their own. */
  readonly #due: BatchItem[] = [];
  #soon: Timer | undefined;
  readonly #loop: Promise<void>;
  #settings: MappingSettings;
  #poll = new AbortController();
  /** The last poll found something at once. */
  #backlog = false;
  #wake: () => void = () => undefined;
  /** That polls fail. */
  #told = false;

  constructor(parts: MappingParts, settings: MappingSettings) {
    const { engine, clock, deliver } = parts;
    this.#parts = parts;
    this.#settings = settings;
    this.#scale = new Scale(clock, settings.cap);
    this.#batches = new Batches({
      engine,
      clock,
      deliver,
      settings: () => this.#settings,
      stopping: this.#stopping.signal,
      slowDown: () => this.#scale.failed(),
      log: (message) => this.#log(message),
    });
    this.#leases = new Leases(clock, (item, ms) => this.#batches.hide(item, ms), settings.leaseMs);
    this.#transit = mappingTransit({
      clock,
      faults: parts.faults,
      settings: () => this.#settings,
      lose: (item) => this.#lose(item),
      due: (items) => {
        this.#due.push(...items.map((item) => this.#renewed(item)));
        // What is due at the same time makes up a batch.
        this.#soon ??= clock.after(0, () => {
          this.#soon = undefined;
          this.#beginDue();
          this.#wake();
        });
      },
    });
    this.#loop = this.#run();
  }

  /** Holds from the next batch on; one that is being gathered is closed. */
  update(settings: MappingSettings): void {
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return;
    this.#settings = settings;
    this.#scale.setCap(settings.cap);
    this.#leases.setMs(settings.leaseMs);
    this.#poll.abort();
    this.#wake();
  }

  /** Takes nothing more. Resolves when the batches that run have ended; what was not delivered yet is visible again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#poll.abort();
    this.#wake();
    await this.#loop;
    await Promise.all([...this.#running, ...this.#losing]);
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #run(): Promise<void> {
    while (await this.#place()) {
      const items = await this.#gather();
      // What faults had held may have taken the place meanwhile.
      if (this.#stopped || (this.#full && !(await this.#place()))) this.#held.unshift(...items);
      else if (items.length > 0) this.#begin(items);
    }
    this.#soon?.cancel();
    const left = [...this.#held, ...this.#due, ...this.#transit.stop()];
    this.#leases.letGo(left);
    await this.#batches.giveBack(left);
  }

  get #full(): boolean {
    return this.#running.size >= this.#scale.limit;
  }

  /** Waits until another batch may run. @returns false when none is to run any more */
  async #place(): Promise<boolean> {
    while (!this.#stopped && (this.#full || this.#transit.full)) await this.#change();
    return !this.#stopped;
  }

  /** Resolves when a batch has ended, the settings have changed, or messages wait and there are more places by now. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      const later = this.#backlog
        ? this.#parts.clock.after(this.#scale.untilStep, () => {
            this.#scale.backlog();
            this.#wake();
          })
        : undefined;
      this.#wake = () => {
        later?.cancel();
        resolve();
      };
    });
  }

  async #gather(): Promise<readonly BatchItem[]> {
    const { engine, clock } = this.#parts;
    const { source, leaseMs } = this.#settings;
    // It may have been stopped between the place and the poll.
    if (this.#stopped) return [];
    this.#poll = new AbortController();
    try {
      const { items, waited } = await gather({
        engine,
        clock,
        queue: engine.queue(source.queue),
        batchSize: source.batchSize,
        windowMs: source.windowMs,
        leaseMs,
        signal: this.#poll.signal,
        held: this.#held,
        received: (received) => {
          const items = received.map((item) => this.#places.of(item));
          this.#leases.hold(items);
          return this.#transit.pass(items);
        },
      });
      this.#polled(waited);
      return items;
    } catch (error) {
      await this.#pollFailed(error);
      return [];
    }
  }

  #polled(waited: boolean): void {
    this.#told = false;
    this.#backlog = !waited;
    if (waited) this.#scale.idle();
    else this.#scale.backlog();
  }

  /** Told once, until it works again. */
  async #pollFailed(error: unknown): Promise<void> {
    if (!this.#told) this.#log(`cannot receive: ${messageOf(error)}`);
    this.#told = true;
    await delay(this.#parts.clock, POLL_FAILED_MS, this.#stopping.signal);
  }

  #beginDue(): void {
    while (!this.#stopped && this.#due.length > 0 && !this.#full) {
      const items = fitting(this.#due.slice(0, this.#settings.source.batchSize));
      this.#due.splice(0, items.length);
      this.#begin(items);
    }
  }

  #begin(items: readonly BatchItem[]): void {
    const run = this.#batches.deliver(items).finally(() => {
      this.#leases.letGo(items);
      this.#running.delete(run);
      this.#beginDue();
      this.#wake();
    });
    this.#running.add(run);
  }

  /** Its visibility timeout begins when it is handed over. */
  #renewed(item: BatchItem): BatchItem {
    const renewed = { ...item, receivedAt: this.#parts.clock.now() };
    if (item.copy) return renewed;
    this.#leases.hold([renewed]);
    // A store that fails just now: the message may come again, as at-least-once allows.
    this.#batches.hide(renewed, this.#settings.leaseMs).catch(() => false);
    return renewed;
  }

  #lose(item: BatchItem): void {
    const run = this.#batches.remove([item]).finally(() => {
      this.#leases.letGo([item]);
      this.#losing.delete(run);
    });
    this.#losing.add(run);
  }

  #log(message: string): void {
    const { function: name, source } = this.#settings;
    this.#parts.log(`queue ${source.queue} to ${name}: ${message}`);
  }
}
