import type { Clock } from '../clock.js';
import { Deadline } from './deadline.js';

/** Waiting is looked at this often, in ms. */
const LOOK_MS = 25;
/** Who is still there this many looks later has waited long. */
const LONG = 2;
/** The same while instances start or the emulator is at its limit: then it is not for instances that one waits. */
const LONG_UNDER_LOAD = 40;

/** What the pool tells of itself; asked only while somebody waits. */
export interface DemandSource {
  /** Invocations that run. */
  busy(): number;
  /** True while an instance has loaded: who waits then, waits because it is taken. */
  serving(): boolean;
  /** True while instances start or the emulator is at its limit: everything takes longer then. */
  loaded(): boolean;
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
  /** Who had entered and left at the last looks, the newest first. */
  private marks: { readonly entered: number; readonly left: number }[] = [];
  /** The most that ran and waited since nobody waited. */
  private most = 0;
  /** Looks since the machine was last busy with other things. */
  private quiet = 0;
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
    if (entered === left) {
      this.marks = [];
      this.most = 0;
      return;
    }
    const busy = this.source.busy();
    this.most = Math.max(this.most, busy + entered - left);
    if (this.source.serving()) this.count(busy, entered, left);
    else this.marks = [];
    this.looks.set(LOOK_MS);
  }

  private count(busy: number, entered: number, left: number): void {
    this.quiet = this.source.loaded() ? 0 : this.quiet + 1;
    const recent = this.marks[LONG - 1];
    // Where nobody at all has been served, it is not for the machine that they wait.
    const stuck = recent?.left === left;
    const mark = stuck || this.quiet > LONG ? recent : this.marks[LONG_UNDER_LOAD - 1];
    this.marks = [{ entered, left }, ...this.marks].slice(0, LONG_UNDER_LOAD);
    // First come, first served: of those who were there so long ago, all that have not left wait still.
    if (mark === undefined || mark.entered <= left) return;
    const still = mark.entered - left;
    // When most of them do, invocations are slow: then everybody who came would have had an instance on Lambda.
    const wanted = 2 * still >= mark.entered - mark.left ? this.most : busy + still;
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
