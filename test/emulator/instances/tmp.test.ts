import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../support/virtual-clock.js';
import { bench, closeAll, messageOf } from './harness.js';

afterEach(closeAll);

interface Told {
  readonly before: string | null;
  readonly folder: string;
  readonly told: string;
  readonly entries: readonly string[];
}
const told = (value: unknown): Told => value as Told;

describe('the temporary folder', () => {
  it.each(['temp.cjs', 'temp.py'])('is where %s finds it, and its alone', async (handler) => {
    const subject = bench(handler);
    const all = await Promise.all([1, 2].map(async () => told((await subject.invoke()).value)));
    for (const { folder, told: name } of all) expect(folder).toBe(name);
    const [first] = all;
    expect(existsSync(first?.folder as string)).toBe(true);
    await subject.pool.drain();
    expect(all.map(({ folder }) => existsSync(folder))).toEqual([false, false]);
  });

  it('is kept from one invocation to the next', async () => {
    const subject = bench('temp.cjs');
    expect(told((await subject.invoke({ write: 'kept' })).value)).toMatchObject({ before: null, entries: ['mine'] });
    expect(told((await subject.invoke()).value).before).toBe('kept');
  });

  it('is not shared by instances that run at the same time', async () => {
    const subject = bench('temp.cjs', { scaling: { max: 2 } });
    const held = await subject.pool.acquire();
    await subject.invoke({ write: 'of the second' });
    if ('run' in held) subject.pool.release(held);
    const reads = await Promise.all([1, 2].map(async () => told((await subject.invoke()).value)));
    expect(new Set(reads.map(({ folder }) => folder)).size).toBe(2);
  });

  it('survives a timeout', async () => {
    const subject = bench('temp.cjs', { timeoutMs: 1_000 });
    expect((await subject.invoke({ write: 'before the timeout', then: 'hang' })).result).toMatchObject({
      kind: 'timeout',
    });
    const next = await subject.invoke({ write: 'again', then: 'hang' });
    expect(next.result).toMatchObject({ kind: 'timeout' });
    expect(told((await subject.invoke()).value).before).toBe('again');
  });

  it('does not survive an exit, a reload or being idle for long', async () => {
    const clock = new VirtualClock();
    const subject = bench('temp.cjs', { clock, scaling: { idleMs: 60_000 } });
    const folders = new Set<string>();
    const isNew = async (): Promise<void> => {
      const { before, folder } = told((await subject.invoke({ write: 'old' })).value);
      expect([before, folders.has(folder)]).toEqual([null, false]);
      folders.add(folder);
    };
    await isNew();
    expect((await subject.invoke({ then: 'exit' })).result).toMatchObject({ kind: 'exit' });
    await isNew();
    await subject.pool.reload();
    await isNew();
    await clock.advance(61_000);
    await subject.until(() => subject.pids().length === 0);
    await isNew();
    const [, ...gone] = [...folders].toReversed();
    await subject.until(() => !gone.some((folder) => existsSync(folder)));
  });

  it('may have its size; who makes it larger is ended, and told why', async () => {
    const subject = bench('temp.cjs', { function: { tmpMb: 8 } });
    expect((await subject.invoke({ mb: 7, then: undefined })).result).toMatchObject({ ok: true });
    const invoked = await subject.invoke({ mb: 20, then: 'hang' });
    expect(invoked.result).toMatchObject({ kind: 'exit', type: 'Runtime.ExitError' });
    expect(messageOf(invoked)).toMatch(
      /^RequestId: \S+ Error: ENOSPC: no space left on device, \d+ MB in the temporary folder of 8 MB$/,
    );
    expect(invoked.lines.at(-1)).toMatch(
      /^\[faultline\] killed: \d+ MB in the temporary folder of 8 MB; on Lambda writes to it would fail$/,
    );
    expect(told((await subject.invoke()).value).entries).toEqual([]);
  });
});
