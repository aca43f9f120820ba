import { delay, type Clock } from '../../clock.js';

/*
 * What faults do to one direction of a connection: stages that take bytes as they come and pass them on later, in pieces, or
 * not at all. Each asks for the next bytes only when it has passed on those before, so that a sender feels what its receiver
 * feels and nothing piles up. Once a stage is lifted it passes on at once what it holds, and everything after.
 */

export type Direction = 'down' | 'up';

export type Stage = (input: AsyncIterable<Buffer>) => AsyncIterable<Buffer>;

/** What a stage waits by. */
export interface Pace {
  readonly clock: Clock;
  /** Aborted when the fault, the invocation or the connection ends. */
  readonly lifted: AbortSignal;
}

/** At most this much of a rate is passed on in one piece, ms, as Toxiproxy's bandwidth does [S]. */
const INTERVAL_MS = 100;

/**
 * A line of this rate: n bytes arrive n / rate after the line was free, however they were cut into pieces.
 * @param bytesPerMs above 0; the same number as KB/s with 1000 bytes to the KB
 */
export function throttled(bytesPerMs: number, { clock, lifted }: Pace): Stage {
  const most = Math.max(1, Math.floor(bytesPerMs * INTERVAL_MS));
  return async function* (input) {
    let free = clock.monotonic();
    for await (const chunk of input) {
      free = Math.max(free, clock.monotonic());
      for (const piece of pieces(chunk, () => (lifted.aborted ? Infinity : most))) {
        free += piece.length / bytesPerMs;
        await delay(clock, free - clock.monotonic(), lifted);
        yield piece;
      }
    }
  };
}

export interface Slices {
  /** Bytes. */
  readonly averageSize: number;
  /** Up to so many bytes more or less; a piece has at least one byte. */
  readonly sizeVariation: number;
  /** ms from one piece to the next. */
  readonly delayMs: number;
}

/** Small pieces, one at a time, as Toxiproxy's slicer makes them. @param draw in [0, 1), for the nth piece from 0 */
export function sliced(slices: Slices, draw: (piece: number) => number, { clock, lifted }: Pace): Stage {
  const { averageSize, sizeVariation, delayMs } = slices;
  return async function* (input) {
    let count = 0;
    let next = clock.monotonic();
    const size = (): number =>
      lifted.aborted ? Infinity : Math.max(1, Math.round(averageSize + (draw(count++) * 2 - 1) * sizeVariation));
    for await (const chunk of input) {
      for (const piece of pieces(chunk, size)) {
        const wait = next - clock.monotonic();
        if (wait > 0) await delay(clock, wait, lifted);
        yield piece;
        next = clock.monotonic() + delayMs;
      }
    }
  };
}

export interface Cut {
  /** That pass; 0: none. */
  readonly bytes: number;
  /** ms in which nothing passes any more, before the end. */
  readonly delayMs: number;
  /** Ends the connection; nothing is asked of the stage after it. */
  end(): void;
}

/** So many bytes, and then the end, as Toxiproxy's limit_data makes it: as soon as they have passed, not with the next byte. */
export function cutAfter({ bytes, delayMs, end }: Cut, { clock, lifted }: Pace): Stage {
  return async function* (input) {
    let left = bytes;
    for await (const chunk of input) {
      const passing = lifted.aborted ? chunk : chunk.subarray(0, left);
      if (passing.length > 0) yield passing;
      left -= passing.length;
      if (left > 0 || lifted.aborted) continue;
      if (delayMs > 0) await delay(clock, delayMs, lifted);
      // Lifted while it was held: it goes on as if nothing had been.
      if (!lifted.aborted) return end();
      if (passing.length < chunk.length) yield chunk.subarray(passing.length);
    }
  };
}

/** Everything, and its end so much later, as Toxiproxy's slow_close. @param late told when the end was held back */
export function endingLate(delayMs: number, late: () => void, { clock, lifted }: Pace): Stage {
  return async function* (input) {
    yield* input;
    if (lifted.aborted) return;
    late();
    await delay(clock, delayMs, lifted);
  };
}

function* pieces(chunk: Buffer, size: () => number): Iterable<Buffer> {
  for (let rest = chunk; rest.length > 0;) {
    const piece = rest.subarray(0, size());
    rest = rest.subarray(piece.length);
    yield piece;
  }
}
