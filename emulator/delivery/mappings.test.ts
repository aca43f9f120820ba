import { expect, it } from 'vitest';
import { functionConfig } from '../../test/support/function-config.js';
import type { FunctionConfig, QueueConfig, QueueSourceConfig } from '../contract/config.js';
import { FaultlineError } from '../contract/errors.js';
import type { InvocationRequest, Outcome } from '../dispatch/types.js';
import type { RunResult } from '../instances/types.js';
import { createDeliver } from './deliver.js';
import { noFaults } from './fixture.js';
import { createMappings } from './mappings.js';
import { queueConfig, testQueues } from './sqs/fixture.js';

interface Event {
  readonly Records: readonly {
    readonly messageId: string;
    readonly body: string;
    readonly attributes: Readonly<Record<string, string>>;
  }[];
}

type Handler = (event: Event, request: InvocationRequest) => Promise<RunResult> | RunResult;

const ok = (answer: unknown = null): RunResult => ({ ok: true, payload: Buffer.from(JSON.stringify(answer)) });
const failure = (kind: 'function' | 'throttled'): RunResult => ({
  ok: false,
  kind,
  type: kind,
  message: kind,
  payload: Buffer.from('{}'),
});

const source = (given: Partial<QueueSourceConfig> = {}): QueueSourceConfig => ({
  queue: 'jobs',
  batchSize: 10,
  windowMs: 0,
  partialResponses: false,
  enabled: true,
  ...given,
});
const worker = (given: Partial<QueueSourceConfig> = {}, config: Partial<FunctionConfig> = {}): FunctionConfig =>
  functionConfig({ name: 'worker', queues: [source(given)], ...config });

function fixture(handler: Handler, ...queues: readonly QueueConfig[]) {
  const made = testQueues(...(queues.length > 0 ? queues : [queueConfig('jobs')]));
  const { clock, sqs, log, config } = made;
  const batches: string[][] = [];
  const state = { running: 0, most: 0, handler };
  const invoke = async (request: InvocationRequest): Promise<Outcome> => {
    const event = JSON.parse(request.payload.toString()) as Event;
    batches.push(event.Records.map(({ body }) => body));
    state.most = Math.max(state.most, ++state.running);
    try {
      return { result: await state.handler(event, request) } as Partial<Outcome> as Outcome;
    } finally {
      state.running--;
    }
  };
  const deliver = createDeliver({ invoke });
  const mappings = createMappings({ sqs, clock, deliver, faults: noFaults, log: (line) => log.push(line) });
  const configure = (...functions: readonly FunctionConfig[]): void => mappings.configure(functions, config.queues);
  /** Lets a handler take so long, ms. */
  const after = (ms: number, result: RunResult): Promise<RunResult> =>
    new Promise((resolve) => clock.after(ms, () => resolve(result)));
  return { ...made, mappings, configure, batches, state, after };
}

it('invokes the function with what is in the queue, and removes it', async () => {
  const requests: InvocationRequest[] = [];
  const { clock, store, send, configure, batches, counts, mappings } = fixture((_event, request) => {
    requests.push(request);
    return ok();
  });
  configure(worker());
  await send('jobs', 'a', 'b');
  await clock.advance(0);
  expect(batches).toEqual([['a', 'b']]);
  expect(requests).toMatchObject([{ function: 'worker', source: 'queue' }]);
  expect(await counts('jobs')).toEqual([0, 0, 0]);
  await mappings.drain();
  await clock.advance(1_000);
  await store.close();
  expect(clock.pending).toBe(0);
});

it('leaves a batch that has failed until its visibility timeout is over', async () => {
  const { clock, send, configure, batches, counts, state } = fixture(() => failure('function'));
  configure(worker());
  await send('jobs', 'a', 'b');
  await clock.advance(29_999);
  expect([batches.length, await counts('jobs')]).toEqual([1, [0, 2, 0]]);
  const receives: (string | undefined)[] = [];
  state.handler = ({ Records }) => {
    receives.push(...Records.map(({ attributes }) => attributes['ApproximateReceiveCount']));
    return ok();
  };
  await clock.advance(1);
  expect([batches.length, receives, await counts('jobs')]).toEqual([2, ['2', '2'], [0, 0, 0]]);
});

it('sends a message that fails too often to the dead-letter queue', async () => {
  const redrive = { queue: 'dead', maxReceives: 3 };
  const queues = [queueConfig('jobs', { redrive }), queueConfig('dead')];
  const { clock, send, configure, batches, counts } = fixture(() => failure('function'), ...queues);
  configure(worker());
  await send('jobs', 'a');
  await clock.advance(89_999);
  expect([batches.length, await counts('dead')]).toEqual([3, [0, 0, 0]]);
  await clock.advance(1);
  expect([batches.length, await counts('jobs'), await counts('dead')]).toEqual([3, [0, 0, 0], [1, 0, 0]]);
});

it('heeds batchItemFailures when it is told to, and only then', async () => {
  const answer: Handler = ({ Records }) => ok({ batchItemFailures: [{ itemIdentifier: Records[1]?.messageId }] });
  const heeding = fixture(answer);
  heeding.configure(worker({ partialResponses: true }));
  await heeding.send('jobs', 'a', 'b', 'c');
  await heeding.clock.advance(0);
  expect(await heeding.counts('jobs')).toEqual([0, 1, 0]);
  await heeding.clock.advance(30_000);
  expect(heeding.batches).toEqual([['a', 'b', 'c'], ['b']]);
  const deaf = fixture(answer);
  deaf.configure(worker());
  await deaf.send('jobs', 'a', 'b', 'c');
  await deaf.clock.advance(0);
  expect(await deaf.counts('jobs')).toEqual([0, 0, 0]);
});

it('tries a throttled batch again until its visibility timeout is over, and counts one receive only', async () => {
  const { clock, send, configure, batches, counts, receive, mappings } = fixture(() => failure('throttled'));
  configure(worker());
  await send('jobs', 'a');
  await clock.advance(7_000);
  expect(batches).toHaveLength(4); // at 0 s, 1 s, 3 s and 7 s
  await clock.advance(22_999);
  expect([batches.length, await counts('jobs')]).toEqual([5, [0, 1, 0]]);
  await clock.advance(1);
  expect(batches).toHaveLength(6);
  await mappings.drain();
  expect((await receive('jobs'))[0]).toMatchObject({ receives: 3 });
});

it('keeps messages hidden for as long as the handler works', async () => {
  const { clock, send, configure, counts, batches, after } = fixture(() => after(100_000, ok()));
  configure(worker());
  await send('jobs', 'a');
  await clock.advance(99_999);
  expect([batches.length, await counts('jobs')]).toEqual([1, [0, 1, 0]]);
  await clock.advance(1);
  expect(await counts('jobs')).toEqual([0, 0, 0]);
});

it('runs five batches at a time at first, and more while messages wait', async () => {
  const { clock, send, configure, state, after } = fixture(() => after(10_000, ok()));
  configure(worker({ batchSize: 1 }));
  await send('jobs', ...Array.from({ length: 100 }, (_, i) => String(i)));
  await clock.advance(999);
  expect(state.most).toBe(5);
  for (let i = 0; i < 210; i++) await clock.advance(10);
  expect(state.most).toBe(20);
});

it.each([
  ['maxConcurrency', worker({ batchSize: 1, maxConcurrency: 2 }), 2],
  ['the instances of the function', worker({ batchSize: 1 }, { scaling: { min: 0, max: 3, idleMs: 1_000 } }), 3],
  [
    'no reserved concurrency, as on Lambda',
    worker({ batchSize: 1 }, { reserved: 2, scaling: { min: 0, max: 2, idleMs: 1_000 } }),
    5,
  ],
])('is bounded by %s', async (_what, config, most) => {
  const { clock, send, configure, state, after } = fixture(() => after(900, ok()));
  configure(config);
  await send('jobs', ...Array.from({ length: 20 }, (_, i) => String(i)));
  await clock.advance(950);
  expect(state.most).toBe(most);
});

it('hands the oldest out first', async () => {
  const { clock, send, configure, batches } = fixture(() => ok());
  await send('jobs', ...Array.from({ length: 25 }, (_, i) => String(i)));
  configure(worker());
  await clock.advance(0);
  expect(batches.flat()).toEqual(Array.from({ length: 25 }, (_, i) => String(i)));
});

it('passes the trace of a message on', async () => {
  const traces: (string | undefined)[] = [];
  const { clock, engine, configure } = fixture((_event, { traceId }) => {
    traces.push(traceId);
    return ok();
  });
  configure(worker());
  await engine.send(engine.queue('jobs'), [{ body: 'a', attributes: {}, trace: 'Root=1-5759e988' }]);
  await clock.advance(0);
  expect(traces).toEqual(['Root=1-5759e988']);
});

it('warns of a visibility timeout that Lambda refuses, once, and hides messages for the timeout', async () => {
  const { clock, send, configure, counts, log, batches } = fixture(
    () => failure('function'),
    queueConfig('jobs', { visibilityMs: 5_000 }),
  );
  configure(worker({}, { timeoutMs: 60_000 }));
  configure(worker({}, { timeoutMs: 60_000 }));
  expect(log).toEqual([
    'queue jobs: its visibility timeout of 5 s is less than the timeout of function worker, 60 s. Lambda refuses such an event source mapping (InvalidParameterValueException); AWS recommends 360 s. Messages are hidden for 60 s here.',
  ]);
  await send('jobs', 'a');
  await clock.advance(59_999);
  expect([batches.length, await counts('jobs')]).toEqual([1, [0, 1, 0]]);
});

it('goes on with what runs when the config changes, and takes what is new from then on', async () => {
  const { clock, send, configure, counts, batches, after } = fixture(() => after(10_000, ok()));
  configure(worker());
  await send('jobs', 'a');
  await clock.advance(1_000);
  configure(worker({ enabled: false }));
  await send('jobs', 'b');
  await clock.advance(10_000);
  expect([batches, await counts('jobs')]).toEqual([[['a']], [1, 0, 0]]);
  configure(worker({ batchSize: 1 }));
  await send('jobs', 'c');
  await clock.advance(0);
  expect(batches.slice(1)).toEqual([['b'], ['c']]);
});

it('closes the batch that is being gathered when its settings change', async () => {
  const { clock, send, configure, batches } = fixture(() => ok());
  configure(worker({ windowMs: 60_000, batchSize: 100 }));
  await send('jobs', 'a');
  await clock.advance(1_000);
  configure(worker({ windowMs: 60_000, batchSize: 100 }));
  await clock.advance(1_000);
  expect(batches).toEqual([]);
  configure(worker({ windowMs: 0 }));
  await clock.advance(0);
  expect(batches).toEqual([['a']]);
});

it('drains: what runs ends, what was not delivered is visible again, nothing more is taken', async () => {
  const { clock, send, configure, counts, batches, mappings, after } = fixture(() => after(5_000, ok()));
  configure(worker({ windowMs: 2_000, batchSize: 100 }));
  await send('jobs', 'a');
  await clock.advance(3_000);
  await send('jobs', 'b');
  await clock.advance(1_000);
  expect(await counts('jobs')).toEqual([0, 2, 0]);
  let drained = false;
  const draining = mappings.drain().then(() => (drained = true));
  await clock.advance(0);
  expect([await counts('jobs'), drained]).toEqual([[1, 1, 0], false]);
  await clock.advance(5_000);
  await draining;
  configure(worker());
  await clock.advance(60_000);
  expect([batches, await counts('jobs')]).toEqual([[['a']], [1, 0, 0]]);
});

it('drains before it has begun', async () => {
  const { clock, configure, mappings } = fixture(() => ok());
  configure(worker());
  const drained = mappings.drain().then(() => clock.monotonic());
  await clock.advance(60_000);
  expect(await drained).toBe(0);
});

it('gives a batch back at once when the emulator is stopping', async () => {
  const { clock, send, configure, counts, mappings } = fixture(() => {
    throw new FaultlineError('STOPPING', 'The emulator is stopping');
  });
  configure(worker());
  await send('jobs', 'a');
  const drained = mappings.drain();
  await clock.advance(0);
  await drained;
  expect((await counts('jobs'))[1]).toBe(0);
});

it('tells what could not be delivered, and leaves it for later', async () => {
  const { clock, send, configure, counts, log } = fixture(() => {
    throw new FaultlineError('FUNCTION_NOT_FOUND', 'There is no function "worker"');
  });
  configure(worker());
  await send('jobs', 'a');
  await clock.advance(0);
  expect(log).toEqual(['queue jobs to worker: 1 messages could not be delivered: There is no function "worker"']);
  expect(await counts('jobs')).toEqual([0, 1, 0]);
});

it('goes on when the store works again', async () => {
  const { clock, store, send, configure, log, batches } = fixture(() => ok());
  const { receive } = store;
  store.receive = () => Promise.reject(new Error('gone'));
  configure(worker());
  await send('jobs', 'a');
  await clock.advance(5_000);
  expect(log).toEqual(['queue jobs to worker: cannot receive: gone']);
  store.receive = receive;
  await clock.advance(1_000);
  expect(batches).toEqual([['a']]);
});

it('tells which functions a queue invokes', () => {
  const { sqs, configure } = fixture(() => ok());
  configure(worker(), functionConfig({ name: 'other', queues: [source({ enabled: false })] }), functionConfig());
  expect(sqs.snapshot()).toMatchObject([{ name: 'jobs', functions: ['worker', 'other'] }]);
});

it('counts a queue once that a function lists twice', () => {
  const { configure, log } = fixture(() => ok());
  configure(functionConfig({ name: 'worker', queues: [source(), source({ batchSize: 1 })] }));
  expect(log).toEqual(['function worker: queue jobs is listed twice; the first one counts']);
});

it('loses none of 1 000 messages: each is handled or ends as a dead letter', async () => {
  const redrive = { queue: 'dead', maxReceives: 3 };
  const handled: string[] = [];
  let invocations = 0;
  const made = fixture(
    ({ Records }) => {
      const kind = ++invocations % 7;
      if (kind === 3) return failure('function');
      if (kind === 5) return failure('throttled');
      const bad = Records.filter(({ body }) => Number(body) % 10 === 0 || (kind === 1 && Number(body) % 3 === 0));
      handled.push(...Records.filter((record) => !bad.includes(record)).map(({ body }) => body));
      return made.after(100, ok({ batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) }));
    },
    queueConfig('jobs', { redrive }),
    queueConfig('dead'),
  );
  const { clock, send, configure, counts, receive, mappings } = made;
  configure(worker({ partialResponses: true, batchSize: 10 }));
  const all = Array.from({ length: 1_000 }, (_, i) => String(i));
  await send('jobs', ...all);
  await clock.advance(300_000);
  expect(await counts('jobs')).toEqual([0, 0, 0]);
  const dead = (await receive('dead', { max: 1_000 })).map(({ body }) => body);
  expect([...handled, ...dead].sort()).toEqual([...all].sort());
  expect(dead.length).toBeGreaterThanOrEqual(100);
  expect(dead.length).toBeLessThan(300);
  await mappings.drain();
});
