import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { STARTS_AT_ONCE } from '../../../emulator/instances/growth.js';
import type { Instance } from '../../../emulator/instances/types.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { alive, bench, closeAll, type Bench } from './harness.js';

afterEach(closeAll);
const states = ({ pool }: Bench): string[] => pool.snapshot().instances.map(({ state }) => state);

describe('a pool', () => {
  it('starts instances on demand, no more than wait, and no more than the maximum', async () => {
    const subject = bench('outcomes.cjs:slow', { scaling: { max: 2 } });
    expect(subject.pool.snapshot()).toMatchObject({ version: 0, instances: [], queued: 0 });
    const all = Promise.all([1, 2, 3, 4, 5].map(() => subject.invoke({ ms: 50 })));
    await subject.until(() => states(subject).includes('busy'));
    expect(subject.pool.snapshot().instances.length).toBe(2);
    const invoked = await all;
    expect(new Set(invoked.map(({ instance }) => instance?.id)).size).toBe(2);
    expect(invoked.every(({ result }) => 'ok' in result && result.ok)).toBe(true);
    expect(subject.pool.snapshot()).toMatchObject({ version: 1, queued: 0 });
    expect(states(subject)).toEqual(['idle', 'idle']);
  });

  it('starts only so many at a time, and as many as are needed in the end', async () => {
    const max = STARTS_AT_ONCE + 3;
    const subject = bench('outcomes.cjs:slow', { scaling: { max } });
    let most = 0;
    const look = (): boolean => {
      most = Math.max(most, states(subject).filter((state) => state === 'starting').length);
      return states(subject).filter((state) => state === 'busy').length === max;
    };
    const all = Array.from({ length: max }, () => subject.invoke({ ms: 9_000 }));
    await subject.until(look);
    expect(most).toBe(STARTS_AT_ONCE);
    await subject.pool.kill();
    await Promise.all(all);
  });

  it('gives an idle instance at once, without a promise', async () => {
    const subject = bench('outcomes.cjs:pid');
    await subject.invoke();
    const instance = subject.pool.acquire();
    expect(instance).not.toBeInstanceOf(Promise);
    expect(states(subject)).toEqual(['busy']);
    subject.pool.release(instance as Instance);
    expect(states(subject)).toEqual(['idle']);
  });

  it('tells the cold start to the invocation that waited for it, once', async () => {
    const subject = bench('outcomes.cjs:pid');
    const instance = (await subject.pool.acquire()) as Instance;
    expect(instance.takeInitMs()).toBeGreaterThan(0);
    expect(instance.takeInitMs()).toBeUndefined();
    expect(subject.pool.snapshot().coldStarts).toBe(1);
  });

  it('serves those who wait in order', async () => {
    const subject = bench('outcomes.cjs:count', { scaling: { max: 1 } });
    const values = await Promise.all([1, 2, 3, 4, 5, 6].map(async () => (await subject.invoke()).value));
    expect(values).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('throttles those who wait for longer than the timeout', async () => {
    const clock = new VirtualClock();
    const subject = bench('outcomes.cjs:slow', { clock, timeoutMs: 3_000, scaling: { max: 1 } });
    const held = await subject.pool.acquire();
    const waiting = subject.invoke({ ms: 1 });
    await clock.advance(2_999);
    expect(subject.pool.snapshot().queued).toBe(1);
    await clock.advance(1);
    expect((await waiting).result).toMatchObject({ kind: 'throttled', type: 'TooManyRequestsException' });
    if ('run' in held) subject.pool.release(held);
  });

  it('keeps the minimum, and stops what is idle for longer than it may be', async () => {
    const clock = new VirtualClock();
    const subject = bench('outcomes.cjs:slow', { clock, scaling: { min: 1, idleMs: 60_000 } });
    await subject.until(() => states(subject).join() === 'idle');
    const [first] = subject.pids();
    await Promise.all([1, 2, 3].map(() => subject.invoke({ ms: 20 })));
    expect(subject.pids().length).toBe(3);
    await clock.advance(59_000);
    expect(subject.pids().length).toBe(3);
    await clock.advance(2_000);
    await subject.until(() => subject.pids().length === 1);
    process.kill(subject.pids()[0] as number, 'SIGKILL');
    await subject.until(() => states(subject).join() === 'idle' && subject.pids()[0] !== first);
  });

  it('backs off when the handler does not load, answers at once meanwhile, and recovers', async () => {
    const temp = mkdtempSync(path.join(os.tmpdir(), 'faultline-flaky-'));
    const flag = path.join(temp, 'fail');
    writeFileSync(flag, '');
    const clock = new VirtualClock();
    const subject = bench('flaky.cjs', { clock, environment: { FAIL_WHILE: flag } });
    const failed = await Promise.all([1, 2, 3].map(() => subject.invoke()));
    for (const { result } of failed) expect(result).toMatchObject({ kind: 'init', type: 'Error', message: 'not yet' });
    await subject.until(() => subject.pids().length === 0);
    expect(subject.pool.acquire()).toBeInstanceOf(Promise);
    expect((await subject.invoke()).result).toMatchObject({ kind: 'init', message: 'not yet' });
    expect(subject.pids()).toEqual([]);
    rmSync(temp, { recursive: true });
    await clock.advance(10_000);
    expect((await subject.invoke()).value).toBe('loaded');
    expect(subject.pool.snapshot().problem).toBeUndefined();
  });

  it('says what to do when there is no such program', async () => {
    const subject = bench('outcomes.cjs:pid', { nodePath: '/no/such/node' });
    expect((await subject.invoke()).result).toMatchObject({ kind: 'init', type: 'Runtime.InvalidEntrypoint' });
    expect(subject.pool.snapshot().problem?.hint).toContain('FAULTLINE_NODE');
  });

  it('expires an invocation that ran out of time outside the process', async () => {
    const subject = bench('outcomes.cjs:pid');
    const instance = await subject.pool.acquire();
    if (!('run' in instance)) throw new Error('not acquired');
    expect(instance.expire('r1', 2_000)).toMatchObject({ kind: 'timeout', message: expect.stringContaining('2.00') });
    subject.pool.release(instance);
    expect((await subject.invoke()).instance?.id).not.toBe(instance.id);
  });
});

describe('the end of a pool', () => {
  it('drain lets what runs and waits finish, then leaves no process and no file', async () => {
    const subject = bench('typed.ts', { scaling: { max: 1 } });
    const all = Promise.all([1, 2, 3].map(() => subject.invoke()));
    await subject.until(() => subject.pids().length === 1);
    const pids = subject.pids();
    await subject.pool.drain();
    for (const { result } of await all) expect(result).toMatchObject({ ok: true });
    expect(pids.filter(alive)).toEqual([]);
    expect((await subject.invoke()).result).toMatchObject({ kind: 'init', message: 'The emulator is stopping.' });
  });

  it('kill ends busy instances now', async () => {
    const subject = bench('outcomes.cjs:busy', { timeoutMs: 60_000 });
    const running = subject.invoke();
    await subject.until(() => states(subject).join() === 'busy');
    const pids = subject.pids();
    await subject.pool.kill();
    expect((await running).result).toMatchObject({ kind: 'exit' });
    expect(pids.filter(alive)).toEqual([]);
  });

  it('leaves no bundle behind', async () => {
    const subject = bench('typed.ts');
    await subject.invoke();
    expect(subject.bundles().length).toBe(2);
    await subject.pool.drain();
    expect(subject.bundles()).toEqual([]);
  });
});
