import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { delay } from '../clock.js';
import { loadSchema } from '../contract/load.js';
import { sendLoad } from './send-load.js';
import { shapeOf } from './shape.js';
import type { Sample, Send } from './types.js';

const never = new AbortController().signal;

function begin(clock: VirtualClock, load: unknown, ms: number, signal = never) {
  const times: number[] = [];
  let inFlight = 0;
  let most = 0;
  const to: Send = async () => {
    times.push(clock.monotonic());
    most = Math.max(most, ++inFlight);
    await delay(clock, ms);
    inFlight--;
    return { status: 200 };
  };
  const planned = { shape: shapeOf(loadSchema.parse(load)), safetyMs: 60_000 };
  const done = sendLoad(clock, planned, to, signal);
  return { times, done, most: () => most };
}

describe('users', () => {
  it('each send, wait for the answer, think, and send again', async () => {
    const clock = new VirtualClock();
    const { times, done, most } = begin(clock, { users: 2, think: '150ms', for: '1s' }, 100);
    await clock.advance(2_000);
    const samples: Sample[] = await done;
    expect(times).toEqual([0, 0, 250, 250, 500, 500, 750, 750]);
    expect(samples.map(({ latencyMs }) => latencyMs)).toEqual(new Array(8).fill(100));
    expect(most()).toBe(2);
    expect(clock.pending).toBe(0);
  });

  it('ask less of a system that stalls, and wait for the last answers', async () => {
    const clock = new VirtualClock();
    const { times, done } = begin(clock, { users: 3, for: '1s' }, 900);
    await clock.advance(1_700);
    expect(times).toEqual([0, 0, 0, 900, 900, 900]);
    await clock.advance(100);
    expect(await done).toHaveLength(6);
  });

  it('come and go in stages', async () => {
    const clock = new VirtualClock();
    const load = {
      users: 1,
      stages: [
        { users: 5, for: '2s' },
        { users: 1, for: '2s' },
      ],
    };
    const { times, done, most } = begin(clock, load, 100);
    await clock.advance(5_000);
    await done;
    const within = (from: number): number => times.filter((at) => at >= from && at < from + 500).length;
    expect(most()).toBe(5);
    expect(within(0)).toBeLessThan(within(1_750));
    expect(within(3_500)).toBeLessThan(within(1_750));
    expect(times.at(-1)).toBeLessThan(4_000);
    expect(clock.pending).toBe(0);
  });

  it('do not ask a gateway that is gone in a tight circle', async () => {
    const clock = new VirtualClock();
    let asked = 0;
    const to: Send = async () => (asked++, { status: 'no answer' });
    const done = sendLoad(clock, { shape: shapeOf(loadSchema.parse({ users: 1, for: '1s' })), safetyMs: 9 }, to, never);
    await clock.advance(1_000);
    await done;
    expect(asked).toBe(100);
  });

  it('end at once when aborted, and leave no timer', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const { done } = begin(clock, { users: 20, think: '1s', for: '60s' }, 100, stop.signal);
    await clock.advance(500);
    stop.abort();
    expect(await done).toHaveLength(20);
    expect(clock.pending).toBe(0);
  });
});
