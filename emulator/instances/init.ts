import type { Clock, Timer } from '../clock.js';
import type { FunctionConfig } from '../contract/config.js';
import { initDelayMs, initLimitMs, initReport, type InitKind, type InitOutcome } from './init-phase.js';
import { initEnded, timeoutMessage } from './outcomes.js';
import { StartDelay } from './start-delay.js';
import type { AcquireFailure, StartEffect } from './types.js';

/** Lines of a start that are kept for the invocation that it fails. */
const MAX_LINES = 200;

/** The init of one instance: how long it takes and may take, and what is printed meanwhile. */
export class Init {
  /** Told once, to the invocation that waited for it: none of a second try, which is part of that one [R]. */
  initMs: number | undefined;
  usedMs = 0;
  private readonly bornAt: number;
  private limit: Timer | undefined;
  private delay: StartDelay | undefined;
  private lines: string[];

  /**
   * @param firstTry lines of the first try, when this is the second
   * @param late called when it takes too long
   * @param effect what a fault does to it
   */
  constructor(
    readonly kind: InitKind,
    private readonly fn: FunctionConfig,
    private readonly clock: Clock,
    firstTry: readonly string[],
    private readonly late: () => void,
    private readonly effect?: StartEffect,
  ) {
    this.bornAt = clock.monotonic();
    this.lines = [...firstTry];
  }

  /** ms since the start. */
  get ms(): number {
    return this.clock.monotonic() - this.bornAt;
  }

  /** What has been printed and reported. */
  get log(): readonly string[] {
    return this.lines;
  }

  /** The platform's line about it. */
  report(outcome: InitOutcome): string {
    return initReport(this.kind, this.ms, outcome);
  }

  /** Its time begins, or begins anew. */
  begin(): void {
    // Loaded: only the delay is left.
    if (this.delay) return;
    this.limit?.cancel();
    this.limit = this.clock.after(initLimitMs(this.kind, this.fn.timeoutMs), this.late);
  }

  print(line: string): void {
    if (this.lines.length < MAX_LINES) this.lines.push(line);
  }

  /** The handler is loaded. @param done called when the delay of its cold start has passed as well */
  loaded(done: () => void): void {
    this.limit?.cancel();
    const { delays = [], delayMs = 0 } = (this.kind === 'invoke' ? undefined : this.effect) ?? {};
    const fixedMs = initDelayMs(this.kind, this.fn) + (delays.length > 0 ? 0 : delayMs);
    if (fixedMs > 0 || delays.length > 0) this.delay = new StartDelay(this.clock, fixedMs, delays, done);
    else done();
  }

  /** It has succeeded. */
  done(): void {
    this.lines = [];
    if (this.kind === 'init') this.initMs = this.ms;
    if (this.kind === 'invoke') this.usedMs = this.ms;
  }

  /** Nobody waited for it, or whoever did has been told. */
  forget(): void {
    this.initMs = undefined;
    this.usedMs = 0;
  }

  cancel(): void {
    this.limit?.cancel();
    this.delay?.cancel();
  }

  /** What an init that took too long has failed with. */
  overdue(): AcquireFailure {
    const { timeoutMs } = this.fn;
    if (this.kind === 'invoke') return initEnded('Sandbox.Timedout', timeoutMessage(timeoutMs), 'timeout');
    const seconds = (initLimitMs(this.kind, timeoutMs) / 1_000).toFixed(2);
    return initEnded('Sandbox.Timedout', `Init timed out after ${seconds} seconds`);
  }
}
