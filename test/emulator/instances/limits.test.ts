import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../emulator/clock.js';
import { AccountLimits } from '../../../emulator/instances/limits.js';
import type { Instance } from '../../../emulator/instances/types.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { bench, closeAll, type Bench, type Invoked } from './harness.js';

afterEach(closeAll);
const plain = { provisioned: 0 };

function reasonOf({ result, value }: Invoked): string | undefined {
  if ('ok' in result && result.ok) return undefined;
  expect(result).toMatchObject({ kind: 'throttled', type: 'TooManyRequestsException', message: 'Rate Exceeded.' });
  expect(value).toMatchObject({ Type: 'User', message: 'Rate Exceeded.' });
  return (value as { Reason: string }).Reason;
}
const take = async ({ pool }: Bench): Promise<Instance> => (await pool.acquire()) as Instance;

describe('reserved concurrency', () => {
  it('throttles at once what is above it', async () => {
    const subject = bench('outcomes.cjs:pid', { function: { reserved: 1 }, scaling: { max: 1 } });
    const held = await take(subject);
    expect(reasonOf(await subject.invoke())).toBe('ReservedFunctionConcurrentInvocationLimitExceeded');
    expect(subject.pool.snapshot().queued).toBe(0);
    subject.pool.release(held);
    expect(reasonOf(await subject.invoke())).toBeUndefined();
  });

  it('counts those whose instance is still starting', async () => {
    const subject = bench('outcomes.cjs:slow', { function: { reserved: 2 }, scaling: { max: 2 } });
    const reasons = (await Promise.all([1, 2, 3].map(() => subject.invoke({ ms: 5 })))).map(reasonOf);
    expect(reasons).toEqual([undefined, undefined, 'ReservedFunctionConcurrentInvocationLimitExceeded']);
  });

  it('of 0 switches the function off: nothing is even started', async () => {
    const subject = bench('outcomes.cjs:pid', { function: { reserved: 0 } });
    expect(reasonOf(await subject.invoke())).toBe('ReservedFunctionConcurrentInvocationLimitExceeded');
    expect(subject.pids()).toEqual([]);
  });

  it('takes back what ends in any way', async () => {
    const clock = new VirtualClock();
    const subject = bench('outcomes.cjs:never', { clock, timeoutMs: 3_000, function: { reserved: 1 } });
    const held = await take(subject);
    held.expire('r', 3_000);
    subject.pool.release(held);
    // The next one waits for a new instance, and would be throttled if the first still counted.
    const next = await take(subject);
    expect(next.run).toBeDefined();
    subject.pool.release(next);
    const broken = bench('throws.cjs', { function: { reserved: 1 } });
    for (let i = 0; i < 3; i++) expect((await broken.invoke()).result).toMatchObject({ kind: 'init' });
  });
});

describe('the account’s concurrency', () => {
  it('is shared by the pools of all functions without a reservation', async () => {
    const limits = new AccountLimits(systemClock, { concurrency: 3, scaleOut: 1_000 }, [
      plain,
      plain,
      { ...plain, reserved: 1 },
    ]);
    const [a, b, reserved] = [{}, {}, { reserved: 1 }].map((fn) =>
      bench('outcomes.cjs:pid', { limits, function: fn }),
    ) as [Bench, Bench, Bench];
    const held = [await take(a), await take(b)] as const;
    expect(reasonOf(await a.invoke())).toBe('ConcurrentInvocationLimitExceeded');
    expect(reasonOf(await reserved.invoke())).toBeUndefined();
    b.pool.release(held[1]);
    expect(reasonOf(await a.invoke())).toBeUndefined();
    a.pool.release(held[0]);
  });
});

describe('the scale-out rate', () => {
  it('throttles who would need one more instance, until it is refilled', async () => {
    const clock = new VirtualClock();
    const limits = new AccountLimits(clock, { concurrency: 1_000, scaleOut: 2 }, [plain]);
    const subject = bench('outcomes.cjs:pid', { clock, limits });
    const reached = await Promise.all([1, 2, 3].map(() => subject.pool.acquire()));
    expect(reached.map((each) => 'run' in each)).toEqual([true, true, false]);
    expect(reasonOf(await subject.invoke())).toBe('FunctionInvocationRateLimitExceeded');
    subject.pool.release(reached[0] as Instance);
    expect(reasonOf(await subject.invoke())).toBeUndefined();
    const again = subject.pool.acquire() as Instance;
    expect(reasonOf(await subject.invoke())).toBe('FunctionInvocationRateLimitExceeded');
    await clock.advance(5_000);
    expect(reasonOf(await subject.invoke())).toBeUndefined();
    for (const held of [again, reached[1] as Instance]) subject.pool.release(held);
  });

  it('does not hold for what waits under scaling.max', async () => {
    const limits = new AccountLimits(systemClock, { concurrency: 1_000, scaleOut: 1 }, [plain]);
    const subject = bench('outcomes.cjs:count', { limits, scaling: { max: 1 } });
    const values = (await Promise.all([1, 2, 3].map(() => subject.invoke()))).map(({ value }) => value);
    expect(values).toEqual([1, 2, 3]);
  });
});
