import type { Clock, Timer } from '../clock.js';
import type { FunctionConfig } from '../contract/config.js';
import { FaultlineError } from '../contract/errors.js';
import type { AsyncSnapshot } from '../contract/snapshot.js';
import type { NewId } from '../dispatch/types.js';
import type { Deliver } from './deliver.js';
import { Destinations } from './destinations.js';
import { functionOf, queueOf, toMessage } from './event.js';
import { EventQueue } from './event-queue.js';
import { Persistence } from './persistence.js';
import type { ScaledTime } from './scaled-time.js';
import type { MessageStore } from './store.js';
import { Tally } from './tally.js';
import type { AsyncEvent } from './types.js';

/** How often counts are compared with the store's: other emulators may share it; ms. */
const COMPARE_MS = 5_000;

const NOTHING: AsyncSnapshot = { pending: 0, succeeded: 0, failed: 0, expired: 0 };

export interface EventsParts {
  readonly clock: Clock;
  readonly time: ScaledTime;
  readonly store: MessageStore;
  readonly deliver: Deliver;
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
  readonly #tallies = new Map<string, Tally>();
  readonly #destinations: Destinations;
  readonly #persistence: Persistence;
  #functions: ReadonlyMap<string, FunctionConfig> = new Map();
  #opened = false;
  #draining = false;
  #comparing: Timer | undefined;
  #toldOrphans = '';

  constructor(private readonly parts: EventsParts) {
    this.#persistence = new Persistence(parts.clock, parts.log);
    this.#destinations = new Destinations({ ...parts, arrived: (name) => this.#arrived(name) });
  }

  /** Counts what an earlier run has accepted, and goes on with it. */
  async open(): Promise<void> {
    for (const queue of await this.parts.store.names()) {
      const name = functionOf(queue);
      if (name !== undefined) this.#tally(name).is(await this.parts.store.counts(queue));
    }
    this.#opened = true;
    this.#compareLater();
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
    try {
      await this.parts.store.add(queueOf(event.function), [toMessage(event, this.parts.clock.now())]);
    } catch (error) {
      throw unavailable(error);
    }
    this.#arrived(event.function);
  }

  snapshot(functionName: string): AsyncSnapshot {
    return this.#tallies.get(functionName)?.snapshot() ?? NOTHING;
  }

  async drain(): Promise<void> {
    this.#draining = true;
    this.#comparing?.cancel();
    this.#persistence.stop();
    await Promise.all([...this.#queues.values()].map((queue) => queue.drain()));
  }

  #queue(name: string): EventQueue {
    const destinations = this.#destinations;
    const persistence = this.#persistence;
    return new EventQueue(name, { ...this.parts, destinations, persistence, tally: this.#tally(name) });
  }

  #tally(name: string): Tally {
    let tally = this.#tallies.get(name);
    if (!tally) this.#tallies.set(name, (tally = new Tally(() => this.parts.changed())));
    return tally;
  }

  #arrived(name: string): void {
    this.#tally(name).arrived(this.parts.clock.now());
    this.#compareLater();
  }

  #compareLater(): void {
    const counting = [...this.#tallies.values()].some(({ pending }) => pending > 0);
    if (this.#comparing || this.#draining || !counting) return;
    this.#comparing = this.parts.clock.after(COMPARE_MS, () => {
      void this.#compare().finally(() => {
        this.#comparing = undefined;
        this.#compareLater();
      });
    });
  }

  async #compare(): Promise<void> {
    for (const [name, tally] of this.#tallies) {
      if (tally.pending === 0) continue;
      const { changes } = tally;
      const counts = await this.parts.store.counts(queueOf(name)).catch(() => undefined);
      if (counts && tally.changes === changes) tally.is(counts);
    }
  }

  #tellOrphans(): void {
    const orphans = [...this.#tallies]
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
