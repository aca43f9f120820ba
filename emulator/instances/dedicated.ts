import type { Clock, Timer } from '../clock.js';
import { STARTS_AT_ONCE } from './growth.js';
import type { ProcessInstance, StartFailure } from './instance.js';
import type { Version } from './loader.js';
import { initEnded, throttled, toldFailure } from './outcomes.js';
import type { AcquireFailure, Instance, StartEffect } from './types.js';

/** What an invocation wants an instance of its own for: to be debugged, or to start in a way that a fault has it start. */
export type Wanted = { readonly debug: true } | { readonly start: StartEffect };

/** What the pool does for its dedicated instances. */
export interface DedicatedHost {
  readonly clock: Clock;
  current(): Version | undefined;
  /** Gets a version that can be started; `serve` or `fail` is called then. */
  load(): void;
  start(version: Version, wanted: Wanted): ProcessInstance;
  /** The second try of an init, in the place of the first. @returns undefined when nothing is started any more */
  startAgain(failed: ProcessInstance, effect: StartEffect, log: readonly string[]): ProcessInstance | undefined;
  /** The instance is ready: it is the caller's until it is released, and ends then. */
  reserve(instance: ProcessInstance, wanted: Wanted): void;
  /** It did not start, by no doing of a fault. */
  gaveUp(failure: StartFailure): void;
  /** Whether `active` of them leave room for the others, who may have to make it. */
  room(): boolean;
  /** How long one may wait for room, in ms. */
  waitMs(): number;
}

interface Waiting {
  readonly wanted: Wanted;
  readonly resolve: (outcome: Instance | AcquireFailure) => void;
  /** clock.monotonic() when it began to wait. */
  readonly since: number;
  timer?: Timer;
  /** It has its instance, or knows why not. */
  told?: true;
}

/**
 * Instances for one invocation each: none of those that serve. One that is to be debugged starts also when there are enough.
 * One that a fault has start is an instance as any other: it takes room under `scaling.max`, few start at the same time, and
 * an init that fails is tried once more within the invocation.
 */
export class Dedicated {
  /** Those that faults have started and that have not ended. */
  active = 0;
  private waiting: Waiting[] = [];
  /** Whom an instance was started for; until it has ended. */
  private readonly owners = new Map<ProcessInstance, Waiting>();
  private starting = 0;
  private serving = false;

  constructor(private readonly host: DedicatedHost) {}

  /** Invocations that have no instance yet. */
  get size(): number {
    return this.waiting.length + this.starting;
  }

  /** Those for which none starts yet. */
  get queued(): number {
    return this.waiting.length;
  }

  /** clock.monotonic() since when somebody waits for room; Infinity when nobody does. */
  get waitsSince(): number {
    if (this.starting >= STARTS_AT_ONCE || !this.host.current()) return Infinity;
    return this.waiting.find(({ wanted }) => 'start' in wanted)?.since ?? Infinity;
  }

  acquire(wanted: Wanted): Promise<Instance | AcquireFailure> {
    const { clock } = this.host;
    return new Promise((resolve) => {
      const one: Waiting = { wanted, resolve, since: clock.monotonic() };
      if ('start' in wanted) one.timer = clock.after(this.host.waitMs(), () => this.tooLong(one));
      this.waiting.push(one);
      if (this.host.current()) this.serve();
      else this.host.load();
    });
  }

  /** There may be a version to start, or room. */
  serve(): void {
    const version = this.host.current();
    // Who makes room tells of it, too.
    if (!version || this.serving) return;
    this.serving = true;
    for (const one of [...this.waiting]) {
      if ('start' in one.wanted && !this.claim()) continue;
      this.forget(one);
      this.starting++;
      this.owners.set(this.host.start(version, one.wanted), one);
    }
    this.serving = false;
  }

  /** There is none, or no more. */
  fail(failure: AcquireFailure): void {
    for (const one of [...this.waiting]) {
      this.forget(one);
      one.resolve(failure);
    }
  }

  /** @returns false when the instance is not one of these, as the following do */
  ready(instance: ProcessInstance): boolean {
    const owner = this.owners.get(instance);
    if (!owner) return false;
    this.host.reserve(instance, owner.wanted);
    this.started(owner, instance);
    return true;
  }

  failed(instance: ProcessInstance, failure: StartFailure): boolean {
    const owner = this.owners.get(instance);
    if (!owner) return false;
    const { wanted } = owner;
    if ('debug' in wanted) return this.end(instance, owner, failure.failure);
    const { fail, delayMs } = wanted.start;
    const effect = fail?.tries === 1 || fail?.ended?.aborted ? { delayMs } : wanted.start;
    const again = instance.kind === 'init' ? this.host.startAgain(instance, effect, failure.log ?? []) : undefined;
    if (!again) {
      if (!fail) this.host.gaveUp(failure);
      return this.end(instance, owner, toldFailure(failure));
    }
    this.owners.delete(instance);
    this.owners.set(again, owner);
    return true;
  }

  /** It takes no more invocations. */
  spent(instance: ProcessInstance): boolean {
    const owner = this.owners.get(instance);
    if (!owner) return false;
    if (owner.told) return this.end(instance, owner);
    return this.end(instance, owner, initEnded('Runtime.ExitError', 'The instance was ended before it was ready.'));
  }

  private end(instance: ProcessInstance, owner: Waiting, failure?: AcquireFailure): true {
    this.owners.delete(instance);
    if ('start' in owner.wanted) this.active--;
    if (failure) this.started(owner, failure);
    return true;
  }

  private started(owner: Waiting, outcome: Instance | AcquireFailure): void {
    this.starting--;
    owner.told = true;
    owner.resolve(outcome);
    this.serve();
  }

  private claim(): boolean {
    if (this.starting >= STARTS_AT_ONCE) return false;
    this.active++;
    if (this.host.room()) return true;
    this.active--;
    return false;
  }

  private tooLong(one: Waiting): void {
    this.forget(one);
    one.resolve(throttled());
  }

  private forget(one: Waiting): void {
    one.timer?.cancel();
    this.waiting = this.waiting.filter((each) => each !== one);
  }
}
