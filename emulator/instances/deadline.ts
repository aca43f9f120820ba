import type { Clock, Timer } from '../clock.js';

/**
 * A deadline that is moved far more often than it is met: one timer serves all moves. It is not cancelled when the
 * deadline is cleared or moved back; it looks again when it fires. A timer of its own for every invocation would be a
 * cost on the hot path that next to none needs.
 */
export class Deadline {
  private dueAt = Infinity;
  private timer: Timer | undefined;
  private timerAt = Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly onDue: () => void,
  ) {}

  get isSet(): boolean {
    return this.dueAt !== Infinity;
  }

  /** @param ms from now */
  set(ms: number): void {
    this.dueAt = this.clock.monotonic() + ms;
    if (this.timerAt <= this.dueAt) return;
    this.timer?.cancel();
    this.schedule();
  }

  /** Keeps the earlier of what is set and `ms` from now. */
  setEarlier(ms: number): void {
    if (this.clock.monotonic() + ms < this.dueAt) this.set(ms);
  }

  clear(): void {
    this.dueAt = Infinity;
  }

  dispose(): void {
    this.clear();
    this.timer?.cancel();
    this.timer = undefined;
    this.timerAt = Infinity;
  }

  private schedule(): void {
    this.timerAt = this.dueAt;
    this.timer = this.clock.after(this.dueAt - this.clock.monotonic(), () => {
      this.timer = undefined;
      this.timerAt = Infinity;
      if (this.dueAt === Infinity) return;
      // Timers have whole milliseconds and may fire a fraction of one early.
      if (this.clock.monotonic() < this.dueAt - 1) return this.schedule();
      this.dueAt = Infinity;
      this.onDue();
    });
  }
}
