import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import type { FaultSpec } from '../contract/faults.js';
import type { FunctionConfig } from '../contract/config.js';
import { createFaultEngine } from '../faults/engine.js';
import { failure, memoryStore, mortal, success, testEvents, type TestEventsOptions } from './fixture.js';

/** Events of `counter` on their way to it, with these faults on. */
async function underFaults(specs: readonly FaultSpec[], options: TestEventsOptions = {}) {
  const clock = options.clock ?? new VirtualClock();
  const engine = createFaultEngine({
    clock,
    seed: 'seed',
    functions: () => [{ name: 'counter', runtime: 'node', routes: [] }],
  });
  for (const spec of specs) engine.add(spec);
  const made = await testEvents({ ...options, clock, faults: engine });
  const accept = async (...ns: number[]): Promise<void> => {
    for (const n of ns) await made.accept({ requestId: `id-${String(n)}`, payload: Buffer.from(`{"n":${String(n)}}`) });
  };
  return {
    ...made,
    engine,
    accept,
    ids: () => made.deliveries.map(({ request }) => request.requestId),
    events_: () => made.deliveries.map(({ request }) => request.payload.toString()),
    suffered: () => made.deliveries.map(({ request }) => request.suffered?.map(({ saw }) => saw)),
    pending: () => made.events.snapshot('counter').pending,
  };
}

/** A function of which one runs at a time. */
const single: Partial<FunctionConfig> = { scaling: { min: 0, max: 1, idleMs: 1 } as FunctionConfig['scaling'] };

describe('duplicate', () => {
  it('delivers again under the same id and attempt, and counts the original alone', async () => {
    const { accept, pass, deliveries, suffered, times, events, engine } = await underFaults([
      { kind: 'duplicate', params: { copies: 2, afterMs: 1_000 }, first: 1 },
    ]);
    await accept(1, 2);
    await pass(5_000);
    expect(deliveries.map(({ request }) => [request.requestId, request.attempt])).toEqual([
      ['id-1', 1],
      ['id-2', 1],
      ['id-1', 1],
      ['id-1', 1],
    ]);
    expect(times()).toEqual([0, 0, 1, 2]);
    expect(suffered()).toEqual([undefined, undefined, ['copy 1 of 2'], ['copy 2 of 2']]);
    expect(events.snapshot('counter')).toMatchObject({ pending: 0, succeeded: 2, failed: 0 });
    expect(engine.list()[0]).toMatchObject({ matched: 2, injected: 1 });
  });

  it('beside the first, while that still runs', async () => {
    const state = { running: 0, most: 0 };
    const { accept, pass } = await underFaults([{ kind: 'duplicate' }], {
      behave: () => {
        state.most = Math.max(state.most, ++state.running);
        return new Promise(() => undefined);
      },
    });
    await accept(1);
    await pass(10);
    expect(state.most).toBe(2);
  });

  it('after the first, where only one may run', async () => {
    const ends: (() => void)[] = [];
    const { accept, pass, ids } = await underFaults([{ kind: 'duplicate' }], {
      functions: [single],
      behave: () => new Promise((resolve) => ends.push(() => resolve(success))),
    });
    await accept(1);
    await pass(100);
    expect(ids()).toEqual(['id-1']);
    ends[0]?.();
    await pass(1);
    expect(ids()).toEqual(['id-1', 'id-1']);
  });

  it('a copy that fails is not retried, and one that succeeds saves nothing', async () => {
    let calls = 0;
    const { accept, pass, deliveries, events } = await underFaults([{ kind: 'duplicate', first: 1 }], {
      behave: () => (++calls === 2 ? success : failure()),
    });
    await accept(1);
    await pass(600_000);
    expect(deliveries.map(({ request }) => request.attempt)).toEqual([1, 1, 2, 3]);
    expect(events.snapshot('counter')).toMatchObject({ succeeded: 0, failed: 1 });
  });

  it('makes no more copies once it is cleared, or the emulator stops', async () => {
    const { accept, pass, engine, ids, clock, events, store } = await underFaults([
      { kind: 'duplicate', params: { afterMs: 1_000 } },
    ]);
    await accept(1);
    await pass(500);
    engine.clear();
    await pass(5_000);
    engine.add({ kind: 'duplicate', params: { afterMs: 1_000 } });
    await accept(2);
    await pass(500);
    await events.drain();
    engine.dispose();
    await pass(5_000);
    await store.close();
    expect(ids()).toEqual(['id-1', 'id-2']);
    expect(clock.pending).toBe(0);
  });
});

describe('lost', () => {
  it('is gone as if handled, and counted by nothing but the fault', async () => {
    const dead = { deadLetter: { type: 'queue', name: 'dead' } } as const;
    const { accept, pass, ids, events, sent, engine, store } = await underFaults([{ kind: 'lost', every: 2 }], {
      functions: [dead],
    });
    await accept(1, 2, 3, 4);
    await pass(300_000);
    expect(ids()).toEqual(['id-1', 'id-3']);
    expect(events.snapshot('counter')).toEqual({ pending: 0, succeeded: 2, failed: 0, expired: 0 });
    expect([sent, await store.names()]).toEqual([[], []]);
    expect(engine.list()[0]).toMatchObject({ injected: 2 });
  });

  it('can be a retry', async () => {
    const { accept, pass, deliveries, events } = await underFaults(
      [{ kind: 'lost', params: { deliveries: 'again' } }],
      { behave: () => failure() },
    );
    await accept(1);
    await pass(600_000);
    expect(deliveries.map(({ request }) => request.attempt)).toEqual([1]);
    expect(events.snapshot('counter')).toMatchObject({ pending: 0, failed: 0 });
  });

  it('suffers nothing else', async () => {
    const { accept, pass, ids, engine } = await underFaults([{ kind: 'late' }, { kind: 'lost' }]);
    await accept(1);
    await pass(60_000);
    expect(ids()).toEqual([]);
    expect(engine.list().map(({ injected }) => injected)).toEqual([0, 1]);
  });
});

describe('late', () => {
  const late: FaultSpec = { kind: 'late', params: { ms: 60_000 }, first: 1 };

  it('is overtaken, holds no place, and stays leased for as long', async () => {
    const { accept, pass, ids, times, suffered, pending } = await underFaults([late], { functions: [single] });
    await accept(1, 2);
    await pass(59_000);
    expect([ids(), pending()]).toEqual([['id-2'], 1]);
    await pass(1_000);
    expect([ids(), times(), suffered()]).toEqual([
      ['id-2', 'id-1'],
      [0, 60],
      [undefined, ['+60000 ms']],
    ]);
    expect(pending()).toBe(0);
  });

  it('goes on at once when it is cleared, and says how late it was', async () => {
    const { accept, pass, engine, times, suffered } = await underFaults([late]);
    await accept(1);
    await pass(10_000);
    engine.clear();
    await pass(1_000);
    expect([times(), suffered()]).toEqual([[10], [['+10000 ms']]]);
  });

  it('of two both hold, and each lets go by itself', async () => {
    const { accept, pass, engine, times, suffered } = await underFaults([
      { kind: 'late', params: { ms: 10_000 } },
      { kind: 'late', params: { ms: 50_000 } },
    ]);
    await accept(1);
    await pass(20_000);
    engine.remove('late-2');
    await pass(1_000);
    expect([times(), suffered()]).toEqual([[20], [['+10000 ms', '+10000 ms']]]);
  });

  it('is not paced by the time scale', async () => {
    const { accept, pass, times } = await underFaults([late], { scale: 60 });
    await accept(1);
    await pass(60_000);
    expect(times()).toEqual([60]);
  });

  it('is put back when the emulator stops, and the next one delivers it', async () => {
    const { accept, pass, events, clock, store, engine } = await underFaults([late]);
    await accept(1);
    await pass(1_000);
    await events.drain();
    engine.dispose();
    const next = await testEvents({ clock, store });
    await next.pass(0);
    expect(next.deliveries.map(({ request }) => request.requestId)).toEqual(['id-1']);
  });

  it('comes after the lease when the emulator was killed', async () => {
    const clock = new VirtualClock();
    const kept = memoryStore(clock);
    const store = mortal(kept);
    const { accept, pass } = await underFaults([late], { clock, store });
    await accept(1);
    await pass(1_000);
    store.kill();
    const next = await testEvents({ clock, store: kept });
    await next.pass(20_000);
    expect(next.deliveries.map(({ request }) => request.requestId)).toEqual(['id-1']);
    expect(next.times()[0]).toBeLessThanOrEqual(15);
  });

  it('waits for its function while that is gone', async () => {
    const { accept, pass, events, ids, pending } = await underFaults([late]);
    await accept(1);
    await pass(1_000);
    events.configure([]);
    await pass(60_000);
    expect([ids(), pending()]).toEqual([[], 1]);
  });

  it('that is too old by then expires', async () => {
    const retries = { attempts: 2, maxAgeMs: 60_000 };
    const { accept, pass, ids, events } = await underFaults([late], { functions: [{ retries }] });
    await accept(1);
    await pass(61_000);
    expect([ids(), events.snapshot('counter').expired]).toEqual([[], 1]);
  });
});

describe('reordered', () => {
  const window = (size: number, more: Partial<FaultSpec> = {}): FaultSpec => ({
    kind: 'reordered',
    params: { window: size, maxMs: 5_000 },
    ...more,
  });
  const numbers = Array.from({ length: 12 }, (_, i) => i + 1);

  it('hands over the events of a window in another order, the same with the same seed', async () => {
    const order = async () => {
      const { accept, pass, ids, engine } = await underFaults([window(4)], { functions: [single] });
      await accept(...numbers);
      await pass(100);
      expect(engine.list()[0]).toMatchObject({ injected: 12 });
      return ids();
    };
    const first = await order();
    for (const at of [0, 4, 8]) {
      const [inOrder, here] = [numbers.slice(at, at + 4).map((n) => `id-${String(n)}`), first.slice(at, at + 4)];
      expect(here.toSorted()).toEqual(inOrder.toSorted());
      expect(here).not.toEqual(inOrder);
    }
    expect(await order()).toEqual(first);
  });

  it('tells the record which place it took', async () => {
    const { accept, pass, ids, suffered } = await underFaults([window(2)]);
    await accept(1, 2);
    await pass(0);
    expect(ids()).toEqual(['id-2', 'id-1']);
    expect(suffered()).toEqual([['place 1 of 2 instead of 2'], ['place 2 of 2 instead of 1']]);
  });

  it('waits for others no longer than told, and one alone is no hit', async () => {
    const { accept, pass, times, suffered, engine } = await underFaults([window(4)]);
    await accept(1);
    await pass(6_000);
    expect([times(), suffered(), engine.list()[0]?.injected]).toEqual([[5], [undefined], 0]);
  });

  it('lets go when it is cleared', async () => {
    const { accept, pass, times, engine } = await underFaults([window(4)]);
    await accept(1, 2, 3);
    await pass(1_000);
    engine.clear();
    await pass(0);
    expect(times()).toEqual([1, 1, 1]);
  });

  it('puts back what waits when the emulator stops', async () => {
    const { accept, pass, ids, events, clock, store, engine } = await underFaults([window(4)]);
    await accept(1, 2);
    await pass(0);
    await events.drain();
    engine.dispose();
    expect([ids(), (await store.counts('async/counter')).visible]).toEqual([[], 2]);
    await store.close();
    expect(clock.pending).toBe(0);
  });
});

describe('poison', () => {
  it('spoils what the handler gets, and neither the retry nor the dead letter', async () => {
    const dead = { deadLetter: { type: 'queue', name: 'dead' } } as const;
    const { accept, pass, events_, suffered, sent } = await underFaults(
      [{ kind: 'poison', params: { how: 'empty' }, first: 1 }],
      { functions: [dead], behave: () => failure() },
    );
    await accept(1);
    await pass(600_000);
    expect(events_()).toEqual(['{}', '{"n":1}', '{"n":1}']);
    expect(suffered()).toEqual([['nothing in it'], undefined, undefined]);
    expect(sent).toMatchObject([{ queue: 'dead', body: '{"n":1}' }]);
  });

  it('also its copies, late ones too', async () => {
    const { accept, pass, events_, suffered } = await underFaults([
      { kind: 'duplicate' },
      { kind: 'late', params: { ms: 500 } },
      { kind: 'poison', params: { how: 'empty' } },
    ]);
    await accept(1);
    await pass(1_000);
    expect(events_()).toEqual(['{}', '{}']);
    expect(suffered()).toEqual([
      ['nothing in it', '+500 ms'],
      ['nothing in it', '+500 ms', 'copy 1 of 1'],
    ]);
  });
});

it('a dry run is told and does nothing', async () => {
  const { accept, pass, deliveries, times, engine } = await underFaults([{ kind: 'lost', dryRun: true }]);
  await accept(1);
  await pass(0);
  expect(times()).toEqual([0]);
  expect(deliveries[0]?.request.suffered).toEqual([
    { fault: 'lost-1', kind: 'lost', where: 'delivery of the event', dryRun: true },
  ]);
  expect(engine.list()[0]).toMatchObject({ matched: 1, injected: 1 });
});

it('an event keeps its number over retries, throttles and another start', async () => {
  let calls = 0;
  const { accept, pass, deliveries, events, clock, store } = await underFaults([], {
    behave: () => failure(++calls === 1 ? 'throttled' : 'function'),
  });
  await accept(1);
  await pass(2_000);
  await accept(2);
  await pass(1_000);
  const origin = ({ request }: (typeof deliveries)[number]) => [request.origin?.number, request.origin?.attempt];
  expect(deliveries.map(origin)).toEqual([
    [1, 1],
    [1, 2],
    [2, 1],
  ]);
  await events.drain();
  const next = await testEvents({ clock, store });
  await next.pass(60_000);
  expect(next.deliveries.map(origin)).toEqual([
    [1, 3],
    [2, 2],
  ]);
});
