import type { Clock, Timer } from '../clock.js';
import type { Check, Phase } from '../contract/experiment.js';
import { thresholdCheck, type ParsedThreshold } from './thresholds.js';
import type { Sample } from './types.js';

/** How often thresholds that end the run are looked at, in ms. */
const EVERY_MS = 250;

/**
 * Looks at thresholds with `abortOnFail` while a phase runs. One that does not hold, its `delayAbortEval` being over and at
 * least one request answered, aborts.
 */
export class AbortWatch {
  readonly #abort = new AbortController();
  readonly #samples: Sample[] = [];
  readonly #thresholds: readonly ParsedThreshold[];
  #timer: Timer | undefined;
  #failed: Check | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly phase: Phase,
    thresholds: readonly ParsedThreshold[],
    private readonly startedAt = clock.monotonic(),
  ) {
    this.#thresholds = thresholds.filter(({ abortOnFail }) => abortOnFail);
    if (this.#thresholds.length > 0) this.#next();
  }

  /** Aborted once a threshold does not hold. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** What ended the phase. */
  get failed(): Check | undefined {
    return this.#failed;
  }

  saw(sample: Sample): void {
    if (this.#thresholds.length > 0) this.#samples.push(sample);
  }

  dispose(): void {
    this.#timer?.cancel();
  }

  #next(): void {
    this.#timer = this.clock.after(EVERY_MS, () => {
      this.#failed = this.#look();
      if (this.#failed) this.#abort.abort();
      else this.#next();
    });
  }

  #look(): Check | undefined {
    if (this.#samples.length === 0) return undefined;
    const elapsed = this.clock.monotonic() - this.startedAt;
    return this.#thresholds
      .filter(({ delayAbortEval }) => elapsed >= delayAbortEval)
      .map((threshold) => thresholdCheck(threshold, this.phase, this.#samples, elapsed))
      .find(({ passed }) => !passed);
  }
}
