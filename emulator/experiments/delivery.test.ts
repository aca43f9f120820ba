import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import type { InvocationDetail, InvocationRecord } from '../contract/records.js';
import type { Snapshot } from '../contract/snapshot.js';
import { messagesOf } from './delivered-messages.js';
import { DeliveryWatch } from './delivery.js';
import { RecordWatch } from './record-watch.js';

const EXPECTED = { lost: 0, duplicated: 0, within: 1_000 };

/** An emulator that has one function `worker`, which a queue or asynchronous invocations reach. */
function world() {
  const clock = new VirtualClock();
  const records: InvocationRecord[] = [];
  const details = new Map<string, Pick<InvocationDetail, 'event' | 'payload'>>();
  const async = { pending: 0, succeeded: 0, failed: 0, expired: 0 };
  const queues = [
    { name: 'jobs', visible: 0, inFlight: 0, delayed: 0, functions: ['worker'], deadLetterOf: [] },
    { name: 'dead', visible: 0, inFlight: 0, delayed: 0, functions: [], deadLetterOf: ['jobs'] },
  ];
  const emulator = {
    snapshot: () => structuredClone({ functions: [{ name: 'worker', async }], queues }) as unknown as Snapshot,
    invocations: ({ limit = 500 } = {}) => records.slice(-limit).reverse(),
    invocation: (id: string) => details.get(id) as InvocationDetail | undefined,
  };
  const ran = (requestId: string, source: InvocationRecord['source'], more: Partial<InvocationRecord> = {}): void => {
    const base = { function: 'worker', at: 0, queueMs: 0, durationMs: 1, memoryMb: 128, faults: [], operations: [] };
    records.push({ ...base, requestId, source, number: records.length + 1, attempt: 1, ...more });
  };
  const batch = (id: string, ids: readonly string[], failed: readonly string[] = []): void => {
    const event = JSON.stringify({ Records: ids.map((messageId) => ({ messageId })) });
    const payload = JSON.stringify({ batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) });
    details.set(id, { event, payload });
    ran(id, 'queue');
  };
  let watch: DeliveryWatch | undefined;
  const watched = new RecordWatch(clock, emulator, (record) => watch?.saw(record));
  const begin = (direct: readonly string[]): DeliveryWatch =>
    (watch = new DeliveryWatch({ clock, emulator, records: watched, direct, signal: new AbortController().signal }));
  const end = async (expected: object, ids: readonly (string | undefined)[] = []): Promise<string> => {
    const samples = ids.map((id) => ({ status: 202, dueAt: 0, latencyMs: 1, ...(id === undefined ? {} : { id }) }));
    const ended = watch?.end('during', { ...EXPECTED, ...expected }, samples);
    await clock.advance(2_000);
    watched.dispose();
    const check = await ended;
    return `${check?.measured ?? ''} ${check?.passed ? '✓' : '✗'}`;
  };
  return { begin, end, ran, batch, async, queues, clock, records };
}

const error = { kind: 'function', type: 'E', message: '' } as const;

describe('deliveries to the function that is called', () => {
  it('count by request id: a retry is no double, what never finished is lost', async () => {
    const { begin, end, ran, clock } = world();
    ran('before', 'sdk-async');
    begin(['worker']);
    ran('a', 'sdk-async', { error });
    ran('a', 'sdk-async', { attempt: 2 });
    ran('b', 'sdk-async');
    ran('b', 'sdk-async');
    ran('c', 'sdk-async', { error });
    expect(await end({}, ['a', 'b', 'c', undefined])).toBe('2 lost, 1 doubled of 4 (5 invocations) ✗');
    expect(clock.pending).toBe(0);
  });

  it('wait for what is still on its way', async () => {
    const { begin, end, ran, clock } = world();
    begin(['worker']);
    clock.after(800, () => ran('a', 'sdk-async'));
    expect(await end({}, ['a'])).toBe('0 lost, 0 doubled of 1 (1 invocations) ✓');
  });

  it('of a queue count by message id, out of the batches', async () => {
    const { begin, end, batch } = world();
    begin(['worker']);
    batch('r1', ['m1', 'm2'], ['m2']);
    batch('r2', ['m2', 'm3']);
    batch('r3', ['m3']);
    expect(await end({ duplicated: 1 }, ['m1', 'm2', 'm3'])).toBe('0 lost, 1 doubled of 3 (3 invocations) ✓');
  });

  it('cannot be told when the emulator does not remember all', async () => {
    const { begin, end, ran } = world();
    ran('before', 'http');
    begin(['worker']);
    for (let i = 0; i < 600; i++) ran(`x${i}`, 'http');
    expect(await end({}, ['x599'])).toMatch(/more invocations than the emulator remembers: send fewer a second ✗$/);
  });
});

describe('deliveries to a function behind', () => {
  it('are lost when accepted events never finished', async () => {
    const { begin, end, ran, async } = world();
    begin(['front']);
    async.succeeded += 2;
    async.failed += 1;
    ran('a', 'sdk-async');
    ran('b', 'sdk-async');
    ran('c', 'sdk-async', { error });
    expect(await end({ function: 'worker' })).toBe('1 lost, 0 doubled of 3 (3 invocations) ✗');
  });

  it('are lost when they are dead letters or still in the queue', async () => {
    const { begin, end, batch, queues } = world();
    begin(['front']);
    batch('r1', ['m1', 'm2']);
    for (const queue of queues) queue.visible++;
    expect(await end({ function: 'worker', lost: 2 })).toBe('2 lost, 0 doubled of 4 (1 invocations) ✓');
  });
});

it('the messages of an invocation are unknown when its event is cut', () => {
  expect(messagesOf({ event: '{"Records":[{"messageI', payload: '' })).toBeUndefined();
  expect(messagesOf(undefined)).toBeUndefined();
});
