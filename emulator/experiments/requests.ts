import type { Clock } from '../clock.js';
import type { Answer, Sample, Send } from './types.js';

/** The requests of a load: each is timed, and given up in time, so that a hang cannot hang the run. */
export class Requests {
  readonly #waiting = new Set<() => void>();
  #count = 0;

  /**
   * @param safetyMs ms after which a request without an answer is given up
   * @param signal ends it early; what is in flight then is cut, and counts as nothing
   */
  constructor(
    private readonly clock: Clock,
    private readonly safetyMs: number,
    private readonly to: Send,
    private readonly signal: AbortSignal,
    private readonly settled: (sample: Sample) => void,
  ) {}

  /**
   * @param dueAt what its latency counts from, monotonic ms
   * @returns undefined when it was cut
   */
  async send(dueAt: number): Promise<Sample | undefined> {
    const own = new AbortController();
    let giveUp: () => void = () => undefined;
    const givenUp = new Promise<Answer>((resolve) => {
      giveUp = () => {
        own.abort();
        resolve({ status: 'no answer' });
      };
    });
    this.#waiting.add(giveUp);
    const timer = this.clock.after(this.safetyMs, giveUp);
    const answering = this.to(own.signal, this.#count++);
    // What was asked may itself have been what ended the run.
    if (this.signal.aborted) giveUp();
    const answer = await Promise.race([answering, givenUp]);
    timer.cancel();
    this.#waiting.delete(giveUp);
    if (this.signal.aborted && own.signal.aborted) return undefined;
    const sample = { ...answer, dueAt, latencyMs: Math.max(0, this.clock.monotonic() - dueAt) };
    this.settled(sample);
    return sample;
  }

  /** Ends all that are on their way. */
  cut(): void {
    for (const giveUp of this.#waiting) giveUp();
  }
}
