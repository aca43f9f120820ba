import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import type { FaultSpec } from '../../contract/faults.js';
import type { EndedBy, InstanceControl } from '../../instances/types.js';
import { createFaultEngine } from '../engine.js';
import { testEngine } from '../fixture.js';

interface Kill {
  /** s */
  readonly at: number;
  readonly name: string;
  readonly id: string;
  readonly by: EndedBy | undefined;
}

/** Functions of which each has so many instances; whoever is killed is there again at once, under a new name. */
function bench(counts: Readonly<Record<string, number>>, seed = 'seed') {
  const clock = new VirtualClock();
  const kills: Kill[] = [];
  const logged: string[] = [];
  const pools: Record<string, InstanceControl[]> = {};
  let ids = 0;
  const instance = (name: string, state?: 'starting' | 'stopping'): InstanceControl => ({
    id: `i${String(++ids)}`,
    pid: undefined,
    ...(state ? { state } : {}),
    pause: () => undefined,
    resume: () => undefined,
    kill(_reason, by) {
      kills.push({ at: clock.monotonic() / 1_000, name, id: this.id, by });
      pools[name] = [...(pools[name] ?? []).filter((each) => each !== this), instance(name)];
    },
  });
  for (const [name, count] of Object.entries(counts)) pools[name] = Array.from({ length: count }, () => instance(name));
  const engine = createFaultEngine({
    clock,
    seed,
    functions: () => Object.keys(counts).map((name) => ({ name, runtime: 'node', routes: [] })),
    instances: (name) => pools[name] ?? [],
    platform: 'linux',
    log: (message) => logged.push(message),
  });
  const add = (params: Record<string, unknown> = {}, more: Partial<FaultSpec> = {}) =>
    engine.add({ kind: 'killer', function: '*', for: '24h', params, ...more });
  const times = () => kills.map(({ at }) => at);
  return { clock, engine, kills, logged, pools, instance, add, times };
}

const HOUR = 3_600_000;
const gapsOf = (times: readonly number[]): number[] => times.map((at, i) => at - (times[i - 1] ?? 0));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('killer', () => {
  it('kills after times of the given mean, exponentially distributed', async () => {
    const { clock, add, times } = bench({ orders: 3 });
    add({ meanSeconds: 10 });
    await clock.advance(20 * HOUR);
    const gaps = gapsOf(times());
    expect(gaps.length).toBeGreaterThan(6_000);
    // The mean of 7200 draws is within 4 of its own deviations: 10 / sqrt(7200) each.
    expect(Math.abs(mean(gaps) - 10)).toBeLessThan(0.5);
    // What tells an exponential distribution: it deviates by its mean, and 63 % come before it.
    const deviation = Math.sqrt(mean(gaps.map((gap) => (gap - 10) ** 2)));
    expect(Math.abs(deviation - 10)).toBeLessThan(0.8);
    expect(gaps.filter((gap) => gap < 10).length / gaps.length).toBeCloseTo(0.632, 1);
  });

  it('keeps a shortest time between kills, and the mean', async () => {
    const { clock, add, times } = bench({ orders: 1 });
    add({ meanSeconds: 60, minSeconds: 30 });
    await clock.advance(23 * HOUR);
    const gaps = gapsOf(times());
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(30);
    expect(Math.abs(mean(gaps) - 60)).toBeLessThan(4);
  });

  it('kills the same with the same seed, and other ones with another', async () => {
    const run = async (seed: string): Promise<readonly Kill[]> => {
      const { clock, kills, add } = bench({ orders: 3, stock: 2 }, seed);
      add({ meanSeconds: 30, probability: 0.5 });
      await clock.advance(HOUR);
      return kills;
    };
    const first = await run('a');
    expect(first.length).toBeGreaterThan(60);
    expect(await run('a')).toEqual(first);
    expect(await run('b')).not.toEqual(first);
  });

  it('takes one of each function, or one of all', async () => {
    const each = bench({ orders: 2, stock: 3 });
    each.add({ meanSeconds: 60 });
    const all = bench({ orders: 2, stock: 3 });
    all.add({ meanSeconds: 60, group: 'all' });
    for (const { clock } of [each, all]) await clock.advance(10 * HOUR);
    const count = ({ kills }: typeof each, wanted: string): number =>
      kills.filter(({ name }) => name === wanted).length;
    expect(count(each, 'orders')).toBe(count(each, 'stock'));
    expect(new Set(all.times()).size).toBe(all.kills.length);
    // Every instance has the same chance: 2 of 5 are of orders.
    expect(count(all, 'orders') / all.kills.length).toBeCloseTo(0.4, 1);
  });

  it('kills none of a function that would have fewer left than it is to leave', async () => {
    const { clock, kills, pools, instance, add } = bench({ orders: 2, stock: 3 });
    pools['stock']?.push(instance('stock', 'starting'));
    pools['orders']?.push(instance('orders', 'starting'), instance('orders', 'stopping'));
    add({ meanSeconds: 60, leave: 2 });
    await clock.advance(HOUR);
    expect(new Set(kills.map(({ name }) => name))).toEqual(new Set(['stock']));
  });

  it('kills with the given probability', async () => {
    const { clock, kills, add } = bench({ orders: 1 });
    add({ meanSeconds: 10, probability: 0.25 });
    await clock.advance(20 * HOUR);
    expect(kills.length / 7_200).toBeCloseTo(0.25, 1);
  });

  it('keeps to its days and hours', async () => {
    const { clock, kills, add } = bench({ orders: 1 });
    // The virtual clock begins on Wednesday, 2025-01-01, at midnight in London.
    add({ meanSeconds: 60, days: ['wed'], from: '09:00', to: '15:00', timezone: 'Europe/Berlin' });
    await clock.advance(24 * HOUR - 1);
    const hours = kills.map(({ at }) => at / 3_600);
    expect(kills.length).toBeGreaterThan(300);
    expect([Math.floor(Math.min(...hours)), Math.floor(Math.max(...hours))]).toEqual([8, 13]);
  });

  it.each([
    ['kill', 'SIGKILL'],
    ['term', 'SIGTERM'],
  ])('ends it by a signal (%s), says so, and is told by the invocation', async (how, signal) => {
    const { clock, engine, kills, logged, add } = bench({ orders: 1 });
    add({ meanSeconds: 60, how });
    while (kills.length === 0) await clock.advance(60_000);
    const [kill] = kills;
    expect(kill?.by).toEqual({
      signal,
      hit: { fault: 'killer-1', kind: 'killer', where: `while it ran on ${kill?.id ?? ''}`, saw: signal },
    });
    expect(logged[0]).toBe(`killer-1: ${signal} to ${kill?.id ?? ''} of orders`);
    expect(engine.list()).toMatchObject([{ matched: kills.length, injected: kills.length }]);
  });
});

describe('the end of a killer', () => {
  it.each(['lease', 'off', 'remove', 'clear', 'dispose'])(
    'by %s leaves no timer, and nobody is killed',
    async (how) => {
      const { clock, engine, kills, add } = bench({ orders: 1 });
      const { id } = add({ meanSeconds: 60 }, { for: '1h' });
      await clock.advance(HOUR - 1);
      if (how === 'lease') await clock.advance(1);
      if (how === 'off') engine.setEnabled(id, false);
      if (how === 'remove') engine.remove(id);
      if (how === 'clear') engine.clear();
      if (how === 'dispose') engine.dispose();
      const { length } = kills;
      expect([length > 30, clock.pending]).toEqual([true, 0]);
      await clock.advance(HOUR);
      expect(kills).toHaveLength(length);
    },
  );

  it('may come with a kill', async () => {
    const { clock, engine, kills, pools, instance, add } = bench({ orders: 0 });
    const last = instance('orders');
    pools['orders'] = [{ ...last, kill: () => void engine.clear() }];
    add({ meanSeconds: 60 });
    await clock.advance(HOUR);
    expect([kills, clock.pending]).toEqual([[], 0]);
  });

  it('does not come when its lease begins again: it goes on as it was', async () => {
    const straight = bench({ orders: 1 });
    straight.add({ meanSeconds: 60 });
    await straight.clock.advance(2 * HOUR);
    const renewed = bench({ orders: 1 });
    const { id } = renewed.add({ meanSeconds: 60 });
    await renewed.clock.advance(HOUR);
    renewed.engine.setEnabled(id, true);
    await renewed.clock.advance(HOUR);
    expect(renewed.times()).toEqual(straight.times());
  });

  it('is all that there is of one that is added switched off', async () => {
    const { clock, kills, add } = bench({ orders: 1 });
    add({}, { enabled: false });
    expect(clock.pending).toBe(0);
    await clock.advance(HOUR);
    expect(kills).toEqual([]);
  });
});

describe('a killer', () => {
  it('only says what it would kill in a dry run, and counts it', async () => {
    const { clock, engine, kills, logged, add } = bench({ orders: 1 });
    add({ meanSeconds: 60 }, { dryRun: true });
    await clock.advance(HOUR);
    expect(kills).toEqual([]);
    expect(logged[0]).toBe('dry run, nothing is done: killer-1: SIGKILL to i1 of orders');
    expect(engine.list()[0]?.injected).toBe(logged.length);
  });

  it('wants its functions to be named', () => {
    const { engine } = testEngine();
    expect(() => engine.add({ kind: 'killer' })).toThrow(/killer hits nothing that has not been named/);
    expect(engine.add({ kind: 'killer', function: 'ord*' }).function).toBe('ord*');
  });

  it.each([{ rate: 50 }, { first: 3 }, { atOnce: 1 }, { match: { route: 'POST /orders' } }, { ramp: '10s' }])(
    'refuses what goes by invocations: %o',
    (more) => {
      const spec = { kind: 'killer', function: 'orders', for: '1m', ...more } as FaultSpec;
      expect(() => testEngine().engine.add(spec)).toThrow(/killer goes by no invocation/);
    },
  );

  it('is nothing that a request can bring along', async () => {
    const spec = JSON.stringify({ kind: 'killer', function: 'orders' });
    await expect(testEngine().engine.forRequest(spec)).rejects.toThrow(/killer does not act on a single invocation/);
  });

  it.each([
    { meanSeconds: 0 },
    { meanSeconds: 5, minSeconds: 5 },
    { group: 'zone' },
    { probability: 0 },
    { probability: 25 },
    { leave: -1 },
    { how: 'stop' },
    { days: [] },
    { days: ['monday'] },
    { from: '9' },
    { from: '09:00', to: '09:00' },
    { timezone: 'Mars/Base' },
  ])('refuses %o', (params) => {
    const add = () => testEngine().engine.add({ kind: 'killer', function: '*', params });
    expect(add).toThrow(/killer: params\.[\w.]+ is wrong/);
  });

  it('says what it does', () => {
    const { add } = bench({ orders: 1 });
    expect([{}, { group: 'all', how: 'term', meanSeconds: 5 }].map((params) => add(params).summary)).toEqual([
      'SIGKILL to an instance of each function every 60 s on average',
      'SIGTERM to an instance of all every 5 s on average',
    ]);
  });
});
