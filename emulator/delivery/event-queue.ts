import type { Clock, Timer } from '../clock.js';
import type { FunctionConfig } from '../contract/config.js';
import { FaultlineError } from '../contract/errors.js';
import type { RunResult } from '../instances/types.js';
import { throttleDelay } from './backoff.js';
import type { Deliver } from './deliver.js';
import { targetsOf, type Destinations } from './destinations.js';
import { fromMessage, queueOf, toMeta, type Ended, type QueuedEvent } from './event.js';
import { Lease, LEASE_MS } from './lease.js';
import type { Persistence } from './persistence.js';
import type { ScaledTime } from './scaled-time.js';
import type { Message, MessageStore } from './store.js';
import type { Tally } from './tally.js';
import { judgeAfter, judgeBefore, type Verdict } from './verdict.js';

/*
 * An event's way, once it is kept:
 *
 *   store ── received, leased ── judged ──┬── attempt ── judged ──┬── retry: back into the store, hidden until then
 *                                         └── ends unattempted ───┴── ended: sent to destinations ── removed
 *
 * Up to the last step it is in the store; whatever dies in between, it is received again when its lease is over.
 */

export interface EventQueueParts {
  readonly clock: Clock;
  readonly time: ScaledTime;
  readonly store: MessageStore;
  readonly deliver: Deliver;
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
  readonly #unlisten: () => void;
  #config: FunctionConfig | undefined;
  /** How many may run at the same time; less than allowed after throttles. */
  #width = 0;
  #held: Timer | undefined;
  #reading: Promise<void> | undefined;
  #again = false;
  #draining = false;
  #toldGone: string | undefined;

  constructor(
    readonly name: string,
    private readonly parts: EventQueueParts,
  ) {
    this.#queue = queueOf(name);
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
      const messages = await this.parts.persistence.insist(() => this.parts.store.receive(this.#queue, free, LEASE_MS));
      if (!messages || messages.length === 0) return;
      for (const message of messages) this.#start(message);
    }
  }

  #start(message: Message): void {
    const running = this.#handle(message)
      // Ours to mend; the event comes again when its lease is over.
      .catch((error: unknown) => this.parts.log(`delivery: ${this.name}: ${message.id}: ${String(error)}`))
      .finally(() => {
        this.#running.delete(running);
        this.#read();
      });
    this.#running.add(running);
  }

  async #handle(message: Message): Promise<void> {
    const { clock, store } = this.parts;
    const config = this.#config;
    // It became so while the message was on its way here.
    if (!config || this.#draining) return this.#putBack(message, 0);
    const lease = new Lease(clock, store, this.#queue, message.receipt, LEASE_MS);
    const event = fromMessage(this.name, message);
    const verdict = event.ended ? undefined : await this.#attempt(event, message, config);
    if (verdict === 'put back') {
      await lease.end();
      return this.#putBack(message, PUT_BACK_MS);
    }
    if (verdict?.kind === 'retry') {
      await lease.end();
      const { delayMs, progress } = verdict;
      return this.#putBack(message, this.parts.time.wait(delayMs), { ...event, ...progress });
    }
    const ended = event.ended ?? { condition: verdict?.condition ?? 'Success', at: clock.now(), sent: [], tries: 0 };
    await this.#end(message, { ...event, ...verdict?.progress, ended }, ended, lease);
  }

  async #attempt(event: QueuedEvent, message: Message, config: FunctionConfig): Promise<Verdict | 'put back'> {
    const age = (): number => this.parts.time.since(event.acceptedAt);
    const before = judgeBefore(event, config, age());
    if (before) return before;
    let result: RunResult | undefined;
    try {
      result = await this.#deliver(event, message);
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

  async #deliver(event: QueuedEvent, { id }: Message): Promise<RunResult> {
    const { requestId, payload, source, clientContext, traceId, qualifier } = event;
    const { result } = await this.parts.deliver({
      queue: this.#queue,
      messages: [id],
      request: {
        function: this.name,
        payload,
        source,
        requestId,
        attempt: event.attempts + 1,
        ...(clientContext === undefined ? {} : { clientContext }),
        ...(traceId === undefined ? {} : { traceId }),
        ...(qualifier === undefined ? {} : { qualifier }),
      },
    });
    return result;
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

  async #end(message: Message, event: QueuedEvent, ended: Ended, lease: Lease): Promise<void> {
    const { destinations, persistence, tally } = this.parts;
    if (!this.#config) {
      // The function went while this event ran; where its news go is known when it is back.
      await lease.end();
      return this.#putBack(message, 0, event);
    }
    const targets = targetsOf(event, ended, this.#config);
    const roles = targets.map(({ role }) => role);
    if (ended.condition !== 'Success' && roles.length + ended.sent.length === 0) this.#discarded(event, ended);
    const handedOver = await tally.leaves(
      () => persistence.insist(() => destinations.handOver(event, message.receipt, targets)),
      (done) => (done?.kind === 'done' ? ended.condition : undefined),
    );
    await lease.end();
    if (handedOver?.kind !== 'gone') return;
    const sent = [...ended.sent, ...roles.filter((role) => !targets.some((target) => target.role === role))];
    await this.#waitFor(handedOver.queue, message, event, { ...ended, sent });
  }

  /** What was to be sent to a queue that is gone is kept with the event until the queue is back. */
  async #waitFor(queue: string, message: Message, event: QueuedEvent, ended: Ended): Promise<void> {
    if (this.#toldGone !== queue)
      this.parts.log(`delivery: ${this.name}: there is no queue ${queue}; what is to go there is kept until there is`);
    this.#toldGone = queue;
    const ms = this.parts.time.wait(throttleDelay(ended.tries));
    await this.#putBack(message, ms, { ...event, ended: { ...ended, tries: ended.tries + 1 } });
  }

  #discarded({ requestId, attempts }: QueuedEvent, { condition }: Ended): void {
    const tries = `${String(attempts)} attempt${attempts === 1 ? '' : 's'}`;
    this.parts.log(
      `delivery: ${this.name}: event ${requestId} is dropped after ${tries} (${condition}); neither deadLetter nor retries.onFailure takes it`,
    );
  }
}
