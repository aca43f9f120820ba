import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { delay } from '../clock.js';
import { sendLoad } from './send-load.js';
import { plannedRequests, type Shape } from './shape.js';

const never = new AbortController().signal;
const at = (rate: number, ms: number): Shape => ({
  kind: 'open',
  segments: [{ from: rate, to: rate, ms }],
  thinkMs: 0,
});
const load = { shape: at(10, 1_000), safetyMs: 60_000 };

describe('sendLoad', () => {
  it('sends at the planned times, also while the ones before have no answer', async () => {
    const clock = new VirtualClock();
    const starts: number[] = [];
    const sent = sendLoad(
      clock,
      load,
      async () => {
        starts.push(clock.monotonic());
        await delay(clock, 5_000);
        return { status: 200 };
      },
      never,
    );
    await clock.advance(1_000);
    expect(starts).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
    await clock.advance(5_000);
    expect((await sent).map((sample) => sample.latencyMs)).toEqual(new Array(10).fill(5_000));
  });

  it('counts latency from when a request was due: a stalled client is charged for all that it held back', async () => {
    const clock = new VirtualClock();
    // Timers that fire 450 ms late, as when the machine was busy: four requests start late.
    const late = { ...clockOf(clock), after: (ms: number, f: () => void) => clock.after(ms + 450, f) };
    const sent = sendLoad(late, { ...load, shape: at(10, 500) }, async () => ({ status: 200 }), never);
    await clock.advance(2_000);
    expect((await sent).map((sample) => Math.round(sample.latencyMs))).toEqual([0, 450, 350, 250, 150]);
  });

  it('waits for the last answer before it resolves', async () => {
    const clock = new VirtualClock();
    let settled = false;
    const sent = sendLoad(clock, load, () => delay(clock, 300).then(() => ({ status: 200 })), never);
    void sent.then(() => (settled = true));
    await clock.advance(1_100);
    expect(settled).toBe(false);
    await clock.advance(100);
    expect(settled).toBe(true);
  });

  it('gives a hanging request up, so that it cannot hang the run', async () => {
    const clock = new VirtualClock();
    let aborted = 0;
    const probe = (signal: AbortSignal): Promise<never> =>
      new Promise(() => signal.addEventListener('abort', () => aborted++));
    const sent = sendLoad(clock, { shape: at(1, 1_000), safetyMs: 13_000 }, probe, never);
    await clock.advance(13_000);
    expect(await sent).toEqual([{ dueAt: 0, status: 'no answer', latencyMs: 13_000 }]);
    expect(aborted).toBe(1);
  });

  it('ends at once when aborted: no more arrivals, what is in flight is cut and counts as nothing, no timer stays', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    let calls = 0;
    const sent = sendLoad(clock, load, () => (calls++, new Promise<never>(() => undefined)), stop.signal);
    await clock.advance(250);
    stop.abort();
    expect(await sent).toEqual([]);
    await clock.advance(60_000);
    expect(calls).toBe(3);
    expect(clock.pending).toBe(0);
  });

  it.each([
    [{ rate: 10, durationMs: 2_000 }, 20],
    [{ rate: 0.1, durationMs: 1_000 }, 1],
    [{ rate: 3, durationMs: 1_500 }, 5],
    [{ rate: 50, durationMs: 0 }, 1],
  ])('%j is %i requests', (planned, requests) => {
    expect(plannedRequests(at(planned.rate, planned.durationMs))).toBe(requests);
  });
});

function clockOf(clock: VirtualClock) {
  return { now: () => clock.now(), monotonic: () => clock.monotonic() };
}
