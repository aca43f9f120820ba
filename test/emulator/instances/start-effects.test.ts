import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Timer } from '../../../emulator/clock.js';
import type { InitFailure, Instance, StartEffect } from '../../../emulator/instances/types.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { alive, bench, closeAll, repo, type Bench, type Given } from './harness.js';

/** Instances that faults have start: each for one invocation, which waits for it. */

afterEach(closeAll);

const provided = (given: Given = {}): Bench => {
  const root = path.join(repo, 'test/fixtures/provided');
  const file = path.join(root, 'counting-bootstrap.cjs');
  const command = [process.execPath, file];
  return bench('bootstrap', {
    root,
    ...given,
    function: { runtime: 'provided', handler: 'mine.main', export: '', file: process.execPath, command },
  });
};
const RUNTIMES: [string, (given?: Given) => Bench][] = [
  ['node', (given) => bench('starts.cjs', given)],
  ['python', (given) => bench('starts_py.py', given)],
  ['provided', provided],
];

/** Tells that somebody waits for just that long. */
class DelayClock extends VirtualClock {
  delays = false;
  constructor(private readonly ms: number) {
    super();
  }
  override after(ms: number, callback: () => void): Timer {
    this.delays ||= ms === this.ms;
    return super.after(ms, callback);
  }
}

const invoke = (subject: Bench, start?: StartEffect, event: unknown = {}) =>
  subject.invoke(event, undefined, start ? { start } : {});
const fail = (failure: InitFailure): StartEffect => ({ delayMs: 0, fail: failure });
const states = ({ pool }: Bench): string[] => pool.snapshot().instances.map(({ state }) => state);
const reports = ({ log }: Bench): string[] =>
  log
    .filter(({ text }) => text.startsWith('INIT_REPORT'))
    .map(({ text }) => text.replace(/Duration: [\d.]+ ms/, 'Duration: X ms'));

/** Python starts slowly: what the host does is tried with the others, and with Python in ../faults. */
const FAST = RUNTIMES.filter(([name]) => name !== 'python');

describe.each(FAST)('a cold start of a %s instance', (_runtime, open) => {
  it('is a real one, for one invocation only; the others have the instance that they had', async () => {
    const subject = open();
    const warm = await invoke(subject);
    const cold = await invoke(subject, { delayMs: 400 });
    expect(cold.instance?.id).not.toBe(warm.instance?.id);
    expect(cold.value).toEqual({ calls: 1, told: [] });
    const again = await invoke(subject);
    expect([again.instance?.id, again.value]).toEqual([warm.instance?.id, { calls: 2, told: [] }]);
    expect(subject.pool.snapshot().coldStarts).toBe(2);
    await subject.until(() => states(subject).length === 1);
  });
});

describe('a cold start', () => {
  it('takes as long as the real one, and what the fault adds to it', async () => {
    const clock = new DelayClock(61_000);
    const { pool, until } = bench('starts.cjs', { clock });
    const acquired = pool.acquire({ start: { delayMs: 61_000 } });
    // It has loaded.
    await until(() => clock.delays);
    await clock.advance(60_999);
    expect(pool.snapshot().instances).toMatchObject([{ state: 'starting' }]);
    await clock.advance(1);
    const instance = await acquired;
    expect('run' in instance && [instance.takeInitMs(), instance.usedMs]).toEqual([61_000, 0]);
    pool.release(instance as Instance);
  });

  it('that fails by a fault is no problem of the function: others are served, at once', async () => {
    const subject = bench('starts.cjs');
    await invoke(subject);
    expect((await invoke(subject, fail({ how: 'exit', exitCode: 1, tries: 2 }))).result).toMatchObject({
      kind: 'init',
    });
    expect((await invoke(subject)).value).toEqual({ calls: 2, told: [] });
    expect(subject.pool.snapshot().problem).toBeUndefined();
    await subject.until(() => states(subject).length === 1);
  });
});

describe.each(FAST)('an init of a %s instance that a fault makes fail', (runtime, open) => {
  it('throws what a module throws at load: twice, as Lambda tries it, and then the caller has it', async () => {
    const subject = open();
    const failed = await invoke(
      subject,
      fail({ how: 'throw', errorType: 'Shop.Closed', message: 'no "db" today', tries: 2 }),
    );
    expect(failed.result).toMatchObject({ kind: 'init', type: 'Shop.Closed' });
    expect(failed.value).toEqual({
      errorType: 'Shop.Closed',
      errorMessage: 'no "db" today',
      ...(runtime === 'node' ? { trace: ['Shop.Closed: no "db" today'] } : {}),
    });
    expect(reports(subject)).toEqual([
      'INIT_REPORT Init Duration: X ms\tPhase: init\tStatus: error\tError Type: Runtime.Unknown',
      'INIT_REPORT Init Duration: X ms\tPhase: invoke\tStatus: error\tError Type: Runtime.Unknown',
    ]);
  });

  it('the first time only: the second try is part of the invocation, and has no init of its own', async () => {
    const { pool } = open();
    const instance = (await pool.acquire({ start: fail({ how: 'exit', exitCode: 1, tries: 1 }) })) as Instance;
    expect([instance.takeInitMs(), instance.usedMs > 0]).toEqual([undefined, true]);
    pool.release(instance);
  });
});

describe.each(RUNTIMES)('an init of a %s instance that a fault makes end', (_runtime, open) => {
  it('exits with a status', async () => {
    const failed = await invoke(open(), fail({ how: 'exit', exitCode: 7, tries: 2 }));
    expect(failed.result).toMatchObject({
      kind: 'init',
      type: 'Runtime.ExitError',
      message: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: exit status 7$/),
    });
  });

  it('is never ready: 10 s, then for as long as the function’s timeout', async () => {
    const clock = new VirtualClock();
    const subject = open({ clock, timeoutMs: 3_000 });
    const failing = invoke(subject, fail({ how: 'hang', tries: 2 }));
    await subject.until(() => subject.pids().length === 1);
    const [first] = subject.pids() as [number];
    await clock.advance(9_999);
    expect(reports(subject)).toEqual([]);
    await clock.advance(1);
    await subject.until(() => states(subject).includes('starting') && !subject.pids().includes(first));
    expect(alive(first)).toBe(false);
    await clock.advance(3_000);
    expect((await failing).result).toMatchObject({ kind: 'timeout', type: 'Sandbox.Timedout' });
    expect(reports(subject)).toEqual([
      'INIT_REPORT Init Duration: X ms\tPhase: init\tStatus: timeout',
      'INIT_REPORT Init Duration: X ms\tPhase: invoke\tStatus: error\tError Type: Runtime.Unknown',
    ]);
  });
});

describe('the limits, with instances that faults have start', () => {
  it('hold: an idle instance makes room, and the others have theirs again afterwards', async () => {
    const subject = bench('starts.cjs:slow', { scaling: { max: 1 } });
    const warm = await invoke(subject);
    const cold = await invoke(subject, { delayMs: 0 });
    expect(cold.instance?.id).not.toBe(warm.instance?.id);
    await subject.until(() => states(subject).length === 0);
    const next = await invoke(subject);
    expect(next.value).toEqual({ calls: 1 });
    expect(subject.pool.snapshot().coldStarts).toBe(3);
  });

  it('hold while all are at work: first come, first served, never more than there may be', async () => {
    const subject = bench('starts.cjs:slow', { scaling: { max: 2 } });
    let most = 0;
    const watch = subject.until(() => {
      most = Math.max(most, states(subject).filter((state) => state !== 'stopping').length);
      return false;
    });
    const event = { ms: 20 };
    const all = Array.from({ length: 12 }, (_, i) => invoke(subject, i % 3 === 0 ? undefined : { delayMs: 0 }, event));
    const results = await Promise.all(all);
    expect(results.map(({ result }) => 'ok' in result && result.ok)).toEqual(Array(12).fill(true));
    expect(results.filter((_, i) => i % 3 > 0).map(({ value }) => value)).toEqual(Array(8).fill({ calls: 1 }));
    expect(most).toBeLessThanOrEqual(2);
    void watch;
  });

  it('count them: reserved concurrency, and how fast instances multiply', async () => {
    const one = bench('starts.cjs:slow', { function: { reserved: 1 } });
    const [first, second] = await Promise.all([invoke(one, { delayMs: 0 }), invoke(one, { delayMs: 0 })]);
    expect([first.result, second.result]).toMatchObject([{ ok: true }, { kind: 'throttled' }]);
    expect((await invoke(one)).value).toEqual({ calls: 1 });
  });

  it('leave provisioned instances alone', async () => {
    const subject = bench('starts.cjs', { scaling: { max: 1 }, function: { provisioned: 1 } });
    await subject.until(() => states(subject).includes('idle'));
    const [provisioned] = subject.pids();
    expect((await invoke(subject, { delayMs: 0 })).value).toMatchObject({ calls: 1 });
    await subject.until(() => states(subject).length === 1);
    expect(subject.pids()).toEqual([provisioned]);
    expect((await invoke(subject)).value).toMatchObject({ calls: 1 });
  });
});

describe('a pool that ends', () => {
  it('drains what starts by a fault: it runs first', async () => {
    const subject = bench('starts.cjs:slow');
    const cold = invoke(subject, { delayMs: 100 }, { ms: 50 });
    await subject.until(() => states(subject).includes('starting'));
    await subject.pool.drain();
    expect((await cold).value).toEqual({ calls: 1 });
    expect(states(subject)).toEqual([]);
  });

  it.each<[string, StartEffect]>([
    ['while it starts', fail({ how: 'hang', tries: 2 })],
    ['in its delay', { delayMs: 600_000 }],
  ])('kills it %s, and leaves nothing behind', async (_when, start) => {
    const subject = bench('starts.cjs');
    const cold = invoke(subject, start);
    await subject.until(() => subject.pids().length === 1);
    const [pid] = subject.pids() as [number];
    await subject.pool.kill();
    expect((await cold).result).toMatchObject({ kind: 'init', type: 'Runtime.ExitError' });
    expect(alive(pid)).toBe(false);
    expect(subject.bundles()).toEqual([]);
  });

  it('removes the temporary folders of failed starts', async () => {
    const subject = bench('starts.cjs');
    const { instance } = await invoke(subject);
    const folder = path.dirname(String((instance as unknown as { temp: string }).temp));
    await invoke(subject, fail({ how: 'exit', exitCode: 1, tries: 2 }));
    await subject.until(() => readdirSync(folder).filter((name) => name.startsWith('tmp-')).length === 1);
  });
});

describe('a cold start of a function that does not load', () => {
  it('shows its problem, and is well once it loads', async () => {
    const subject = bench('throws.cjs');
    const failed = await invoke(subject, { delayMs: 0 });
    expect(failed.result).toMatchObject({ kind: 'init' });
    expect(subject.pool.snapshot().problem?.code).toBe('load-failed');
  });
});
