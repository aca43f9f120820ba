import type { Clock } from '../clock.js';

/**
 * The functions' time: what retries, ages and schedules are told by. It begins with the run, at the time of the clock, and
 * passes `scale` times as fast: time = start + (now − start) × scale. What lies before the start passed at its own pace.
 */
export class ScaledTime {
  readonly #start: number;

  /** @param scale 60: an hour passes in a minute; above 0 */
  constructor(
    private readonly clock: Clock,
    readonly scale: number,
  ) {
    this.#start = clock.now();
  }

  /** Epoch ms of the functions' time. */
  now(): number {
    return this.at(this.clock.now());
  }

  /** The functions' time when the clock showed `real`. */
  at(real: number): number {
    return real <= this.#start ? real : this.#start + (real - this.#start) * this.scale;
  }

  /** What the clock shows when the functions' time is `time`. */
  clockAt(time: number): number {
    return time <= this.#start ? time : this.#start + (time - this.#start) / this.scale;
  }

  /** How much of the functions' time has passed since the clock showed `real`, ms. */
  since(real: number): number {
    return this.now() - this.at(real);
  }

  /** How long `ms` of the functions' time take, in whole ms of the clock. */
  wait(ms: number): number {
    return Math.ceil(ms / this.scale);
  }
}
