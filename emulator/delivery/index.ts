import type { Clock } from '../clock.js';
import type { Dispatcher, NewId } from '../dispatch/types.js';
import type { DeliveryFaults } from '../faults/types.js';
import { createDeliver } from './deliver.js';
import { Events } from './events.js';
import { LateStore } from './late-store.js';
import { createMappings } from './mappings.js';
import { ScaledTime } from './scaled-time.js';
import { Schedules } from './schedules.js';
import { createSqs } from './sqs/index.js';
import type { MessageStore } from './store.js';
import type { Delivery, DeliveryConfig } from './types.js';

export interface DeliveryOptions {
  readonly clock: Clock;
  /** For requests, events and messages. */
  readonly newId: NewId;
  readonly dispatcher: Pick<Dispatcher, 'invoke'>;
  /** What deliveries suffer. */
  readonly faults: DeliveryFaults;
  /** @throws FaultlineError STORE_UNAVAILABLE */
  openStore(): Promise<MessageStore>;
  /** Whether that store keeps what it has over the end of the emulator; only said at the end. */
  readonly durable: boolean;
  /** How many times faster than the clock retries, ages and schedules run; above 0. */
  readonly timeScale: number;
  log(message: string): void;
  /** Something that views show has changed. Cheap; called often. */
  changed?(): void;
}

/*
 *   accept ───── events ──────┐        ┌── schedules (accept)
 *                  │  ▲       ├── deliver ── dispatcher
 *   destinations ◀─┘  └── sqs ── mappings
 *                         │
 *   all of it stands on one message store
 */

export function createDelivery(options: DeliveryOptions): Delivery {
  const { clock, newId, timeScale, faults, log } = options;
  const store = new LateStore();
  const time = new ScaledTime(clock, timeScale);
  const deliver = createDeliver(options.dispatcher);
  const changed = (): void => options.changed?.();
  let draining = false;
  let config: DeliveryConfig = { functions: [], queues: [], gateway: '' };

  const sqs = createSqs({
    store,
    clock,
    newId,
    log,
    changed,
    gateway: () => config.gateway,
    queues: () => config.queues,
  });
  const mappings = createMappings({ sqs, clock, deliver, faults, log });
  const events = new Events({
    clock,
    time,
    store,
    deliver,
    faults,
    newId,
    log,
    changed,
    send: (...given) => sqs.send(...given),
  });
  const schedules = new Schedules({ clock, time, newId, log, accept: (event) => events.accept(event) });

  /** What works by itself, as soon as there is a store. */
  function start(): void {
    if (draining) return;
    events.configure(config.functions);
    mappings.configure(config.functions, config.queues);
    schedules.configure(config.functions);
  }

  return {
    sqs: sqs.service,

    async open() {
      store.open(await options.openStore());
      await sqs.open();
      await events.open();
      start();
    },

    configure(next) {
      config = next;
      if (store.isOpen) start();
      else events.configure(config.functions);
    },

    accept: (event) => events.accept(event),
    async: (functionName) => events.snapshot(functionName),
    schedules: (functionName) => schedules.snapshot(functionName),
    queues: () => sqs.snapshot(),

    async drain() {
      draining = true;
      schedules.stop();
      sqs.drain();
      await Promise.all([events.drain(), mappings.drain()]);
    },

    async close() {
      if (!store.isOpen) return;
      draining = true;
      schedules.stop();
      mappings.close();
      sqs.close();
      const left = await countLeft(store);
      if (left > 0) log(leftOver(left, options.durable));
      await store.close();
    },
  };
}

/** Events and messages of all queues; none when the store does not say. */
async function countLeft(store: MessageStore): Promise<number> {
  try {
    const counts = await Promise.all((await store.names()).map((name) => store.counts(name)));
    return counts.reduce((sum, { visible, inFlight, delayed }) => sum + visible + inFlight + delayed, 0);
  } catch {
    return 0;
  }
}

function leftOver(count: number, durable: boolean): string {
  const what = count === 1 ? '1 event or message' : `${String(count)} events and messages`;
  return durable
    ? `delivery: ${what} kept for the next start`
    : `delivery: ${what} not handled yet, and lost: delivery.store is memory`;
}
