import type { Clock } from '../clock.js';
import type { FunctionConfig } from '../contract/config.js';
import { FaultlineError } from '../contract/errors.js';
import type { AsyncSnapshot } from '../contract/snapshot.js';
import type { NewId } from '../dispatch/types.js';
import type { DeliveryFaults } from '../faults/types.js';
import type { Deliver } from './deliver.js';
import { Destinations } from './destinations.js';
import { queueOf, toMessage } from './event.js';
import { EventQueue } from './event-queue.js';
import { Persistence } from './persistence.js';
import type { ScaledTime } from './scaled-time.js';
import type { MessageStore } from './store.js';
import { Tallies } from './tallies.js';
import type { AsyncEvent } from './types.js';

const NOTHING: AsyncSnapshot = { pending: 0, succeeded: 0, failed: 0, expired: 0 };

export interface EventsParts {
  readonly clock: Clock;
  readonly time: ScaledTime;
  readonly store: MessageStore;
  readonly deliver: Deliver;
  readonly faults: DeliveryFaults;
  readonly newId: NewId;
  /** A message to a queue. @throws SqsError */
  send(queue: string, body: string, attributes: Readonly<Record<string, string | number>>): Promise<void>;
  log(message: string): void;
  /** Counts are not what they were. */
  changed(): void;
}

/** Asynchronous invocations of all functions. */
export class Events {
  readonly #queues = new Map<string, EventQueue>();
  readonly #tallies: Tallies;
  readonly #destinations: Destinations;
  readonly #persistence: Persistence;
  #functions: ReadonlyMap<string, FunctionConfig> = new Map();
  #opened = false;
  #draining = false;
  #toldOrphans = '';

  constructor(private readonly parts: EventsParts) {
    this.#persistence = new Persistence(parts.clock, parts.log);
    this.#tallies = new Tallies(parts);
    this.#destinations = new Destinations({ ...parts, keep: (name, keep) => this.#keep(name, keep) });
  }

  /** Counts what an earlier run has accepted, and goes on with it. */
  async open(): Promise<void> {
    await this.#tallies.open();
    this.#opened = true;
    this.configure([...this.#functions.values()]);
  }

  configure(functions: readonly FunctionConfig[]): void {
    this.#functions = new Map(functions.map((fn) => [fn.name, fn]));
    if (!this.#opened || this.#draining) return;
    for (const { name } of functions) {
      if (!this.#queues.has(name)) this.#queues.set(name, this.#queue(name));
    }
    for (const [name, queue] of this.#queues) queue.configure(this.#functions.get(name));
    this.#tellOrphans();
  }

  async accept(event: AsyncEvent): Promise<void> {
    if (this.#draining) throw new FaultlineError('STOPPING', 'The emulator is stopping');
    if (!this.#functions.has(event.function)) throw this.#unknown(event.function);
    const message = toMessage(event, this.parts.clock.now());
    try {
      await this.#keep(event.function, () => this.parts.store.add(queueOf(event.function), [message]));
    } catch (error) {
      throw unavailable(error);
    }
  }

  snapshot(functionName: string): AsyncSnapshot {
    return this.#tallies.get(functionName)?.snapshot() ?? NOTHING;
  }

  async drain(): Promise<void> {
    this.#draining = true;
    this.#tallies.stop();
    this.#persistence.stop();
    await Promise.all([...this.#queues.values()].map((queue) => queue.drain()));
  }

  #queue(name: string): EventQueue {
    const destinations = this.#destinations;
    const persistence = this.#persistence;
    return new EventQueue(name, { ...this.parts, destinations, persistence, tally: this.#tallies.of(name) });
  }

  #keep<T>(name: string, keep: () => Promise<T>): Promise<T> {
    return this.#tallies.of(name).arrives(keep, this.parts.clock.now());
  }

  #tellOrphans(): void {
    const orphans = [...this.#tallies.entries()]
      .filter(([name, { pending }]) => pending > 0 && !this.#functions.has(name))
      .map(([name, { pending }]) => `${name} (${String(pending)})`)
      .join(', ');
    if (orphans !== '' && orphans !== this.#toldOrphans)
      this.parts.log(`delivery: events wait for functions that are not configured: ${orphans}`);
    this.#toldOrphans = orphans;
  }

  #unknown(name: string): FaultlineError {
    const names = [...this.#functions.keys()];
    const hint = names.length === 0 ? 'No functions are configured.' : `Functions: ${names.join(', ')}.`;
    return new FaultlineError('FUNCTION_NOT_FOUND', `There is no function "${name}"`, { hint });
  }
}

function unavailable(error: unknown): FaultlineError {
  if (error instanceof FaultlineError) return error;
  return new FaultlineError('STORE_UNAVAILABLE', FaultlineError.from(error).message, { cause: error });
}
