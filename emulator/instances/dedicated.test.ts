import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { Dedicated, type DedicatedHost } from './dedicated.js';
import { STARTS_AT_ONCE } from './growth.js';
import type { ProcessInstance } from './instance.js';
import type { Version } from './loader.js';
import { initFailed } from './outcomes.js';
import type { InitFailure } from './types.js';

const DEBUG = { debug: true } as const;
const START = { start: { delayMs: 0 } } as const;
const failing = (tries: 1 | 2) => ({
  start: { delayMs: 5, fail: { how: 'hang', tries } satisfies InitFailure },
});
const failure = { failure: initFailed('Error', 'at load'), ms: 40, log: ['one', 'two'] };

function subject({ loaded = true, room = Infinity } = {}) {
  const clock = new VirtualClock();
  const trail: string[] = [];
  const started: ProcessInstance[] = [];
  let version = loaded ? ({} as Version) : undefined;
  const capacity = { room };
  const launch = (what: string, kind: string): ProcessInstance => {
    trail.push(what);
    const instance = { kind, run: () => undefined } as unknown as ProcessInstance;
    started.push(instance);
    return instance;
  };
  const host: DedicatedHost = {
    clock,
    current: () => version,
    load: () => trail.push('load'),
    start: () => launch('start', 'init'),
    startAgain: (_failed, { fail }) => launch(`again ${fail ? 'failing' : 'well'}`, 'invoke'),
    reserve: () => trail.push('reserve'),
    gaveUp: () => trail.push('gave up'),
    room: () => dedicated.active <= capacity.room,
    waitMs: () => 3_000,
  };
  const dedicated = new Dedicated(host);
  const load = (): void => {
    version = {} as Version;
    dedicated.serve();
  };
  const nth = (n: number) => started[n] as ProcessInstance;
  return { clock, dedicated, trail, capacity, load, nth };
}

describe('an instance of its own', () => {
  it('is started for each who asks, once there is a version to start', async () => {
    const { dedicated, trail, load, nth } = subject({ loaded: false });
    const both = [dedicated.acquire(DEBUG), dedicated.acquire(START)];
    expect(trail).toEqual(['load', 'load']);
    load();
    expect(trail.slice(2)).toEqual(['start', 'start']);
    expect([dedicated.size, dedicated.queued]).toEqual([2, 0]);
    expect([dedicated.ready(nth(0)), dedicated.ready(nth(1))]).toEqual([true, true]);
    expect(await Promise.all(both)).toEqual([nth(0), nth(1)]);
    expect(trail.slice(4)).toEqual(['reserve', 'reserve']);
    expect([dedicated.size, dedicated.active]).toEqual([0, 1]);
    dedicated.spent(nth(1));
    expect(dedicated.active).toBe(0);
  });

  it('is none of those that serve', () => {
    const { dedicated } = subject();
    const other = {} as ProcessInstance;
    expect([dedicated.ready(other), dedicated.failed(other, failure), dedicated.spent(other)]).toEqual(
      Array(3).fill(false),
    );
  });

  it('is not had when nothing can be built, or it is killed before it is ready', async () => {
    const { dedicated, load, nth } = subject({ loaded: false });
    const unbuilt = dedicated.acquire(DEBUG);
    dedicated.fail(initFailed('Runtime.BuildFailed', 'no'));
    expect(await unbuilt).toMatchObject({ type: 'Runtime.BuildFailed' });
    load();
    const killed = dedicated.acquire(START);
    dedicated.spent(nth(0));
    expect(await killed).toMatchObject({ kind: 'init', type: 'Runtime.ExitError' });
    expect([dedicated.size, dedicated.active]).toEqual([0, 0]);
  });

  it('that does not load under a debugger is not tried again', async () => {
    const { dedicated, trail, nth } = subject();
    const failed = dedicated.acquire(DEBUG);
    dedicated.failed(nth(0), failure);
    expect(await failed).toEqual(failure.failure);
    expect(trail).toEqual(['start']);
  });
});

describe('an instance that a fault has start', () => {
  it('is tried again by an init that fails of itself; then the invocation is told, and the problem is shown', async () => {
    const { dedicated, trail, nth } = subject();
    const failed = dedicated.acquire(START);
    dedicated.failed(nth(0), failure);
    dedicated.failed(nth(1), failure);
    expect(await failed).toMatchObject({ kind: 'init', message: 'at load', usedMs: 40, log: ['one', 'two'] });
    expect(trail).toEqual(['start', 'again well', 'gave up']);
    expect([dedicated.size, dedicated.active]).toEqual([0, 0]);
  });

  it('fails both times, or the first time only, or until the fault ends, without a problem of the function', async () => {
    const { dedicated, trail, nth } = subject();
    const both = dedicated.acquire(failing(2));
    dedicated.failed(nth(0), failure);
    dedicated.failed(nth(1), failure);
    expect(await both).toMatchObject({ kind: 'init' });
    const once = dedicated.acquire(failing(1));
    dedicated.failed(nth(2), failure);
    dedicated.ready(nth(3));
    expect(await once).toBe(nth(3));
    const over = AbortSignal.abort();
    void dedicated.acquire({ start: { delayMs: 0, fail: { how: 'exit', exitCode: 1, tries: 2, ended: over } } });
    dedicated.failed(nth(4), failure);
    expect(trail).toEqual([
      ...['start', 'again failing'],
      ...['start', 'again well', 'reserve'],
      ...['start', 'again well'],
    ]);
  });

  it('waits for room, the first who came first, and no longer than others wait', async () => {
    const { clock, dedicated, trail, capacity, nth } = subject({ room: 1 });
    const all = [dedicated.acquire(START), dedicated.acquire(START), dedicated.acquire(START)];
    expect([dedicated.queued, dedicated.waitsSince]).toEqual([2, 0]);
    dedicated.ready(nth(0));
    await clock.advance(2_000);
    dedicated.spent(nth(0));
    dedicated.serve();
    expect(trail).toEqual(['start', 'reserve', 'start']);
    await clock.advance(1_000);
    expect(await all[2]).toMatchObject({ kind: 'throttled' });
    capacity.room = 2;
    dedicated.ready(nth(1));
    expect(await all[1]).toBe(nth(1));
    expect(trail).toHaveLength(4);
    expect([dedicated.size, clock.pending]).toEqual([0, 0]);
  });

  it('starts beside a few others only', () => {
    const { dedicated, trail, nth } = subject();
    for (let i = 0; i < STARTS_AT_ONCE + 2; i++) void dedicated.acquire(START);
    expect(trail).toHaveLength(STARTS_AT_ONCE);
    dedicated.ready(nth(0));
    expect(trail.filter((what) => what === 'start')).toHaveLength(STARTS_AT_ONCE + 1);
  });
});
