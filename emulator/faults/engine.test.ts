import { describe, expect, it } from 'vitest';
import { FaultlineError } from '../contract/errors.js';
import type { FaultSpec } from '../contract/faults.js';
import { fine, stillInstance, subject, testEngine, underFaults } from './fixture.js';
import type { FaultEngine } from './types.js';

function refusal(act: () => unknown): FaultlineError {
  try {
    act();
  } catch (error) {
    if (error instanceof FaultlineError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

/** Which of the first `count` invocations are hit. */
function hitNumbers(engine: FaultEngine, count: number, name = 'counter'): number[] {
  return Array.from({ length: count }, (_, i) => i + 1).filter(
    (number) => engine.plan(subject({ function: name, number, attempt: 1 })) !== undefined,
  );
}

const noWait = () => Promise.resolve(true);

describe('what a fault hits', () => {
  it('is every function without a target', () => {
    const { engine, plan } = testEngine();
    engine.add({ kind: 'hang' });
    expect(plan('counter')).toBeDefined();
    expect(plan('orders')).toBeDefined();
  });

  it('is the named function, or those that a pattern matches', () => {
    const { engine, plan } = testEngine();
    engine.add({ kind: 'hang', function: 'orders' });
    expect([plan('counter'), plan('orders-audit')]).toEqual([undefined, undefined]);
    expect(plan('orders')).toBeDefined();
    engine.clear();
    engine.add({ kind: 'hang', function: 'ord*' });
    expect(plan('counter')).toBeUndefined();
    expect(plan('orders-audit')).toBeDefined();
  });

  it('is the given share, drawn by the seed and nothing else', () => {
    const seeded = (seed: string) => {
      const { engine } = testEngine(seed);
      engine.add({ kind: 'hang', rate: 25 });
      return engine;
    };
    const hits = hitNumbers(seeded('a'), 2_000);
    expect(hits.length).toBeGreaterThan(420);
    expect(hits.length).toBeLessThan(580);
    expect(hitNumbers(seeded('a'), 2_000)).toEqual(hits);
    expect(hitNumbers(seeded('b'), 2_000)).not.toEqual(hits);
    // In another order, as concurrency would have it, the same invocations are hit.
    const backwards = seeded('a');
    const again = Array.from({ length: 2_000 }, (_, i) => 2_000 - i).filter((number) =>
      backwards.plan(subject({ number })),
    );
    expect(again.reverse()).toEqual(hits);
  });

  it('is drawn apart for every fault and every attempt', () => {
    const { engine } = testEngine();
    const ids = [engine.add({ kind: 'hang', rate: 50 }).id, engine.add({ kind: 'hang', rate: 50 }).id];
    const hitBy = (id: string) => {
      const { engine: other } = testEngine();
      for (const one of ids) {
        const added = other.add({ kind: 'hang', rate: 50 });
        if (one !== id) other.setEnabled(added.id, false);
      }
      return hitNumbers(other, 200);
    };
    expect(hitBy(ids[0] as string)).not.toEqual(hitBy(ids[1] as string));
    const second = Array.from({ length: 200 }, (_, i) => i + 1).filter((number) =>
      engine.plan(subject({ function: 'counter', number, attempt: 2 })),
    );
    expect(second).not.toEqual(hitNumbers(engine, 200));
  });

  it('counts what matched and what was hit', async () => {
    const { engine, plan } = testEngine();
    engine.add({ kind: 'status', function: 'counter', rate: 50 });
    for (let i = 0; i < 100; i++) {
      await plan('counter')?.run(noWait, stillInstance, () => Promise.resolve(fine));
      plan('orders');
    }
    const [fault] = engine.list();
    expect(fault?.matched).toBe(100);
    expect(fault?.injected).toBeGreaterThan(30);
    expect(fault?.injected).toBeLessThan(70);
  });
});

describe('several faults at once', () => {
  it('nest with the oldest outermost', async () => {
    const { clock, run, trail, plan } = underFaults(
      { kind: 'latency', params: { ms: 100, when: 'after' } },
      { kind: 'latency', params: { ms: 10, when: 'after' } },
    );
    void run();
    await clock.advance(10);
    expect(plan.hits.map((hit) => hit.fault)).toEqual(['latency-1', 'latency-2']);
    expect(trail).toEqual(['0 handler']);
    await clock.advance(100);
    expect(trail).toEqual(['0 handler', '110 end']);
  });

  it('leave the last word over the result to the oldest', async () => {
    const status = (code: number) => ({ kind: 'status', params: { code, preventExecution: false } });
    const { run } = underFaults(status(500), status(404));
    expect(JSON.parse((await run()).payload.toString())).toMatchObject({ statusCode: 500 });
  });

  it('do not count one that an outer fault kept from acting', async () => {
    const { run, plan, engine } = underFaults({ kind: 'status' }, { kind: 'latency' }, { kind: 'exception' });
    await run();
    expect(plan.hits.map((hit) => hit.fault)).toEqual(['status-1']);
    expect(engine.list().map((fault) => [fault.id, fault.matched, fault.injected])).toEqual([
      ['status-1', 1, 1],
      ['latency-1', 1, 0],
      ['exception-1', 1, 0],
    ]);
  });

  it('end an invocation once inside the instance: the oldest before the handler, network beside it', async () => {
    const { run, plan } = underFaults(
      { kind: 'crash', params: { when: 'after' } },
      { kind: 'network' },
      { kind: 'exception' },
      { kind: 'hang' },
    );
    await run();
    expect(plan.effects.map((effect) => effect.type)).toEqual(['network', 'throw']);
    expect(plan.hits.map((hit) => hit.fault)).toEqual(['exception-1']);
  });
});

describe('the end of a fault', () => {
  it('comes by itself, and is told', async () => {
    const { clock, engine, changes } = testEngine();
    engine.add({ kind: 'hang', for: '30s' });
    expect(engine.list()[0]).toMatchObject({ durationMs: 30_000, until: clock.now() + 30_000, enabled: true });
    await clock.advance(29_999);
    expect(engine.active).toBe(true);
    const before = changes.count;
    await clock.advance(1);
    expect([engine.active, engine.list(), changes.count]).toEqual([false, [], before + 1]);
  });

  it('is ten minutes away unless told otherwise', async () => {
    const { clock, engine } = testEngine();
    engine.add({ kind: 'hang' });
    await clock.advance(599_999);
    expect(engine.list()).toHaveLength(1);
    await clock.advance(1);
    expect(engine.list()).toHaveLength(0);
  });

  it('is moved by switching it on again', async () => {
    const { clock, engine } = testEngine();
    const { id } = engine.add({ kind: 'hang', for: '10s' });
    await clock.advance(8_000);
    engine.setEnabled(id, true);
    await clock.advance(8_000);
    expect(engine.list()).toHaveLength(1);
    await clock.advance(2_000);
    expect(engine.list()).toHaveLength(0);
  });

  it('does not come while it is off', async () => {
    const { clock, engine, plan } = testEngine();
    const { id } = engine.add({ kind: 'hang', for: '10s' });
    await clock.advance(5_000);
    const off = engine.setEnabled(id, false);
    expect(off.enabled).toBe(false);
    expect(off.until).toBeUndefined();
    expect([engine.active, plan()]).toEqual([false, undefined]);
    await clock.advance(3_600_000);
    expect(engine.setEnabled(id, true)).toMatchObject({ since: clock.now(), until: clock.now() + 10_000 });
    await clock.advance(10_000);
    expect(engine.list()).toHaveLength(0);
  });

  it.each([
    ['its lease', (_engine: FaultEngine) => undefined, 2_000],
    ['switching off', (engine: FaultEngine) => engine.setEnabled('latency-1', false), 500],
    ['clearing', (engine: FaultEngine) => engine.clear(), 500],
  ])('by %s lets go of what it holds back', async (_how, end, at) => {
    const { clock, engine, run, trail } = underFaults({ kind: 'latency', params: { ms: 60_000 }, for: '2s' });
    void run();
    await clock.advance(500);
    end(engine);
    await clock.advance(2_000);
    expect(trail).toEqual([`${String(at)} handler`, `${String(at)} end`]);
  });

  it('leaves no timer behind', () => {
    const { clock, engine } = testEngine();
    engine.add({ kind: 'hang' });
    engine.add({ kind: 'crash' });
    expect(engine.clear()).toBe(2);
    expect(engine.clear()).toBe(0);
    engine.add({ kind: 'crash' });
    engine.dispose();
    expect([clock.pending, engine.active]).toEqual([0, false]);
  });

  it('can be seen later as a period', async () => {
    const { clock, engine } = testEngine();
    const start = clock.now();
    const { id } = engine.add({ kind: 'hang', function: 'orders', for: '10s' });
    await clock.advance(4_000);
    engine.setEnabled(id, false);
    await clock.advance(1_000);
    engine.setEnabled(id, true);
    expect(engine.periods(0)).toEqual([
      { fault: id, kind: 'hang', function: 'orders', from: start, to: start + 4_000 },
      { fault: id, kind: 'hang', function: 'orders', from: start + 5_000 },
    ]);
    await clock.advance(60_000);
    expect(engine.periods(0)[1]).toMatchObject({ from: start + 5_000, to: start + 15_000 });
    expect(engine.periods(start + 10_000)).toHaveLength(1);
  });
});

describe('adding a fault', () => {
  it('names them by kind, and never twice', () => {
    const { engine } = testEngine();
    const add = (kind: string) => engine.add({ kind }).id;
    expect([add('latency'), add('hang'), add('latency')]).toEqual(['latency-1', 'hang-1', 'latency-2']);
    engine.clear();
    expect(add('latency')).toBe('latency-3');
  });

  it('shows it whole, with its defaults', () => {
    const { clock, engine } = testEngine();
    expect(engine.add({ kind: 'latency', function: 'orders', rate: 50, params: { ms: 20 } })).toEqual({
      id: 'latency-1',
      kind: 'latency',
      function: 'orders',
      params: expect.objectContaining({ ms: 20, jitter: 0, distribution: 'fixed', when: 'before' }),
      rate: 50,
      enabled: true,
      since: clock.now(),
      until: clock.now() + 600_000,
      durationMs: 600_000,
      matched: 0,
      injected: 0,
      summary: '+20 ms before the handler',
    });
  });

  it('can leave it switched off', () => {
    const { clock, engine } = testEngine();
    expect(engine.add({ kind: 'hang', enabled: false }).enabled).toBe(false);
    expect([engine.active, clock.pending, engine.periods(0)]).toEqual([false, 0, []]);
  });

  it.each<[FaultSpec | object, string, string, RegExp]>([
    [
      { kind: 'latncy' },
      'kind',
      'There is no fault kind "latncy"',
      /^Did you mean latency\? Kinds: latency, .*network/,
    ],
    [{ kind: 'toString' }, 'kind', 'There is no fault kind "toString"', /^Kinds: /],
    [{}, 'kind', 'fault: kind is wrong', /faultline fault kinds/],
    [
      { kind: 'hang', function: 'order' },
      'function',
      'There is no function "order"',
      /mean orders\? Functions: counter, /,
    ],
    [{ kind: 'hang', function: 'x*' }, 'function', 'No function matches "x*"', /^Functions: counter, orders/],
    [{ kind: 'hang', rate: 0 }, 'rate', 'fault: rate is wrong', /Share of invocations in percent\. Default: 100\./],
    [{ kind: 'hang', for: 'soon' }, 'for', 'not a duration', /for example 30s/],
    [{ kind: 'hang', for: 0 }, 'for', 'more than 0 and at most 24h', /for: 30s/],
    [{ kind: 'hang', for: '25h' }, 'for', 'more than 0 and at most 24h', /for: 30s/],
    [{ kind: 'hang', functon: 'x' }, 'functon', 'fault has no key "functon"', /^Did you mean function\?/],
    [
      { kind: 'latency', params: { mss: 1 } },
      'params.mss',
      'latency has no parameter "mss"',
      /mean ms\? It has: ms, jitter/,
    ],
    [
      { kind: 'latency', params: { ms: '5' } },
      'params.ms',
      'latency: params.ms is wrong',
      /^Delay in ms.*\. Default: 800\./,
    ],
    [
      { kind: 'hang', params: { mode: 'x' } },
      'params.mode',
      'hang: params.mode is wrong',
      /Allowed: idle, busy, stopped\./,
    ],
  ])('refuses %o', (spec, key, message, hint) => {
    const { engine } = testEngine();
    const error = refusal(() => engine.add(spec as FaultSpec));
    expect(error.code).toBe('FAULT_INVALID');
    expect(error.place?.key).toBe(key);
    expect(error.message).toContain(message);
    expect(error.hint).toMatch(hint);
    expect(engine.list()).toEqual([]);
  });

  it('tells everything that is wrong', () => {
    const error = refusal(() => testEngine().engine.add({ kind: 'latency', params: { ms: -1, when: 'never' } }));
    expect(error.all?.map((one) => one.place?.key)).toEqual(['params.ms', 'params.when']);
  });
});

it('an unknown id is refused with those there are', () => {
  const { engine } = testEngine();
  expect(refusal(() => engine.remove('hang-1'))).toMatchObject({ code: 'FAULT_NOT_FOUND', status: 404 });
  engine.add({ kind: 'crash' });
  expect(refusal(() => engine.setEnabled('hang-1', true)).hint).toBe('Faults: crash-1.');
});
