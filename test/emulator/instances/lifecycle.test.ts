import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AcquireFailure, Instance } from '../../../emulator/instances/types.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { bench, closeAll, type Bench, type Given } from './harness.js';

let folder: string;
let script: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-lifecycle-'));
  script = path.join(folder, 'starts');
});
afterEach(async () => {
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

/** @param starts what each start does, in order: fine, throw, exit, hang */
function flaky(starts: string, given: Given = {}, name = 'handler'): Bench {
  writeFileSync(script, starts);
  return bench(`flaky-init.cjs:${name}`, { ...given, environment: { SCRIPT: script } });
}
const states = ({ pool }: Bench): string[] => pool.snapshot().instances.map(({ state }) => state);
const reports = ({ log }: Bench): string[] =>
  log.map(({ text }) => text.replace(/[\d.]+ ms/, 'X ms')).filter((text) => text.startsWith('INIT_REPORT'));

describe('an init that fails', () => {
  it('is tried again within the invocation, and only the second failure is the caller’s', async () => {
    const subject = flaky('throw throw fine');
    const { result, value } = await subject.invoke();
    expect(result).toMatchObject({ kind: 'init', type: 'TypeError', message: 'not yet', usedMs: expect.any(Number) });
    expect(value).toMatchObject({ errorType: 'TypeError', errorMessage: 'not yet', trace: expect.any(Array) });
    expect(reports(subject)).toEqual([
      'INIT_REPORT Init Duration: X ms\tPhase: init\tStatus: error\tError Type: Runtime.Unknown',
      'INIT_REPORT Init Duration: X ms\tPhase: invoke\tStatus: error\tError Type: Runtime.Unknown',
    ]);
    expect(readFileSync(script, 'utf8')).toBe('fine');
    // Both tries are in the log of the invocation.
    const { log = [] } = result as AcquireFailure;
    expect(
      log.map((line) =>
        line
          .replace(/^\S+Z\t|[\d.]+ ms/g, '')
          .split('\t')
          .slice(0, 3)
          .join('|'),
      ),
    ).toEqual([
      expect.stringContaining('start: throw'),
      expect.stringContaining('Uncaught Exception'),
      'INIT_REPORT Init Duration: |Phase: init|Status: error',
      expect.stringContaining('start: throw'),
      expect.stringContaining('Uncaught Exception'),
      'INIT_REPORT Init Duration: |Phase: invoke|Status: error',
    ]);
  });

  it('once, and then succeeds, is part of the invocation: no init of its own, less time for the handler', async () => {
    const subject = flaky('throw fine', { timeoutMs: 10_000 });
    const instance = (await subject.pool.acquire()) as Instance;
    expect(instance.takeInitMs()).toBeUndefined();
    const { usedMs } = instance;
    expect(usedMs).toBeGreaterThan(0);
    const work = { requestId: 'r', payload: Buffer.from('{}'), deadline: Date.now() + 10_000, arn: '' };
    const result = await instance.run(work, 10_000);
    const { remaining } = JSON.parse(result.payload.toString()) as { remaining: number };
    expect(remaining).toBeLessThanOrEqual(10_001 - usedMs);
    expect(instance.usedMs).toBe(0);
    subject.pool.release(instance);
    expect(subject.pool.snapshot().problem).toBeUndefined();
    expect(reports(subject)).toHaveLength(1);
  });

  it('leaves the handler what is left of the timeout', async () => {
    const clock = new VirtualClock();
    const subject = flaky('throw fine', { clock, timeoutMs: 3_000 }, 'slow');
    const acquiring = Promise.resolve(subject.pool.acquire());
    await subject.until(() => reports(subject).length === 1);
    // The second start is under way.
    await clock.advance(2_000);
    const instance = (await acquiring) as Instance;
    expect(instance.usedMs).toBe(2_000);
    const work = { requestId: 'r', payload: Buffer.from('{"ms":600000}'), deadline: 0, arn: '' };
    const running = instance.run(work, 3_000);
    await clock.advance(1_000);
    expect(await running).toMatchObject({
      kind: 'timeout',
      message: 'RequestId: r Error: Task timed out after 3.00 seconds',
    });
  });

  it('by exiting names the request in what the caller is told', async () => {
    const { result } = await flaky('exit exit').invoke();
    expect(result).toMatchObject({
      kind: 'init',
      type: 'Runtime.ExitError',
      message: expect.stringMatching(/^RequestId: request-\d+ Error: Runtime exited with error: exit status 7$/),
    });
  });

  it('is told as a problem after the first failure already', async () => {
    const subject = flaky('throw hang');
    const invoked = subject.invoke();
    await subject.until(() => subject.pool.snapshot().problem !== undefined);
    expect(subject.pool.snapshot()).toMatchObject({ queued: 1, problem: { message: 'TypeError: not yet' } });
    await subject.pool.kill();
    await invoked;
  });

  it('for all who wait fails for all of them, with two starts each at most', async () => {
    const subject = bench('throws.cjs');
    const all = await Promise.all([1, 2, 3].map(() => subject.invoke()));
    for (const { result } of all) expect(result).toMatchObject({ kind: 'init', message: 'at load' });
    expect(reports(subject).length).toBeGreaterThanOrEqual(2);
    expect(reports(subject).length).toBeLessThanOrEqual(6);
  });
});

describe('an init that takes too long', () => {
  it('is ended after 10 s and tried again; then the function’s timeout is what counts', async () => {
    const clock = new VirtualClock();
    const subject = flaky('hang hang', { clock, timeoutMs: 3_000 });
    const invoked = subject.invoke();
    await subject.until(() => subject.log.length === 1);
    const [first] = subject.pids();
    await clock.advance(9_999);
    expect(reports(subject)).toEqual([]);
    await clock.advance(1);
    await subject.until(() => subject.log.filter(({ text }) => text.endsWith('start: hang')).length === 2);
    await subject.until(() => !subject.pids().includes(first as number));
    await clock.advance(3_000);
    expect((await invoked).result).toMatchObject({
      kind: 'timeout',
      type: 'Sandbox.Timedout',
      message: expect.stringMatching(/^RequestId: request-\d+ Error: Task timed out after 3\.00 seconds$/),
      payload: Buffer.from(
        JSON.stringify({
          errorType: 'Sandbox.Timedout',
          errorMessage: ((await invoked).result as { message: string }).message,
        }),
      ),
    });
    expect(reports(subject)).toEqual([
      'INIT_REPORT Init Duration: X ms\tPhase: init\tStatus: timeout',
      'INIT_REPORT Init Duration: X ms\tPhase: invoke\tStatus: error\tError Type: Runtime.Unknown',
    ]);
  });

  it('but not long enough to fail twice, is served', async () => {
    const clock = new VirtualClock();
    const subject = flaky('hang fine', { clock });
    const invoked = subject.invoke();
    await subject.until(() => subject.log.length === 1);
    await clock.advance(10_000);
    expect((await invoked).result).toMatchObject({ ok: true });
  });
});

describe('an instance that ends while an invocation runs on it', () => {
  it.each([
    ['a timeout', 'hang', 1_000],
    ['an exit', 'exit', 10_000],
  ])('is initialised again by the next one, on its time: after %s', async (_what, then, timeoutMs) => {
    const subject = bench('temp.cjs', { timeoutMs });
    expect((await subject.invoke({ then })).result).toMatchObject({ ok: false });
    const next = (await subject.pool.acquire()) as Instance;
    expect([next.takeInitMs(), next.usedMs > 0]).toEqual([undefined, true]);
    const held = (await subject.pool.acquire()) as Instance;
    expect([held.takeInitMs() !== undefined, held.usedMs]).toEqual([true, 0]);
    for (const each of [next, held]) subject.pool.release(each);
  });

  it('is not, when another version has taken over', async () => {
    const subject = bench('temp.cjs');
    await subject.invoke({ then: 'exit' });
    await subject.pool.reload();
    const held = (await subject.pool.acquire()) as Instance;
    const next = (await subject.pool.acquire()) as Instance;
    expect([next.takeInitMs() !== undefined, next.usedMs]).toEqual([true, 0]);
    for (const each of [next, held]) subject.pool.release(each);
  });

  it('has the function’s timeout for that, once', async () => {
    const clock = new VirtualClock();
    const subject = flaky('fine hang fine', { clock, timeoutMs: 3_000 }, 'slow');
    const broken = (await subject.pool.acquire()) as Instance;
    broken.expire('r', 3_000);
    subject.pool.release(broken);
    const invoked = subject.invoke({ ms: 1 });
    await subject.until(() => subject.log.some(({ text }) => text.endsWith('start: hang')));
    await clock.advance(3_000);
    expect((await invoked).result).toMatchObject({ kind: 'timeout', type: 'Sandbox.Timedout' });
    await clock.advance(100);
    expect((await subject.invoke({ ms: 1 })).result).toMatchObject({ ok: true });
  });
});

describe('a cold-start delay', () => {
  it('comes on top of the start, and counts as its duration', async () => {
    const subject = flaky('fine', { function: { coldStartMs: 300 } });
    const instance = (await subject.pool.acquire()) as Instance;
    expect(instance.takeInitMs()).toBeGreaterThanOrEqual(300);
  });

  it('ends with the instance', async () => {
    const subject = flaky('fine', { function: { coldStartMs: 60_000 } });
    const invoked = subject.invoke();
    await subject.until(() => subject.log.length === 1);
    expect(states(subject)).toEqual(['starting']);
    await subject.pool.kill();
    expect((await invoked).result).toMatchObject({ kind: 'init', message: 'The emulator is stopping.' });
    expect(states(subject)).toEqual([]);
  });
});

describe('provisioned concurrency', () => {
  it('is initialised ahead, so that no invocation has a cold start', async () => {
    const subject = flaky('fine', { function: { provisioned: 1 } });
    await subject.until(() => states(subject).join() === 'idle');
    expect(subject.pool.snapshot().instances[0]?.provisioned).toBe(true);
    const instance = subject.pool.acquire() as Instance;
    expect(instance.takeInitMs()).toBeUndefined();
    subject.pool.release(instance);
    expect((await subject.invoke()).value).toMatchObject({ how: 'provisioned-concurrency' });
    expect(subject.pool.snapshot().coldStarts).toBe(0);
    expect(reports(subject)).toEqual(['INIT_REPORT Init Duration: X ms\tPhase: init']);
  });

  it('is kept, and taken first; what spills over starts on demand and goes again', async () => {
    const clock = new VirtualClock();
    const subject = flaky('', { clock, function: { provisioned: 1 } });
    await subject.until(() => states(subject).join() === 'idle');
    const first = subject.pool.acquire() as Instance;
    const second = (await subject.pool.acquire()) as Instance;
    expect(second.takeInitMs()).toBeDefined();
    expect(subject.pool.snapshot().instances.map(({ provisioned }) => provisioned)).toEqual([true, undefined]);
    subject.pool.release(second);
    subject.pool.release(first);
    expect((await subject.invoke()).instance).toBe(first);
    await clock.advance(120_000);
    await subject.until(() => subject.pids().length === 1);
    expect(subject.pool.snapshot().instances[0]).toMatchObject({ id: first.id, provisioned: true });
  });

  it('is given to the new version on a reload', async () => {
    const subject = flaky('', { function: { provisioned: 2 } });
    await subject.until(() => states(subject).join() === 'idle,idle');
    await subject.pool.reload();
    await subject.until(() => states(subject).join() === 'idle,idle');
    expect(subject.pool.snapshot().instances.map(({ provisioned, version }) => [provisioned, version])).toEqual([
      [true, 2],
      [true, 2],
    ]);
  });

  it('whose init fails is tried ever more slowly', async () => {
    const clock = new VirtualClock();
    const subject = flaky('throw throw fine', { clock, function: { provisioned: 1 } });
    await subject.until(() => reports(subject).length === 1 && subject.pids().length === 0);
    expect(subject.pool.snapshot().problem?.message).toBe('TypeError: not yet');
    await clock.advance(100);
    await subject.until(() => reports(subject).length === 2 && subject.pids().length === 0);
    await clock.advance(199);
    expect(subject.pids()).toEqual([]);
    await clock.advance(1);
    await subject.until(() => states(subject).join() === 'idle');
    expect(subject.pool.snapshot().problem).toBeUndefined();
  });
});
