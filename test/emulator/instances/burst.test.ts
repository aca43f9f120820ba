import { afterEach, describe, expect, it } from 'vitest';
import { STARTS_AT_ONCE } from '../../../emulator/instances/growth.js';
import type { Instance } from '../../../emulator/instances/types.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { bench, closeAll, type Bench } from './harness.js';

afterEach(closeAll);
const count = ({ pool }: Bench, wanted: string): number =>
  pool.snapshot().instances.filter(({ state }) => state === wanted).length;
const all = (number: number) => Array.from({ length: number });

describe('a burst', () => {
  it('of 30 slow invocations leaves an instance for each of them, so that the next one runs all at once', async () => {
    const subject = bench('outcomes.cjs:slow', { scaling: { max: 30 } });
    const first = await Promise.all(all(30).map(() => subject.invoke({ ms: 200 })));
    expect(first.filter(({ result }) => 'ok' in result && result.ok)).toHaveLength(30);
    await subject.until(() => count(subject, 'idle') === 30);
    const second = all(30).map(() => subject.invoke({ ms: 200 }));
    expect(count(subject, 'busy')).toBe(30);
    expect(new Set((await Promise.all(second)).map(({ instance }) => instance?.id)).size).toBe(30);
    expect(subject.pool.snapshot()).toMatchObject({ queued: 0 });
  }, 60_000);

  it('of quick invocations on many connections starts no more than the first few', async () => {
    const clock = new VirtualClock();
    const subject = bench('outcomes.cjs:pid', { clock, scaling: { max: 50 } });
    await subject.invoke();
    let done = 0;
    const connection = async (): Promise<void> => {
      while (done++ < 3_000) {
        await subject.invoke();
        // 8 000 a second.
        if (done % 200 === 0) await clock.advance(25);
      }
    };
    await Promise.all(all(64).map(connection));
    expect(subject.pool.snapshot().instances.length).toBeLessThanOrEqual(STARTS_AT_ONCE);
  });

  it('is forgotten when its instances have been idle for long', async () => {
    const clock = new VirtualClock();
    const number = STARTS_AT_ONCE + 5;
    const subject = bench('outcomes.cjs:slow', { clock, scaling: { max: 50, idleMs: 60_000 } });
    const first = all(number).map(() => subject.invoke({ ms: 2_000 }));
    await subject.until(() => count(subject, 'busy') === STARTS_AT_ONCE);
    // Nobody knows whether it is the emulator's own work that makes them wait, so for long.
    await clock.advance(2_000);
    await subject.until(() => count(subject, 'busy') + count(subject, 'idle') === number);
    await Promise.all(first);
    await clock.advance(200_000);
    await subject.until(() => subject.pids().length === 0);
    const held = (await subject.pool.acquire()) as Instance;
    await clock.advance(2_000);
    expect(subject.pids()).toHaveLength(1);
    subject.pool.release(held);
  });
});
