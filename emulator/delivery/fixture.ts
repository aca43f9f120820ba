import { functionConfig } from '../../test/support/function-config.js';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import type { FunctionConfig } from '../contract/config.js';
import type { ErrorKind, InvocationRecord } from '../contract/records.js';
import type { InvocationRequest } from '../dispatch/types.js';
import type { DeliveryFaults } from '../faults/types.js';
import type { RunResult } from '../instances/types.js';
import { createDeliver, type HandlerDelivery } from './deliver.js';
import { Events } from './events.js';
import { ScaledTime } from './scaled-time.js';
import type { MessageStore } from './store.js';
import { createMemoryStore } from './stores/memory.js';
import type { AsyncEvent } from './types.js';

/** For tests: results of handlers. */
export const success: RunResult = { ok: true, payload: Buffer.from('{"done":true}') };
export function failure(kind: ErrorKind = 'function', message = 'no stock'): RunResult {
  const payload = Buffer.from(JSON.stringify({ errorType: 'Error', errorMessage: message }));
  return { ok: false, kind, type: 'Error', message, payload };
}

/** For tests: deliveries that suffer nothing. */
export const noFaults: DeliveryFaults = { active: false, planDelivery: () => [], announce: () => undefined };

/** For tests: what a handler does. A promise that never settles is one that runs on. */
export type Behaviour = (request: InvocationRequest) => RunResult | Promise<RunResult>;

/** For tests: what was sent to a queue. */
export interface Sent {
  readonly queue: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** For tests: everything that is due now, done; no time passes. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** For tests: lets `ms` pass in steps short enough for what each brings about. */
export async function pass(clock: VirtualClock, ms: number, step = 500): Promise<void> {
  await settled();
  for (let left = ms; left > 0; left -= step) {
    await clock.advance(Math.min(step, left));
    await settled();
  }
}

export interface TestEventsOptions {
  readonly clock?: VirtualClock;
  readonly store?: MessageStore;
  readonly behave?: Behaviour;
  readonly scale?: number;
  readonly functions?: readonly Partial<FunctionConfig>[];
  readonly faults?: DeliveryFaults;
  send?(sent: Sent): void;
}

/** For tests: events of `counter` over a memory store, in virtual time, with a handler that behaves as told. */
export async function testEvents(options: TestEventsOptions = {}) {
  const { behave = () => success, scale = 1, functions = [{}] } = options;
  const clock = options.clock ?? new VirtualClock();
  const store = options.store ?? memoryStore(clock);
  const deliveries: (HandlerDelivery & { readonly at: number })[] = [];
  const sent: Sent[] = [];
  const logs: string[] = [];
  const begin = clock.now();
  let ids = 0;
  const deliver = createDeliver({
    async invoke(request) {
      return { requestId: request.requestId ?? '', result: await behave(request), record: {} as InvocationRecord };
    },
  });
  const events = new Events({
    clock,
    store,
    time: new ScaledTime(clock, scale),
    deliver(delivery) {
      deliveries.push({ ...delivery, at: clock.now() - begin });
      return deliver(delivery);
    },
    faults: options.faults ?? noFaults,
    newId: () => `new-${String(++ids)}`,
    send: (queue, body, attributes) => {
      const each = { queue, body, attributes };
      options.send?.(each);
      sent.push(each);
      return Promise.resolve();
    },
    log: (message) => logs.push(message),
    changed: () => undefined,
  });
  events.configure(functions.map((each) => functionConfig(each)));
  await events.open();
  return {
    clock,
    store,
    events,
    deliveries,
    sent,
    logs,
    /** Seconds after the begin at which the handler was called. */
    times: () => deliveries.map(({ at }) => at / 1_000),
    accept: (given: Partial<AsyncEvent> = {}) =>
      events.accept({
        requestId: `id-${String(++ids)}`,
        function: 'counter',
        payload: Buffer.from('{"n":1}'),
        source: 'sdk-async',
        ...given,
      }),
    pass: (ms: number, step?: number) => pass(clock, ms, step),
  };
}

export function memoryStore(clock: VirtualClock): MessageStore {
  let receipts = 0;
  return createMemoryStore(clock, () => `receipt-${String(++receipts)}`);
}

/** For tests: the store as an emulator sees it that will be killed: from then on nothing is answered or told. */
export function mortal(store: MessageStore): MessageStore & { kill(): void } {
  let dead = false;
  const never = new Promise<never>(() => undefined);
  const alive = <T>(ask: () => Promise<T>): Promise<T> =>
    dead ? never : ask().then((answer) => (dead ? never : answer));
  return {
    kill: () => void (dead = true),
    add: (...given) => alive(() => store.add(...given)),
    receive: (...given) => alive(() => store.receive(...given)),
    remove: (...given) => alive(() => store.remove(...given)),
    release: (...given) => alive(() => store.release(...given)),
    move: (...given) => alive(() => store.move(...given)),
    counts: (...given) => alive(() => store.counts(...given)),
    purge: (...given) => alive(() => store.purge(...given)),
    names: () => alive(() => store.names()),
    onVisible: (queue, callback) => store.onVisible(queue, () => (dead ? undefined : callback())),
    close: () => alive(() => store.close()),
  };
}
