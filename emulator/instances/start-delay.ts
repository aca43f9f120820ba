import type { Clock, Timer } from '../clock.js';
import type { StartDelay as Delay } from './types.js';

/** Holds up a start: as configured, and by faults, each of which lets go of its part when it ends. */
export class StartDelay {
  private readonly from: number;
  private timer: Timer | undefined;
  private readonly again = (): void => this.wait();

  /**
   * @param fixedMs ms in any case
   * @param done called once, in the same turn when there is nothing to wait for
   */
  constructor(
    private readonly clock: Clock,
    private readonly fixedMs: number,
    private readonly delays: readonly Delay[],
    private readonly done: () => void,
  ) {
    this.from = clock.monotonic();
    for (const { ended } of delays) ended.addEventListener('abort', this.again);
    this.wait();
  }

  cancel(): void {
    this.timer?.cancel();
    for (const { ended } of this.delays) ended.removeEventListener('abort', this.again);
  }

  private wait(): void {
    this.timer?.cancel();
    const wanted = this.delays.reduce((sum, { ms, ended }) => (ended.aborted ? sum : sum + ms), this.fixedMs);
    const left = wanted - (this.clock.monotonic() - this.from);
    if (left > 0) this.timer = this.clock.after(left, this.again);
    else this.end();
  }

  private end(): void {
    this.cancel();
    this.done();
  }
}
