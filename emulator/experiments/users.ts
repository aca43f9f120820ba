import type { Clock } from '../clock.js';
import type { Requests } from './requests.js';
import { durationOf, levelAt, type Shape } from './shape.js';

/** How often the number of users is looked at while it grows or shrinks, in ms. */
const STEP_MS = 50;
/** A gateway that is gone refuses at once; nobody would ask it again in the same moment. In ms. */
const AFTER_NO_ANSWER_MS = 10;

/**
 * Closed-loop load: so many users, each of whom sends, waits for the answer, thinks, and sends again. Latency counts from when
 * a request is sent: a system that stalls is asked less, as by people who wait. Use a rate to see what a stall costs.
 */
export class Users {
  private readonly startedAt: number;
  private readonly endsAt: number;
  private readonly active = new Map<number, Promise<void>>();
  /** Ends what each that waits is waiting for. */
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly clock: Clock,
    private readonly shape: Shape,
    private readonly requests: Requests,
    private readonly signal: AbortSignal,
  ) {
    this.startedAt = clock.monotonic();
    this.endsAt = this.startedAt + durationOf(shape);
  }

  /** Resolves when every user has had the last answer. */
  async run(): Promise<void> {
    const steady = this.shape.segments.every(({ from, to }) => from === to);
    do {
      for (let user = 0; user < this.wanted; user++) if (!this.active.has(user)) this.begin(user);
      if (steady && this.shape.segments.length === 1) break;
      await this.wait(STEP_MS);
    } while (!this.over);
    while (this.active.size > 0) await Promise.all(this.active.values());
  }

  /** Nobody asks again. */
  readonly stop = (): void => {
    for (const end of this.waiting) end();
  };

  private get wanted(): number {
    return this.over ? 0 : Math.round(levelAt(this.shape, this.clock.monotonic() - this.startedAt));
  }

  private get over(): boolean {
    return this.signal.aborted || this.clock.monotonic() >= this.endsAt;
  }

  private begin(user: number): void {
    this.active.set(
      user,
      this.ask(user).finally(() => this.active.delete(user)),
    );
  }

  private async ask(user: number): Promise<void> {
    while (user < this.wanted) {
      const sample = await this.requests.send(this.clock.monotonic());
      const pause = Math.max(this.shape.thinkMs, sample?.status === 'no answer' ? AFTER_NO_ANSWER_MS : 0);
      if (pause > 0) await this.wait(Math.min(pause, this.endsAt - this.clock.monotonic()));
    }
  }

  /** Not by the signal: Node takes more than ten listeners on one for a leak, and there are more users. */
  private wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.signal.aborted) return resolve();
      const end = (): void => {
        timer.cancel();
        this.waiting.delete(end);
        resolve();
      };
      const timer = this.clock.after(ms, end);
      this.waiting.add(end);
    });
  }
}
