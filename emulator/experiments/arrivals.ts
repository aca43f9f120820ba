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
  const arrivals = new Arrivals(clock, load, probe, signal);
  // One listener for all requests: Node takes more than ten on one signal for a leak.
  signal.addEventListener('abort', arrivals.abort);
  try {
    return await arrivals.run();
  } finally {
    signal.removeEventListener('abort', arrivals.abort);
  }
}

class Arrivals {
  private readonly total: number;
  private readonly startedAt: number;
  private readonly sent: Promise<Sample>[] = [];
  private readonly waiting = new Set<() => void>();
  private timer: Timer | undefined;
  private allSent: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly load: Load,
    private readonly probe: Probe,
    private readonly signal: AbortSignal,
  ) {
    this.total = plannedRequests(load);
    this.startedAt = clock.monotonic();
  }

  async run(): Promise<Sample[]> {
    await new Promise<void>((resolve) => {
      this.allSent = resolve;
      this.sendDue();
    });
    return Promise.all(this.sent);
  }

  readonly abort = (): void => {
    this.timer?.cancel();
    for (const giveUp of this.waiting) giveUp();
    this.allSent();
  };

  private readonly sendDue = (): void => {
    // A late timer sends everything that has become due: the plan is kept, not the distance between requests.
    while (!this.signal.aborted && this.sent.length < this.total && this.nextDue <= this.clock.monotonic())
      this.sent.push(this.send(this.nextDue));
    if (this.signal.aborted || this.sent.length === this.total) return this.allSent();
    this.timer = this.clock.after(this.nextDue - this.clock.monotonic(), this.sendDue);
  };

  private get nextDue(): number {
    return this.startedAt + (this.sent.length * 1_000) / this.load.rate;
  }

  /** One request, given up after `safetyMs` so that a hang cannot hang the run. */
  private async send(dueAt: number): Promise<Sample> {
    const own = new AbortController();
    let giveUp: () => void = () => undefined;
    const givenUp = new Promise<Answer>((resolve) => {
      giveUp = () => {
        own.abort();
        resolve({ status: 'no answer' });
      };
    });
    this.waiting.add(giveUp);
    const timer = this.clock.after(this.load.safetyMs, giveUp);
    const answering = this.probe(own.signal);
    // The probe itself may have been what ended the run.
    if (this.signal.aborted) giveUp();
    const answer = await Promise.race([answering, givenUp]);
    timer.cancel();
    this.waiting.delete(giveUp);
    return { ...answer, dueAt, latencyMs: Math.max(0, this.clock.monotonic() - dueAt) };
  }
}
