import type { FunctionConfig } from '../../../emulator/contract/config.js';
import type { FaultDecision, FaultSpec, RuntimeEffect } from '../../../emulator/contract/faults.js';
import type { InvocationRequest } from '../../../emulator/dispatch/types.js';
import { createDeliver } from '../../../emulator/delivery/deliver.js';
import { pass, testEvents } from '../../../emulator/delivery/fixture.js';
import { createMappings } from '../../../emulator/delivery/mappings.js';
import { queueConfig, testQueues } from '../../../emulator/delivery/sqs/fixture.js';
import { createDispatcher } from '../../../emulator/dispatch/index.js';
import { createFaultEngine } from '../../../emulator/faults/engine.js';
import type { FaultEngine } from '../../../emulator/faults/types.js';
import type { Instance, Pool, RunResult } from '../../../emulator/instances/types.js';
import { seededRng, type Rng } from '../../../emulator/rng.js';
import { functionConfig } from '../../support/function-config.js';
import type { VirtualClock } from '../../support/virtual-clock.js';

/** Faults of every way to pick, on what callers wait for, on events with their retries, and on messages of a queue. */
const SPECS: readonly FaultSpec[] = [
  { kind: 'latency', function: 'orders', rate: 30, params: { ms: 20, jitter: 15 } },
  { kind: 'exception', function: 'orders', every: 7 },
  { kind: 'exception', function: 'orders', rate: 40, match: { event: { '$.sku': { startsWith: 'a' } } } },
  { kind: 'status', function: 'orders', sequence: ['hit', 'pass', 'hit'], match: { headers: { 'X-Tenant': 'acme' } } },
  { kind: 'exception', function: 'mailer', rate: 35 },
  { kind: 'exception', function: 'mailer', first: 5 },
  { kind: 'exception', function: 'mailer', every: 4, rate: 60 },
  { kind: 'latency', function: 'm*', nth: 9, params: { ms: 400 } },
  { kind: 'lost', function: 'mailer', rate: 8 },
  { kind: 'duplicate', function: 'mailer', rate: 20, params: { afterMs: 30 } },
  { kind: 'late', function: 'mailer', rate: 25, params: { ms: 700 } },
  { kind: 'poison', function: 'mailer', sequence: ['pass', 'hit', 'hit'] },
  { kind: 'exception', function: 'worker', rate: 30 },
  { kind: 'reordered', function: 'worker', rate: 60, params: { window: 3, maxMs: 2_000 } },
  { kind: 'poison', function: 'worker', every: 5 },
];
export const MIXED = SPECS.map((spec): FaultSpec => ({ ...spec, for: '24h' }));

const FUNCTIONS = ['orders', 'mailer', 'worker'];
const [REQUESTS, EVENTS, MESSAGES] = [45, 26, 12];

/** One decision, so that sets of them can be compared. */
export const decisionText = ({ fault, function: name, queue = '', number, attempt, hit, by }: FaultDecision): string =>
  [fault, name, queue, number, attempt, hit, by].join(' ');

/** A pool that takes any number at the same time; how long they take is drawn, and an effect that throws fails them. */
function poolOf(clock: VirtualClock, rng: Rng): Pool {
  const instance = {
    id: 'i1',
    version: 1,
    takeInitMs: () => undefined,
    run: ({ effects = [] }: { effects?: readonly RuntimeEffect[] }) =>
      new Promise<RunResult>((resolve) => {
        const failed = effects.some(({ type }) => type === 'throw');
        const payload = Buffer.from('{}');
        const result: RunResult = failed
          ? { ok: false, kind: 'function', type: 'Error', message: 'injected', payload }
          : { ok: true, payload };
        clock.after(1 + rng.next() * 80, () => resolve(result));
      }),
  } as Partial<Instance> as Instance;
  return { acquire: () => instance, release: () => undefined } as Partial<Pool> as Pool;
}

function dispatcherOf(clock: VirtualClock, engine: FaultEngine, rng: Rng) {
  const pool = poolOf(clock, rng);
  return createDispatcher({
    clock,
    pools: () => pool,
    names: () => FUNCTIONS,
    functions: (name) => functionConfig({ name, timeoutMs: 60_000 }),
    faults: engine,
    recorder: { invocation: () => undefined },
    newId: () => 'new',
  });
}

const request = (n: number): Pick<InvocationRequest, 'payload' | 'function' | 'source'> => ({
  function: 'orders',
  source: 'http',
  payload: Buffer.from(
    JSON.stringify({
      sku: ['apple', 'pear', 'avocado'][n % 3],
      headers: { 'x-tenant': n % 2 === 0 ? 'acme' : 'other' },
    }),
  ),
});

/** `concurrency` callers, each with the next request as soon as its last one has ended. */
function callers(concurrency: number, send: (n: number) => Promise<unknown>): Promise<unknown> {
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < REQUESTS) await send(next++);
  };
  return Promise.all(Array.from({ length: concurrency }, caller));
}

/**
 * A run in virtual time through the real dispatcher, event queue and event source mapping.
 * @param chance of the run, not of the faults: how long invocations take, and when events are sent
 * @returns the decisions, sorted, each once
 */
export async function mixedRun(seed: string, concurrency: number, chance: string): Promise<readonly string[]> {
  const rng = seededRng(chance);
  const queues = testQueues(queueConfig('jobs', { visibilityMs: 3_000 }));
  const { clock, sqs, store } = queues;
  const engine = createFaultEngine({
    clock,
    seed,
    functions: () => FUNCTIONS.map((name) => ({ name, runtime: 'node', routes: [] })),
  });
  for (const spec of MIXED) engine.add(spec);
  const dispatcher = dispatcherOf(clock, engine, rng);
  const scaling = { min: 0, max: concurrency, idleMs: 1 } as FunctionConfig['scaling'];
  const events = await testEvents({
    clock,
    store,
    scale: 60,
    faults: engine,
    functions: [{ name: 'mailer', scaling }],
    behave: async (each) => (await dispatcher.invoke(each)).result,
  });
  const mappings = createMappings({
    sqs,
    clock,
    deliver: createDeliver(dispatcher),
    faults: engine,
    log: () => undefined,
  });
  const source = { queue: 'jobs', batchSize: 1, windowMs: 0, partialResponses: false, enabled: true };
  mappings.configure([functionConfig({ name: 'worker', scaling, queues: [source] })], queues.config.queues);

  const answered = callers(concurrency, (n) => dispatcher.invoke(request(n)));
  for (let n = 0; n < EVENTS; n++) {
    await events.accept({
      function: 'mailer',
      requestId: `event-${String(n)}`,
      payload: Buffer.from(`{"n":${String(n)}}`),
    });
    if (n < MESSAGES) await queues.send('jobs', String(n));
    await clock.advance(rng.next() * 40);
  }
  const open = async (): Promise<number> => {
    const { visible, inFlight, delayed } = await store.counts('sqs/jobs');
    return events.events.snapshot('mailer').pending + visible + inFlight + delayed;
  };
  while ((await open()) > 0) await pass(clock, 5_000, 1_000);
  await answered;
  await Promise.all([events.events.drain(), mappings.drain()]);
  const decisions = [...new Set(engine.decisions().map(decisionText))].sort();
  engine.dispose();
  return decisions;
}
