import { describe, expect, it } from 'vitest';
import { functionConfig } from '../../test/support/function-config.js';
import type { QueueConfig, QueueSourceConfig } from '../contract/config.js';
import type { FaultSpec } from '../contract/faults.js';
import type { InvocationRequest, Outcome } from '../dispatch/types.js';
import { createFaultEngine } from '../faults/engine.js';
import type { RunResult } from '../instances/types.js';
import { createDeliver } from './deliver.js';
import { failure, success } from './fixture.js';
import { Places } from './mapping-transit.js';
import { createMappings } from './mappings.js';
import type { BatchItem } from './mapping-record.js';
import { md5 } from './sqs/message-attributes.js';
import { queueConfig, testQueues } from './sqs/fixture.js';

interface Event {
  readonly Records: readonly { readonly messageId: string; readonly body: string; readonly md5OfBody: string }[];
}

interface Given {
  readonly source?: Partial<QueueSourceConfig>;
  readonly queues?: readonly QueueConfig[];
  readonly handler?: (event: Event, request: InvocationRequest) => Promise<RunResult> | RunResult;
}

/** Messages of `jobs` on their way to `worker`, with these faults on. */
function underFaults(specs: readonly FaultSpec[], { source, queues = [queueConfig('jobs')], handler }: Given = {}) {
  const made = testQueues(...queues);
  const { clock, sqs, log, config } = made;
  const engine = createFaultEngine({
    clock,
    seed: 'seed',
    functions: () => [{ name: 'worker', runtime: 'node', routes: [] }],
  });
  for (const spec of specs) engine.add(spec);
  const seen: { event: Event; request: InvocationRequest; at: number }[] = [];
  const begin = clock.now();
  const invoke = async (request: InvocationRequest): Promise<Outcome> => {
    const event = JSON.parse(request.payload.toString()) as Event;
    seen.push({ event, request, at: (clock.now() - begin) / 1_000 });
    return { result: (await handler?.(event, request)) ?? success } as Partial<Outcome> as Outcome;
  };
  const mappings = createMappings({
    sqs,
    clock,
    deliver: createDeliver({ invoke }),
    faults: engine,
    log: (line) => log.push(line),
  });
  const mapped = { queue: 'jobs', batchSize: 10, windowMs: 0, partialResponses: false, enabled: true, ...source };
  mappings.configure([functionConfig({ name: 'worker', queues: [mapped] })], config.queues);
  const end = async (): Promise<void> => {
    await mappings.drain();
    engine.dispose();
  };
  return {
    ...made,
    engine,
    seen,
    end,
    batches: () => seen.map(({ event }) => event.Records.map(({ body }) => body)),
    times: () => seen.map(({ at }) => at),
    suffered: () => seen.map(({ request }) => request.suffered?.map(({ where, saw }) => [where, saw])),
  };
}

const from = 'delivery from queue jobs';

describe('duplicate', () => {
  it('delivers a message again, with the same id, and by then it is gone from the queue', async () => {
    const { clock, send, seen, batches, suffered, counts, times } = underFaults([
      { kind: 'duplicate', params: { afterMs: 2_000 }, nth: 2 },
    ]);
    await send('jobs', 'a', 'b');
    await clock.advance(10_000);
    expect([batches(), times()]).toEqual([
      [['a', 'b'], ['b']],
      [0, 2],
    ]);
    expect(seen[1]?.event.Records[0]?.messageId).toBe(seen[0]?.event.Records[1]?.messageId);
    expect(suffered()).toEqual([undefined, [[from, 'copy 1 of 1']]]);
    expect(await counts('jobs')).toEqual([0, 0, 0]);
  });

  it('leaves it to the original whether the message comes again', async () => {
    let calls = 0;
    const { clock, send, batches, times, counts } = underFaults([{ kind: 'duplicate', first: 1 }], {
      handler: () => (++calls === 1 ? failure() : success),
    });
    await send('jobs', 'a');
    await clock.advance(29_000);
    expect([batches(), await counts('jobs')]).toEqual([
      [['a'], ['a']],
      [0, 1, 0],
    ]);
    await clock.advance(5_000);
    expect([times(), await counts('jobs')]).toEqual([
      [0, 0, 30],
      [0, 0, 0],
    ]);
  });
});

describe('lost', () => {
  it('leaves the queue without a word, and the others of its batch go on', async () => {
    const { clock, send, batches, counts, engine, suffered } = underFaults([
      { kind: 'lost', match: { event: { '$.Records[0].body': 'b' } } },
    ]);
    await send('jobs', 'a', 'b', 'c');
    await clock.advance(100_000);
    expect([batches(), suffered(), await counts('jobs')]).toEqual([[['a', 'c']], [undefined], [0, 0, 0]]);
    expect(engine.list()[0]).toMatchObject({ matched: 1, injected: 1 });
  });

  it('all of them: nothing is invoked, and nothing left', async () => {
    const { clock, store, send, batches, counts, end } = underFaults([{ kind: 'lost' }]);
    await send('jobs', 'a', 'b');
    await clock.advance(100_000);
    expect([batches(), await counts('jobs')]).toEqual([[], [0, 0, 0]]);
    await end();
    await clock.advance(1_000);
    await store.close();
    expect(clock.pending).toBe(0);
  });
});

describe('late', () => {
  const late = (ms: number, more: Partial<FaultSpec> = {}): FaultSpec => ({ kind: 'late', params: { ms }, ...more });

  it('is hidden for longer than its visibility timeout, received once, and delivered together', async () => {
    const { clock, send, seen, batches, times, suffered, counts } = underFaults([late(100_000, { every: 2 })]);
    await send('jobs', 'a', 'b', 'c', 'd');
    await clock.advance(99_000);
    expect([batches(), await counts('jobs')]).toEqual([[['a', 'c']], [0, 2, 0]]);
    await clock.advance(2_000);
    expect([batches(), times()]).toEqual([
      [
        ['a', 'c'],
        ['b', 'd'],
      ],
      [0, 100],
    ]);
    expect(suffered()[1]).toEqual([[`${from}: 2 of 2`, '+100000 ms']]);
    expect(JSON.stringify(seen[1]?.event)).toContain('"ApproximateReceiveCount":"1"');
    expect(await counts('jobs')).toEqual([0, 0, 0]);
  });

  it('has its whole visibility timeout from when it is handed over', async () => {
    const { clock, send, times } = underFaults([late(100_000, { first: 1 })], { handler: () => failure() });
    await send('jobs', 'a');
    await clock.advance(140_000);
    expect(times()).toEqual([100, 130]);
  });

  it('keeps to the number of batches at a time', async () => {
    const state = { running: 0, most: 0 };
    const { clock, send } = underFaults([late(10_000)], {
      source: { batchSize: 1, maxConcurrency: 2 },
      handler: async () => {
        state.most = Math.max(state.most, ++state.running);
        await new Promise<void>((resolve) => clock.after(1_000, resolve));
        state.running--;
        return success;
      },
    });
    await send('jobs', 'a', 'b', 'c', 'd', 'e');
    await clock.advance(20_000);
    expect(state).toEqual({ running: 0, most: 2 });
  });

  it('goes on at once when it is cleared, while others are waited for', async () => {
    const { clock, send, times, engine } = underFaults([late(100_000)]);
    await send('jobs', 'a');
    await clock.advance(5_000);
    engine.clear();
    await clock.advance(0);
    expect(times()).toEqual([5]);
  });

  it('is visible again as soon as the emulator stops', async () => {
    const { clock, store, send, batches, counts, end } = underFaults([late(100_000)]);
    await send('jobs', 'a', 'b');
    await clock.advance(1_000);
    await end();
    expect([batches(), await counts('jobs')]).toEqual([[], [2, 0, 0]]);
    await clock.advance(1_000);
    await store.close();
    expect(clock.pending).toBe(0);
  });
});

it('reordered: the records of a window are in another order, the same by the same seed', async () => {
  const order = async () => {
    const { clock, send, batches, engine } = underFaults([{ kind: 'reordered', params: { window: 6 } }]);
    await send('jobs', ...'abcdef');
    await clock.advance(1_000);
    expect(engine.list()[0]?.injected).toBe(6);
    return batches();
  };
  const first = await order();
  expect(first).toHaveLength(1);
  expect(first[0]?.toSorted()).toEqual([...'abcdef']);
  expect(first[0]).not.toEqual([...'abcdef']);
  expect(await order()).toEqual(first);
});

it('poison: the body is spoilt as if it had been sent so, each time anew, and the dead letter is what was sent', async () => {
  const { clock, send, seen, suffered, store } = underFaults([{ kind: 'poison', params: { how: 'truncated' } }], {
    queues: [queueConfig('jobs', { redrive: { queue: 'dead', maxReceives: 2 } }), queueConfig('dead')],
    handler: () => failure(),
  });
  await send('jobs', '{"sku":"a","n":12345}');
  await clock.advance(100_000);
  const records = seen.map(({ event }) => event.Records[0]);
  expect(records).toHaveLength(2);
  expect(records[0]?.body).not.toBe(records[1]?.body);
  for (const record of records) {
    expect('{"sku":"a","n":12345}'.startsWith(record?.body ?? '!')).toBe(true);
    expect(record?.md5OfBody).toBe(md5(record?.body ?? ''));
  }
  expect(suffered()).toEqual([[[from, 'cut']], [[from, 'cut']]]);
  const [letter] = await store.receive('sqs/dead', 1, 1_000);
  expect(letter?.body).toBe('{"sku":"a","n":12345}');
});

it('an invocation is told from others by its first message, whatever the batches are', async () => {
  const { clock, send, seen } = underFaults([], { source: { batchSize: 2 }, handler: () => failure() });
  await send('jobs', 'a', 'b', 'c');
  await clock.advance(31_000);
  expect(seen.map(({ request }) => request.origin)).toEqual([
    { queue: 'sqs/jobs', number: 1, attempt: 1 },
    { queue: 'sqs/jobs', number: 3, attempt: 1 },
    { queue: 'sqs/jobs', number: 1, attempt: 2 },
    { queue: 'sqs/jobs', number: 3, attempt: 2 },
  ]);
});

it('places are remembered for the last ten thousand messages', () => {
  const places = new Places();
  const at = (id: number): number | undefined =>
    places.of({ message: { id: String(id) } } as Partial<BatchItem> as BatchItem).place?.number;
  for (let id = 1; id <= 10_000; id++) at(id);
  expect([at(1), at(10_000), at(10_001), at(2)]).toEqual([1, 10_000, 10_001, 10_002]);
});
