import type { Clock, Timer } from '../clock.js';
import type { FunctionConfig } from '../contract/config.js';
import { FaultlineError } from '../contract/errors.js';
import type { Outcome } from '../dispatch/types.js';
import type { DeliveryFaults } from '../faults/types.js';
import type { RunResult } from '../instances/types.js';
import { throttleDelay } from './backoff.js';
import type { Deliver } from './deliver.js';
import type { Destinations } from './destinations.js';
import { EventEnd } from './event-end.js';
import { fromMessage, queueOf, toMeta, type Ended, type QueuedEvent } from './event.js';
import { eventTransit, requestOf, type EventItem } from './event-transit.js';
import { Lease, LEASE_MS } from './lease.js';
import type { Persistence } from './persistence.js';
import type { ScaledTime } from './scaled-time.js';
import type { Message, MessageStore } from './store.js';
import type { Tally } from './tally.js';
import type { Transit } from './transit.js';
import { judgeAfter, judgeBefore, type Verdict } from './verdict.js';

/*
 * An event's way, once it is kept:
 *
 *   store ── received, leased ── judged ──┬── attempt ── judged ──┬── retry: back into the store, hidden until then
 *                                         └── ends unattempted ───┴── ended: sent to destinations ── removed
 *
 * What faults do to it on its way to an attempt is in `transit.ts`.
 *
 * Up to the last step it is in the store; whatever dies in between, it is received again when its lease is over.
 */

export interface EventQueueParts {
  readonly clock: Clock;
  readonly time: ScaledTime;
  readonly store: MessageStore;
  readonly deliver: Deliver;
  readonly faults: DeliveryFaults;
  readonly destinations: Destinations;
  readonly persistence: Persistence;
  readonly tally: Tally;
  log(message: string): void;
}

/** After a throttle with nothing else running, nothing is read for a second of the functions' time. */
const HELD_MS = throttleDelay(0);

/** When the dispatcher takes nothing at this time, as while it stops; ms. */
const PUT_BACK_MS = 1_000;

/** The events of one function: reads no more of them than may run at the same time. */
export class EventQueue {
  readonly #queue: string;
  readonly #running = new Set<Promise<void>>();
  readonly #transit: Transit<EventItem>;
  readonly #ending: EventEnd;
  /** Faults have held them, or made copies of them; they wait for a place. */
  readonly #due: EventItem[] = [];
  readonly #unlisten: () => void;
  #config: FunctionConfig | undefined;
  /** How many may run at the same time; less than allowed after throttles. */
  #width = 0;
  #held: Timer | undefined;
  #reading: Promise<void> | undefined;
  #again = false;
  #draining = false;
  #lastNumber = 0;

  constructor(
    readonly name: string,
    private readonly parts: EventQueueParts,
  ) {
    this.#queue = queueOf(name);
    const { clock, faults } = parts;
    this.#ending = new EventEnd(name, parts);
    this.#transit = eventTransit({
      function: name,
      clock,
      faults,
      lose: (item) => this.#track(item, this.#lose(item)),
      due: (items) => {
        this.#due.push(...items);
        this.#read();
      },
    });
    this.#unlisten = parts.store.onVisible(this.#queue, () => this.#read());
  }

  /** @param config undefined: the function is not there, its events wait */
  configure(config: FunctionConfig | undefined): void {
    this.#config = config;
    this.#width = config?.scaling.max ?? 0;
    this.#read();
  }

  /** Resolves when what runs has ended and is written down. */
  async drain(): Promise<void> {
    this.#draining = true;
    this.#unlisten();
    this.#held?.cancel();
    await this.#reading;
    const waiting = [...this.#transit.stop(), ...this.#due.splice(0)].filter(({ copy }) => !copy);
    await Promise.all(waiting.map((item) => this.#release(item, 0)));
    await Promise.all(this.#running);
  }

  #read(): void {
    if (this.#reading) {
      this.#again = true;
      return;
    }
    this.#again = false;
    this.#reading = this.#readWhile().finally(() => {
      this.#reading = undefined;
      if (this.#again) this.#read();
    });
  }

  async #readWhile(): Promise<void> {
    for (;;) {
      const free = this.#width - this.#running.size;
      if (!this.#config || this.#draining || this.#held || free <= 0) return;
      const due = this.#due.shift();
      if (due) {
        this.#start(due);
        continue;
      }
      if (this.#transit.full) return;
      const messages = await this.parts.persistence.insist(() => this.parts.store.receive(this.#queue, free, LEASE_MS));
      if (!messages || messages.length === 0) return;
      for (const message of messages) this.#received(message);
    }
  }

  /** Faults decide on what is to have an attempt, in the order in which it was received. */
  #received(message: Message): void {
    const { clock, store } = this.parts;
    const event = fromMessage(this.name, message);
    const numbered = event.number === undefined ? { ...event, number: ++this.#lastNumber } : event;
    const item = { message, event: numbered, lease: new Lease(clock, store, this.#queue, message.receipt, LEASE_MS) };
    const going = this.#judge(event) ? this.#transit.pass([item]) : [item];
    for (const each of going) this.#start(each);
  }

  /** @returns whether it is to have an attempt */
  #judge(event: QueuedEvent): boolean {
    const config = this.#config;
    if (!config || this.#draining || event.ended) return false;
    return !judgeBefore(event, config, this.parts.time.since(event.acceptedAt));
  }

  #start(item: EventItem): void {
    this.#track(item, item.copy ? this.#once(item) : this.#handle(item));
  }

  #track({ message }: EventItem, work: Promise<void>): void {
    const running = work
      // Ours to mend; the event comes again when its lease is over.
      .catch((error: unknown) => this.parts.log(`delivery: ${this.name}: ${message.id}: ${String(error)}`))
      .finally(() => {
        this.#running.delete(running);
        this.#read();
      });
    this.#running.add(running);
  }

  async #handle(item: EventItem): Promise<void> {
    const { clock } = this.parts;
    const config = this.#config;
    const { message, event, lease } = item;
    // It became so while the message was on its way here.
    if (!config || this.#draining) return this.#release(item, 0);
    const verdict = event.ended ? undefined : await this.#attempt(item, config);
    if (verdict === 'put back') return this.#release(item, PUT_BACK_MS);
    const delivered = { ...event, deliveries: (event.deliveries ?? 0) + 1 };
    if (verdict?.kind === 'retry') {
      const { delayMs, progress } = verdict;
      await lease.end();
      return this.#putBack(message, this.parts.time.wait(delayMs), { ...delivered, ...progress });
    }
    const ended = event.ended ?? { condition: verdict?.condition ?? 'Success', at: clock.now(), sent: [], tries: 0 };
    await this.#end({ ...item, event: { ...delivered, ...verdict?.progress } }, ended);
  }

  async #attempt(item: EventItem, config: FunctionConfig): Promise<Verdict | 'put back'> {
    const { event } = item;
    const age = (): number => this.parts.time.since(event.acceptedAt);
    const before = judgeBefore(event, config, age());
    if (before) return before;
    let result: RunResult | undefined;
    try {
      result = (await this.#deliver(item)).result;
    } catch (error) {
      const { code, message: why } = FaultlineError.from(error);
      if (code === 'STOPPING' || code === 'FUNCTION_NOT_FOUND') return 'put back';
      this.parts.log(`delivery: ${this.name}: ${event.requestId} was not delivered: ${why}`);
    }
    // The emulator has ended the process, not the handler: the event has its attempt in the next run.
    if (this.#draining && result?.ok === false && result.kind === 'exit') return 'put back';
    this.#adapt(result);
    return judgeAfter(event, result, config, age());
  }

  async #end(item: EventItem, ended: Ended): Promise<void> {
    const { message, event, lease } = item;
    // Where its news go is known when the function is back.
    const waits = this.#config ? await this.#ending.end(item, ended, this.#config) : { ms: 0, ended };
    await lease.end();
    if (waits) await this.#putBack(message, waits.ms, { ...event, ended: waits.ended });
  }

  /** Once more, whatever comes of it. */
  async #once(item: EventItem): Promise<void> {
    if (!this.#config || this.#draining) return;
    await this.#deliver(item).catch(() => undefined);
  }

  #deliver(item: EventItem): Promise<Outcome> {
    return this.parts.deliver({ queue: this.#queue, messages: [item.message.id], request: requestOf(item) });
  }

  async #lose(item: EventItem): Promise<void> {
    await this.#ending.lose(item);
    await item.lease.end();
  }

  async #release({ message, event, lease }: EventItem, ms: number): Promise<void> {
    await lease.end();
    await this.#putBack(message, ms, event);
  }

  /** Reads fewer events at a time after a throttle, as Lambda does [D], and more again with every one that gets through. */
  #adapt(result: RunResult | undefined): void {
    const max = this.#config?.scaling.max ?? 0;
    if (result && (result.ok || result.kind !== 'throttled')) {
      this.#width = Math.min(this.#width + 1, max);
      return;
    }
    const others = this.#running.size - 1;
    this.#width = Math.min(Math.max(1, others), max);
    if (others > 0 || this.#held || this.#draining) return;
    this.#held = this.parts.clock.after(this.parts.time.wait(HELD_MS), () => {
      this.#held = undefined;
      this.#read();
    });
  }

  async #putBack({ receipt }: Message, ms: number, event?: QueuedEvent): Promise<void> {
    const { store, persistence } = this.parts;
    await persistence.insist(() => store.release(this.#queue, receipt, ms, event && toMeta(event)));
  }
}
