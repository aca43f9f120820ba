import type { Clock, Timer } from '../clock.js';
import { isFailure } from './figures.js';
import type { Progress, Sample } from './types.js';

type Tick = Extract<Progress, { type: 'tick' }>;

/** Tells once a second how far a load is. */
export class Ticks {
  #requests = 0;
  #failed = 0;
  #timer: Timer | undefined;
  readonly #startedAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly phase: Tick['phase'],
    private readonly durationMs: number,
    private readonly onProgress: (event: Tick) => void,
  ) {
    this.#startedAt = clock.monotonic();
    this.#next();
  }

  saw(sample: Sample): void {
    this.#requests++;
    if (isFailure(sample)) this.#failed++;
  }

  dispose(): void {
    this.#timer?.cancel();
  }

  #next(): void {
    this.#timer = this.clock.after(1_000, () => {
      const elapsedMs = this.clock.monotonic() - this.#startedAt;
      const { phase, durationMs } = this;
      this.onProgress({ type: 'tick', phase, requests: this.#requests, failed: this.#failed, elapsedMs, durationMs });
      this.#next();
    });
  }
}
