import os from 'node:os';
import type { Clock } from '../clock.js';
import type { FunctionConfig } from '../contract/config.js';
import { Demand } from './demand.js';
import { INIT_LIMIT_MS, type InitKind } from './init-phase.js';
import { ownLoad } from './own-load.js';
import type { Roster } from './roster.js';
import type { WaitQueue } from './wait-queue.js';

/**
 * Instances of one function that start at the same time. Lambda starts one per waiting request; on a laptop ten starts at
 * once make each of them ten times as long, and whoever waits is served sooner by the first that is ready.
 */
export const STARTS_AT_ONCE = Math.max(4, os.availableParallelism());

/** How long to wait for an instance beyond what its start may take, in ms: to be told why it failed. */
const START_SLACK_MS = 1_000;
/** How long to wait for an instance that somebody debugs, in ms. */
const DEBUGGED_WAIT_MS = 86_400_000;

/** How many instances a pool is to have, by what it is configured to keep and by what waits. */
export class Growth {
  readonly demand: Demand;

  /**
   * @param grown more instances are wanted than before
   * @param apart instances beside those of the roster that count against the maximum
   */
  constructor(
    private readonly fn: FunctionConfig,
    clock: Clock,
    private readonly roster: Roster,
    private readonly queue: WaitQueue,
    grown: () => void,
    private readonly apart: () => number = () => 0,
  ) {
    const atWork = ownLoad();
    const source = {
      busy: () => roster.count('busy'),
      serving: () => roster.count('busy') + roster.count('idle') > 0,
      loaded: () => atWork() || roster.count('starting') > 0,
      waited: queue,
    };
    this.demand = new Demand(clock, fn.scaling.idleMs, source, grown);
  }

  /** What is to be started next, if anything. @param draining nothing is kept any more */
  next(draining: boolean): InitKind | undefined {
    const { scaling, provisioned } = this.fn;
    const { live } = this.roster;
    if (live >= this.max || this.roster.count('starting') >= STARTS_AT_ONCE) return undefined;
    if (!draining && this.roster.provisioned < provisioned) return 'provisioned';
    // The first ones start at once. Whether there is work for more is told by how long it waits for them.
    if (this.wanting && live < STARTS_AT_ONCE) return 'init';
    return live < Math.max(draining ? 0 : scaling.min, this.demand.wanted) ? 'init' : undefined;
  }

  /** More wait than instances start for them. */
  get wanting(): boolean {
    return this.queue.size > this.roster.starting;
  }

  /** Instances that would have to start if one more waited, on Lambda; none where our own maximum makes it wait. */
  get missing(): number {
    const { live, starting } = this.roster;
    return Math.max(0, Math.min(this.queue.size + 1 - starting, this.max - live));
  }

  /** Whether there are no more instances than may be, those apart included; provisioned ones are beside them. */
  get fits(): boolean {
    return this.roster.live - this.roster.provisioned <= this.max;
  }

  /** There are as many instances as may be. */
  get full(): boolean {
    return this.roster.live - this.roster.provisioned >= this.max;
  }

  /** How long an invocation may wait, in ms: as long as it may run, and for a start and its second try. */
  waitMs(loading: boolean): number {
    const { timeoutMs, coldStartMs } = this.fn;
    if (this.roster.held) return DEBUGGED_WAIT_MS;
    if (this.roster.starting === 0 && !loading) return timeoutMs;
    return INIT_LIMIT_MS + coldStartMs + timeoutMs + START_SLACK_MS;
  }

  /** With `debug: true` one at a time, so that breakpoints are set in the one that serves. */
  private get max(): number {
    return this.limit - this.apart();
  }

  private get limit(): number {
    return this.fn.debug ? 1 : this.fn.scaling.max;
  }
}
