import type { Clock, Timer } from '../clock.js';
import type { Requests } from './requests.js';
import { dueTime, plannedRequests, type Shape } from './shape.js';

/**
 * Open-loop load: the nth request is due when the rate has added up to n, whether the ones before it have been answered or
 * not, and its latency counts from when it was due. A system that stalls is therefore charged for every request that a real
 * client would have sent meanwhile (coordinated omission: Gil Tene, "How NOT to Measure Latency").
 */
export class Arrivals {
  private readonly total: number;
  private readonly startedAt: number;
  private readonly sent: Promise<unknown>[] = [];
  private timer: Timer | undefined;
  private allSent: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly shape: Shape,
    private readonly requests: Requests,
    private readonly signal: AbortSignal,
  ) {
    this.total = plannedRequests(shape) ?? 0;
    this.startedAt = clock.monotonic();
  }

  /** Resolves when every request has settled. */
  async run(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.allSent = resolve;
      this.sendDue();
    });
    await Promise.all(this.sent);
  }

  /** No more arrivals. */
  readonly stop = (): void => {
    this.timer?.cancel();
    this.allSent();
  };

  private readonly sendDue = (): void => {
    // A late timer sends everything that has become due: the plan is kept, not the distance between requests.
    let next = this.nextDue;
    while (!this.signal.aborted && this.sent.length < this.total && next <= this.clock.monotonic()) {
      this.sent.push(this.requests.send(next));
      next = this.nextDue;
    }
    if (this.signal.aborted || this.sent.length === this.total) return this.allSent();
    this.timer = this.clock.after(next - this.clock.monotonic(), this.sendDue);
  };

  private get nextDue(): number {
    return this.startedAt + dueTime(this.shape, this.sent.length);
  }
}
