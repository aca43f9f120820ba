import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { StartDelay } from './start-delay.js';

function subject(fixedMs: number, ...delays: number[]) {
  const clock = new VirtualClock();
  const faults = delays.map(() => new AbortController());
  const done: number[] = [];
  const parts = delays.map((ms, i) => ({ ms, ended: (faults[i] as AbortController).signal }));
  const delay = new StartDelay(clock, fixedMs, parts, () => done.push(clock.monotonic()));
  return { clock, faults, done, delay };
}

describe('the delay of a start', () => {
  it('is what is configured, and what faults add', async () => {
    const { clock, done } = subject(100, 200, 300);
    await clock.advance(1_000);
    expect([done, clock.pending]).toEqual([[600], 0]);
  });

  it('is nothing at once', () => {
    expect(subject(0).done).toEqual([0]);
  });

  it('is let go of by each fault that ends', async () => {
    const { clock, faults, done } = subject(100, 200, 300);
    await clock.advance(50);
    faults[1]?.abort();
    await clock.advance(200);
    expect(done).toEqual([]);
    faults[0]?.abort();
    expect([done, clock.pending]).toEqual([[250], 0]);
    await clock.advance(1_000);
    expect(done).toEqual([250]);
  });

  it('of an instance that is gone never ends', async () => {
    const { clock, faults, done, delay } = subject(100, 200);
    delay.cancel();
    faults[0]?.abort();
    await clock.advance(1_000);
    expect([done, clock.pending]).toEqual([[], 0]);
  });
});
