import type { Clock } from '../clock.js';
import { Deadline } from './deadline.js';

/** Waiting is looked at this often, in ms; who is still there at the second look after has waited long. */
const LOOK_MS = 25;

/** What the pool tells of itself; asked only while somebody waits. */
export interface DemandSource {
  /** Invocations that run. */
  busy(): number;
  /** True while an instance has loaded: who waits then, waits because it is taken. */
  serving(): boolean;
  /** How many have ever begun to wait, and how many of them no longer do. */
  readonly waited: { readonly entered: number; readonly left: number };
}

/**
 * How many instances a function has had work for: the most that ran or had waited for more than 50 ms at one time. Lambda
 * has an instance for each of them; here they are started in the background, so that the next burst finds them. A function
 * so quick that nobody waits for long needs none.
 *
 * Waiting is measured in looks, not in time: when the emulator itself is held up, everybody seems to have waited.
 */
export class Demand {
  private readonly looks: Deadline;
  /** `entered` at the last look, and at the one before it. */
  private marks: readonly number[] = [];
  private current = 0;
  private previous = 0;
  private windowEnd = 0;

  /** @param windowMs how long the most is remembered, once to twice @param grown it has become more */
  constructor(
    private readonly clock: Clock,
    private readonly windowMs: number,
    private readonly source: DemandSource,
    private readonly grown: () => void,
  ) {
    this.looks = new Deadline(clock, () => this.look());
  }

  /** Instances that the recent past had work for. */
  get wanted(): number {
    this.roll();
    return Math.max(this.current, this.previous);
  }

  /** Somebody waits. */
  watch(): void {
    if (!this.looks.isSet) this.looks.set(LOOK_MS);
  }

  /** An instance has ended by its own fault: another one is started when it is asked for, not before. */
  lose(): void {
    this.limit(this.wanted - 1);
  }

  /** No more than so many are wanted. */
  limit(count: number): void {
    this.current = Math.max(0, Math.min(this.current, count));
    this.previous = Math.max(0, Math.min(this.previous, count));
  }

  dispose(): void {
    this.looks.dispose();
  }

  private look(): void {
    const { entered, left } = this.source.waited;
    if (entered === left) this.marks = [];
    else {
      if (this.source.serving()) this.count(entered, left);
      else this.marks = [];
      this.looks.set(LOOK_MS);
    }
  }

  private count(entered: number, left: number): void {
    const [last, before] = this.marks;
    this.marks = last === undefined ? [entered] : [entered, last];
    // First come, first served: of those who were there two looks ago, all that have not left wait still.
    if (before === undefined || before <= left) return;
    const wanted = this.source.busy() + before - left;
    const grown = wanted > this.wanted;
    this.current = Math.max(this.current, wanted);
    if (grown) this.grown();
  }

  private roll(): void {
    const now = this.clock.monotonic();
    if (now < this.windowEnd) return;
    this.previous = now < this.windowEnd + this.windowMs ? this.current : 0;
    this.current = 0;
    this.windowEnd = now + this.windowMs;
  }
}
