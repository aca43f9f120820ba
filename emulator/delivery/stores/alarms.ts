import type { Clock, Timer } from '../../clock.js';

/** Waits until queues have something visible, by what was heard last: one timer, for the earliest. */
export class Alarms {
  private readonly due = new Map<string, number>();
  private timer: Timer | undefined;
  private timerAt = Infinity;

  /** @param rings called when a queue's time has come */
  constructor(
    private readonly clock: Clock,
    private readonly rings: (queue: string) => void,
  ) {}

  /** Rings for this queue in `ms` at the latest. */
  set(queue: string, ms: number): void {
    const at = this.clock.now() + ms;
    if (at >= (this.due.get(queue) ?? Infinity)) return;
    this.due.set(queue, at);
    if (at >= this.timerAt) return;
    this.timerAt = at;
    this.timer?.cancel();
    this.timer = this.clock.after(ms, () => this.ring());
  }

  close(): void {
    this.timer?.cancel();
    this.due.clear();
    this.timerAt = -Infinity;
  }

  private ring(): void {
    this.timerAt = Infinity;
    // Timers may be a fraction of a millisecond early.
    const before = this.clock.now() + 1;
    const queues = [...this.due].filter(([, at]) => at <= before).map(([queue]) => queue);
    for (const queue of queues) this.due.delete(queue);
    const rest = [...this.due].sort(([, a], [, b]) => a - b)[0];
    if (rest) {
      this.due.delete(rest[0]);
      this.set(rest[0], rest[1] - this.clock.now());
    }
    for (const queue of queues) this.rings(queue);
  }
}
