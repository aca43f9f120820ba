import { afterEach, describe, expect, it } from 'vitest';
import { alive, bench, closeAll, invokeOnce, messageOf } from './harness.js';

afterEach(closeAll);
const groups = process.platform === 'linux';

describe('the memory limit', () => {
  it.each([
    ['outcomes.cjs:memoryHeld', true],
    ['memory.py:own', true],
    // Where the kernel does not tell process groups, children are not seen.
    ['memory.cjs:child', groups],
    ['memory.py:child', groups],
  ] as const)('ends %s', async (handler, seen) => {
    if (!seen) return;
    const subject = bench(handler, { memoryMb: 128 });
    const invoked = await subject.invoke({ mb: 200 });
    expect(invoked.result).toMatchObject({ kind: 'exit', type: 'Runtime.ExitError' });
    expect(messageOf(invoked)).toMatch(/^RequestId: \S+ Error: Runtime exited with error: signal: killed$/);
    const { maxMemoryMb = 0 } = invoked.result as { maxMemoryMb?: number };
    expect(maxMemoryMb).toBeGreaterThan(128);
    expect(invoked.lines.at(-1)).toBe(`[faultline] killed: ${maxMemoryMb} MB used of 128 MB`);
    await subject.until(() => subject.pids().length === 0);
  });

  it('holds for an init, too: that is an init that has failed', async () => {
    const subject = bench('memory-init.cjs', { memoryMb: 128 });
    const reached = await subject.pool.acquire();
    expect((reached as { maxMemoryMb?: number }).maxMemoryMb).toBeGreaterThan(128);
    const { result } = await subject.invoke();
    expect(result).toMatchObject({
      kind: 'init',
      type: 'Runtime.ExitError',
      message: expect.stringContaining('Runtime exited with error: signal: killed'),
    });
  });

  it.runIf(groups)('counts what processes share once', async () => {
    const { value } = await invokeOnce('memory.py:forks', { mb: 60, children: 4 }, { memoryMb: 128 });
    expect(value).toBe(60);
  });
});

describe('the memory that is told', () => {
  it('is that of this invocation, as far as the runtime does not keep it', async () => {
    const subject = bench('outcomes.cjs:memory', { memoryMb: 512 });
    const peak = async (mb: number): Promise<number> =>
      ((await subject.invoke({ mb })).result as { maxMemoryMb: number }).maxMemoryMb;
    const small = await peak(1);
    expect(await peak(150)).toBeGreaterThan(small + 100);
  });

  it('is there for an invocation that ran out of time as well', async () => {
    const { result } = await invokeOnce('outcomes.cjs:busy', {}, { timeoutMs: 1_000 });
    expect(result).toMatchObject({ kind: 'timeout', maxMemoryMb: expect.any(Number) });
  });

  it('is in the snapshot, with the share of a core', async () => {
    const subject = bench('outcomes.cjs:busy', { timeoutMs: 60_000 });
    const running = subject.invoke();
    await subject.until(() => (subject.pool.snapshot().instances[0]?.cpu ?? 0) > 10);
    expect(subject.pool.snapshot().instances[0]?.memoryMb).toBeGreaterThan(20);
    const pids = subject.pids();
    await subject.pool.kill();
    await running;
    expect(pids.filter(alive)).toEqual([]);
  });
});
