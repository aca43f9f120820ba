import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import { seededRng } from '../../rng.js';
import { cutAfter, endingLate, sliced, throttled, type Pace, type Stage } from './shaping.js';

const bytesOf = (length: number, from = 0): Buffer => Buffer.from(Array.from({ length }, (_, i) => (i + from) % 251));

/** What comes out of stages and when, of chunks that are there at once; `end` after the last. */
function through(chunks: readonly Buffer[], ...make: ((pace: Pace) => Stage)[]) {
  const clock = new VirtualClock();
  const lift = new AbortController();
  const trail: string[] = [];
  const out: Buffer[] = [];
  async function* source(): AsyncIterable<Buffer> {
    await Promise.resolve();
    yield* chunks;
  }
  const staged = make.reduce<AsyncIterable<Buffer>>(
    (input, stage) => stage({ clock, lifted: lift.signal })(input),
    source(),
  );
  const ended = (async () => {
    for await (const chunk of staged) {
      out.push(chunk);
      trail.push(`${String(Math.round(clock.monotonic()))}: ${String(chunk.length)}`);
    }
    trail.push(`${String(Math.round(clock.monotonic()))}: end`);
  })();
  return { clock, lift, trail, ended, bytes: () => Buffer.concat(out) };
}

describe('a throttled line', () => {
  it('passes on a tenth of a second at a time', async () => {
    const { clock, trail } = through([bytesOf(250)], (pace) => throttled(1, pace));
    await clock.advance(1_000);
    expect(trail).toEqual(['100: 100', '200: 100', '250: 50', '250: end']);
  });

  it('takes as long for many small chunks as for a large one', async () => {
    const chunks = Array.from({ length: 125 }, () => bytesOf(2));
    const { clock, trail } = through(chunks, (pace) => throttled(0.5, pace));
    await clock.advance(10_000);
    expect(trail.at(-1)).toBe('500: end');
  });

  it('lets go of what it holds when it is lifted', async () => {
    const { clock, lift, trail, bytes } = through([bytesOf(5_000)], (pace) => throttled(1, pace));
    await clock.advance(250);
    lift.abort();
    await clock.advance(0);
    expect(trail).toEqual(['100: 100', '200: 100', '250: 100', '250: 4700', '250: end']);
    expect(bytes()).toEqual(bytesOf(5_000));
    expect(clock.pending).toBe(0);
  });
});

describe('a sliced line', () => {
  it('makes pieces of about a size, one after the other', async () => {
    const slices = { averageSize: 100, sizeVariation: 20, delayMs: 5 };
    const draws = [0.5, 0, 0.999, 0.5];
    const { clock, trail } = through([bytesOf(300)], (pace) => sliced(slices, (n) => draws[n] ?? 0.5, pace));
    await clock.advance(100);
    expect(trail).toEqual(['0: 100', '5: 80', '10: 120', '10: end']);
  });

  it('lets go of what it holds when it is lifted', async () => {
    const slices = { averageSize: 10, sizeVariation: 0, delayMs: 1_000 };
    const { clock, lift, trail } = through([bytesOf(100)], (pace) => sliced(slices, () => 0.5, pace));
    await clock.advance(1_500);
    lift.abort();
    await clock.advance(0);
    expect(trail).toEqual(['0: 10', '1000: 10', '1500: 10', '1500: 70', '1500: end']);
  });
});

describe('a line that is cut', () => {
  const cutting = (bytes: number, delayMs: number, trail: string[]) => (pace: Pace) =>
    cutAfter({ bytes, delayMs, end: () => void trail.push(`${String(pace.clock.monotonic())} cut`) }, pace);

  it('passes on so many bytes and ends, with the last of them', async () => {
    for (const chunks of [[bytesOf(100)], [bytesOf(60), bytesOf(40, 60)], [bytesOf(99), bytesOf(500, 99)]]) {
      const cuts: string[] = [];
      const { clock, ended, bytes } = through(chunks, cutting(100, 0, cuts));
      await clock.advance(10);
      await ended;
      expect(bytes()).toEqual(bytesOf(100));
      expect(cuts).toEqual(['0 cut']);
    }
  });

  it('leaves a message alone that is shorter', async () => {
    const cuts: string[] = [];
    const { ended, bytes } = through([bytesOf(99)], cutting(100, 0, cuts));
    await ended;
    expect(bytes()).toHaveLength(99);
    expect(cuts).toEqual([]);
  });

  it('can cut before the first byte, and stall before it cuts', async () => {
    const cuts: string[] = [];
    const { clock, bytes } = through([bytesOf(10)], cutting(0, 700, cuts));
    await clock.advance(1_000);
    expect(bytes()).toHaveLength(0);
    expect(cuts).toEqual(['700 cut']);
  });

  it('goes on as if nothing had been when it is lifted while it stalls', async () => {
    const cuts: string[] = [];
    const { clock, lift, ended, bytes } = through([bytesOf(30), bytesOf(30, 30)], cutting(10, 60_000, cuts));
    await clock.advance(100);
    expect(bytes()).toHaveLength(10);
    lift.abort();
    await ended;
    expect(bytes()).toEqual(bytesOf(60));
    expect(cuts).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('can end late only', async () => {
    const late: number[] = [];
    const { clock, trail } = through([bytesOf(30)], (pace) => endingLate(400, () => late.push(1), pace));
    await clock.advance(1_000);
    expect(trail).toEqual(['0: 30', '400: end']);
    expect(late).toHaveLength(1);
  });
});

describe('whatever the stages', () => {
  it('bytes arrive unaltered, in order and all of them', async () => {
    const rng = seededRng('whatever');
    const between = (least: number, most: number): number => least + Math.floor(rng.next() * (most - least + 1));
    for (let round = 0; round < 100; round++) {
      const total = between(0, 3_000);
      const chunks: Buffer[] = [];
      for (let at = 0; at < total;) {
        const chunk = bytesOf(between(1, 400), at).subarray(0, total - at);
        chunks.push(chunk);
        at += chunk.length;
      }
      const stages = Array.from({ length: between(1, 4) }, () => {
        const [averageSize, rate, delayMs] = [between(5, 300), between(1, 40) / 4, between(0, 20)];
        const slices = { averageSize, sizeVariation: between(0, averageSize - 1), delayMs };
        const all: ((pace: Pace) => Stage)[] = [
          (pace) => throttled(rate, pace),
          (pace) => sliced(slices, () => rng.next(), pace),
          (pace) => endingLate(delayMs, () => undefined, pace),
          (pace) => cutAfter({ bytes: total + 1, delayMs, end: () => expect.unreachable() }, pace),
        ];
        return all[between(0, 3)] as (pace: Pace) => Stage;
      });
      const { clock, lift, trail, ended, bytes } = through(chunks, ...stages);
      await clock.advance(between(0, 2_000));
      if (round % 2 === 0) lift.abort();
      let over = false;
      void ended.then(() => (over = true));
      // A chain of stages takes more rounds than the clock leaves to promises.
      while (!over) {
        await clock.advance(1_000);
        await new Promise(setImmediate);
      }
      expect(trail.at(-1)).toMatch(/end$/);
      expect(bytes().equals(bytesOf(total))).toBe(true);
      expect(clock.pending).toBe(0);
    }
  });
});
