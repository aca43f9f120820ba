import type { FunctionConfig } from '../contract/config.js';
import { throttleDelay } from './backoff.js';
import { targetsOf, type Destinations } from './destinations.js';
import { queueOf, type Ended, type QueuedEvent } from './event.js';
import type { EventItem } from './event-transit.js';
import type { Persistence } from './persistence.js';
import type { ScaledTime } from './scaled-time.js';
import type { MessageStore } from './store.js';
import type { Tally } from './tally.js';

export interface EventEndParts {
  readonly time: ScaledTime;
  readonly store: MessageStore;
  readonly destinations: Destinations;
  readonly persistence: Persistence;
  readonly tally: Tally;
  log(message: string): void;
}

/** The last steps of one function's events: what became of them is handed over, and they are taken out of the queue. */
export class EventEnd {
  #toldGone: string | undefined;

  constructor(
    private readonly name: string,
    private readonly parts: EventEndParts,
  ) {}

  /** @returns when to try again, in ms of the clock, and what is left then; undefined when it is out of the queue */
  async end({ message, event }: EventItem, ended: Ended, config: FunctionConfig): Promise<Waits | undefined> {
    const { destinations, persistence, tally } = this.parts;
    const whole = { ...event, ended };
    const targets = targetsOf(whole, ended, config);
    const roles = targets.map(({ role }) => role);
    if (ended.condition !== 'Success' && roles.length + ended.sent.length === 0) this.#discarded(event, ended);
    const handedOver = await tally.leaves(
      () => persistence.insist(() => destinations.handOver(whole, message.receipt, targets)),
      (done) => (done?.kind === 'done' ? ended.condition : undefined),
    );
    if (handedOver?.kind !== 'gone') return undefined;
    const sent = [...ended.sent, ...roles.filter((role) => !targets.some((target) => target.role === role))];
    return this.#waitFor(handedOver.queue, { ...ended, sent });
  }

  /** Gone as if handled, without news of it. */
  async lose({ message }: EventItem): Promise<void> {
    const { persistence, tally, store } = this.parts;
    await tally.leaves(
      () => persistence.insist(() => store.remove(queueOf(this.name), [message.receipt])),
      (removed) => (removed?.[0] ? 'Lost' : undefined),
    );
  }

  /** What was to be sent to a queue that is gone is kept with the event until the queue is back. */
  #waitFor(queue: string, ended: Ended): Waits {
    if (this.#toldGone !== queue)
      this.parts.log(`delivery: ${this.name}: there is no queue ${queue}; what is to go there is kept until there is`);
    this.#toldGone = queue;
    const ms = this.parts.time.wait(throttleDelay(ended.tries));
    return { ms, ended: { ...ended, tries: ended.tries + 1 } };
  }

  #discarded({ requestId, attempts }: QueuedEvent, { condition }: Ended): void {
    const tries = `${String(attempts)} attempt${attempts === 1 ? '' : 's'}`;
    this.parts.log(
      `delivery: ${this.name}: event ${requestId} is dropped after ${tries} (${condition}); neither deadLetter nor retries.onFailure takes it`,
    );
  }
}

interface Waits {
  readonly ms: number;
  readonly ended: Ended;
}
