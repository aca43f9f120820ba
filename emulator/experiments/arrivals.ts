import type { Clock, Timer } from '../clock.js';
import type { Answer, Probe, Sample } from './types.js';

/**
 * Open-loop load at a constant rate: the nth request is due n/rate after the start, whether the ones before it have been
 * answered or not, and its latency counts from when it was due. A system that stalls is therefore charged for every
 * request that a real client would have sent meanwhile (coordinated omission: Gil Tene, "How NOT to Measure Latency").
 */

export interface Load {
  /** Requests per second. */
  readonly rate: number;
  /** ms over which requests are due. */
  readonly durationMs: number;
  /** ms after which a request without an answer is given up. */
  readonly safetyMs: number;
}

/** How many requests a load sends; at least one. */
export function plannedRequests({ rate, durationMs }: Pick<Load, 'rate' | 'durationMs'>): number {
  return Math.max(1, Math.round((rate * durationMs) / 1_000));
}

/**
 * Sends the load and waits until every request has settled.
 * @param signal ends it early: no more arrivals, requests in flight are aborted
 * @returns the samples in the order in which they were due
 */
export async function sendLoad(clock: Clock, load: Load, probe: Probe, signal: AbortSignal): Promise<Sample[]> {
  const total = plannedRequests(load);
  const startedAt = clock.monotonic();
  const inFlight: Promise<Sample>[] = [];
  await new Promise<void>((resolve) => {
    let timer: Timer | undefined;
    const done = (): void => {
      timer?.cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done, { once: true });
    const dueAt = (n: number): number => startedAt + (n * 1_000) / load.rate;
    const next = (): void => {
      if (signal.aborted) return done();
      // A late timer sends everything that has become due: the plan is kept, not the distance between requests.
      while (inFlight.length < total && dueAt(inFlight.length) <= clock.monotonic()) {
        inFlight.push(sendOne(clock, load.safetyMs, probe, dueAt(inFlight.length), signal));
      }
      if (inFlight.length === total) return done();
      timer = clock.after(dueAt(inFlight.length) - clock.monotonic(), next);
    };
    next();
  });
  return Promise.all(inFlight);
}

/** One request, given up after `safetyMs` so that a hang cannot hang the run. */
async function sendOne(
  clock: Clock,
  safetyMs: number,
  probe: Probe,
  dueAt: number,
  signal: AbortSignal,
): Promise<Sample> {
  const own = new AbortController();
  let giveUp: () => void = () => undefined;
  const given = new Promise<Answer>((resolve) => {
    giveUp = () => {
      own.abort();
      resolve({ status: 'no answer' });
    };
  });
  const timer = clock.after(safetyMs, giveUp);
  signal.addEventListener('abort', giveUp, { once: true });
  const answer = await Promise.race([probe(own.signal), given]);
  timer.cancel();
  signal.removeEventListener('abort', giveUp);
  return { ...answer, latencyMs: Math.max(0, clock.monotonic() - dueAt) };
}
