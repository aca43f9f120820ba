import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Backoff } from './backoff.js';
import { Deadline } from './deadline.js';
import { Dedicated, type DedicatedHost, type Wanted } from './dedicated.js';
import { Growth } from './growth.js';
import { IdleSet } from './idle-set.js';
import type { InitKind } from './init-phase.js';
import { ProcessInstance, type InstanceEvents, type StartFailure } from './instance.js';
import { AccountLimits, type Gate } from './limits.js';
import { Loader, type LoaderHost, type Version } from './loader.js';
import { initEnded, initFailed, throttled, toldFailure } from './outcomes.js';
import type { PoolOptions } from './pool-options.js';
import { Roster } from './roster.js';
import { runtimes } from './runtimes/index.js';
import { Sampler, type SampleSource } from './sampler.js';
import { Starter } from './starter.js';
import type { AcquireFailure, AcquireOptions, Instance, InstanceControl, Pool, PoolSnapshot } from './types.js';
import { WaitQueue } from './wait-queue.js';

export type { PoolOptions } from './pool-options.js';

/** Lambda's defaults. */
const ACCOUNT = { concurrency: 1_000, scaleOut: 1_000 } as const;
const STOPPED: AcquireFailure = initFailed('ServiceException', 'The emulator is stopping.');
let poolCount = 0;

/** @returns the instances of one function; they start on demand, or at once up to `scaling.min` */
export function createPool(options: PoolOptions): Pool {
  return new FunctionPool(options);
}

/*
 * An invocation's way to an instance:
 *
 *   acquire ── gate (429) ──┬── one is idle: provisioned ones first ───────────────┐
 *                           └── queue ── start ── ready ───────────────────────────┼── run ── release
 *                                 ▲        └── failed ── second try ── ready ──────┘
 *                                 │                          └── failed: told to all who wait, when nothing else is live
 *                                 └── who waits for long makes the demand, up to which is started in the background
 */
class FunctionPool implements Pool, SampleSource {
  private readonly roster = new Roster();
  /** Those that have been initialised ahead: taken first, and kept. */
  private readonly provisioned: IdleSet;
  private readonly idle: IdleSet;
  private readonly queue: WaitQueue;
  private readonly gate: Gate;
  private readonly growth: Growth;
  private readonly backoff: Backoff;
  private readonly retry: Deadline;
  private readonly sampler: Sampler;
  private readonly starter: Starter;
  private readonly loader: Loader;
  private readonly dedicated: Dedicated;
  private readonly folder: string;
  private coldStarts = 0;
  private draining = false;
  private closed = false;
  /** The source on disk does not load, and it is the source itself that runs: nothing more can be started. */
  private frozen = false;
  private whenQuiet: (() => void)[] = [];
  private whenGone: (() => void)[] = [];

  constructor(private readonly options: PoolOptions) {
    const { clock, function: fn, hooks } = options;
    this.folder = path.join(options.buildDir, `${fn.name}-${++poolCount}`);
    this.gate = (options.limits ?? new AccountLimits(clock, ACCOUNT, [fn])).gate(fn);
    this.queue = new WaitQueue(
      clock,
      () => this.growth.waitMs(this.loader.busy),
      () => this.gate.leave(),
    );
    this.growth = new Growth(
      fn,
      clock,
      this.roster,
      this.queue,
      () => this.grow(),
      () => this.dedicated.active,
    );
    this.backoff = new Backoff(clock);
    this.retry = new Deadline(clock, () => this.grow());
    this.provisioned = new IdleSet(clock, Infinity, () => undefined);
    this.idle = new IdleSet(clock, fn.scaling.idleMs, (instances) => this.stopIdle(instances));
    this.sampler = options.sampler ?? new Sampler(clock);
    this.sampler.add(this);
    this.starter = new Starter(options, this.instanceEvents());
    this.loader = new Loader(runtimes[fn.runtime], { ...options, buildDir: this.folder }, clock, {
      startCandidate: (version) => this.startCandidate(version),
      switched: (candidate) => this.switched(candidate),
      failed: (failure) => this.loadFailed(failure),
      changed: () => hooks.changed(),
    });
    this.dedicated = new Dedicated(this.dedicatedHost());
    if (fn.scaling.min > 0 || fn.provisioned > 0) this.loader.load();
  }

  acquire(options?: AcquireOptions): Instance | Promise<Instance | AcquireFailure> {
    const refused = this.gate.enter();
    if (refused) return Promise.resolve(refused);
    const wanted = options && this.wanted(options);
    if (wanted) return this.acquireOwn(wanted);
    if (this.provisioned.size > 0) return this.take(this.provisioned);
    if (this.idle.size > 0) return this.take(this.idle);
    const failure = this.unavailable();
    if (failure) {
      this.gate.leave();
      return Promise.resolve(failure);
    }
    const waiting = this.queue.wait();
    this.growth.demand.watch();
    this.grow();
    this.options.hooks.changed();
    return waiting;
  }

  release(instance: Instance): void {
    if (!(instance instanceof ProcessInstance)) return;
    if (instance.lingers(() => this.release(instance))) return;
    this.gate.leave();
    instance.pending = 0;
    if (instance.state !== 'busy') return this.settled();
    const serves = instance.code === this.loader.current && !this.roster.isCandidate(instance);
    if (serves && !this.mustGo()) this.give(instance);
    else instance.stop();
    this.options.hooks.changed();
    this.settled();
  }

  async reload(): Promise<{ version: number }> {
    this.backoff.reset();
    return this.loader.reload();
  }

  inputs(): readonly string[] | undefined {
    return this.loader.knownInputs();
  }

  controls(): readonly InstanceControl[] {
    return this.roster.all;
  }

  snapshot(): PoolSnapshot {
    const { problem } = this.loader;
    return {
      version: this.loader.version,
      queued: this.queue.size,
      instances: this.roster.all.map((instance) => instance.snapshot()),
      coldStarts: this.coldStarts,
      ...(problem === undefined ? {} : { problem: { ...problem, lastGoodServes: this.lastGoodServes() } }),
    };
  }

  async drain(): Promise<void> {
    this.draining = true;
    if (!this.quiet()) await new Promise<void>((resolve) => this.whenQuiet.push(resolve));
    await this.close((instance) => instance.stop());
  }

  async kill(): Promise<void> {
    await this.close((instance) => instance.kill('Runtime exited with error: signal: killed'));
  }

  /** For the sampler. */
  processes(): readonly ProcessInstance[] {
    return this.roster.all;
  }

  /** The sampler has looked. */
  sampled(): void {
    this.options.hooks.changed();
  }

  private async close(end: (instance: ProcessInstance) => void): Promise<void> {
    this.closed = true;
    this.loader.close();
    this.queue.failAll(STOPPED);
    this.dedicated.fail(STOPPED);
    this.sampler.remove(this);
    for (const each of [this.queue, this.retry, this.idle, this.growth.demand]) each.dispose();
    for (const instance of this.roster.all) end(instance);
    if (this.roster.all.length > 0) await new Promise<void>((resolve) => this.whenGone.push(resolve));
    this.settled();
    await this.starter.dispose();
    await rm(this.folder, { recursive: true, force: true });
  }

  private quiet(): boolean {
    return this.closed || (this.queue.size === 0 && this.dedicated.size === 0 && !this.roster.working);
  }

  private settled(): void {
    if (!this.draining || !this.quiet()) return;
    for (const resolve of this.whenQuiet.splice(0)) resolve();
  }

  /** Where there is nothing to debug with, an instance that serves will do. */
  private wanted({ debug, start }: AcquireOptions): Wanted | undefined {
    if (debug && runtimes[this.options.function.runtime].debugger) return { debug };
    return start && { start };
  }

  private async acquireOwn(wanted: Wanted): Promise<Instance | AcquireFailure> {
    const tooFast = 'start' in wanted && !this.gate.mayStart(this.dedicated.queued + 1);
    const refused = this.closed ? STOPPED : tooFast ? throttled('scaleOut') : undefined;
    const reached = refused ?? (await this.dedicated.acquire(wanted));
    if (!('run' in reached)) this.gate.leave();
    this.settled();
    return reached;
  }

  private dedicatedHost(): DedicatedHost {
    return {
      clock: this.options.clock,
      current: () => this.loader.current,
      load: () => this.loader.load(),
      start: (version, wanted) => {
        if ('debug' in wanted) return this.beginApart(this.starter.startDebugged(version));
        this.gate.started();
        return this.beginApart(this.starter.start(version, 'init', wanted.start));
      },
      startAgain: (failed, effect, log) =>
        this.closed ? undefined : this.beginApart(this.starter.startAgain(failed.code, failed, log, effect)),
      reserve: (instance, wanted) => {
        if (instance.code === this.loader.current && !this.frozen) this.loader.proved();
        if ('debug' in wanted) instance.forgetInit();
        else this.coldStarts++;
        this.reserve(instance);
        this.options.hooks.changed();
      },
      gaveUp: (failure) => {
        if (this.roster.live === 0 && !this.loader.problem) this.loader.report(failure);
      },
      room: () => this.makeRoom(),
      waitMs: () => this.growth.waitMs(this.loader.busy),
    };
  }

  private beginApart(instance: ProcessInstance): ProcessInstance {
    void this.roster.candidate(instance);
    this.begin(instance);
    return instance;
  }

  /** For one that starts apart, by its claim already one too many: an idle one goes. */
  private makeRoom(): boolean {
    if (!this.growth.fits) this.idle.spare?.stop();
    return this.growth.fits;
  }

  /** Whether an instance that is free is to make room, since somebody who wants to start one has waited for longer. */
  private mustGo(): boolean {
    const { waitsSince } = this.dedicated;
    return waitsSince !== Infinity && waitsSince <= this.queue.waitsSince && this.growth.full;
  }

  /** There may be room: first for who has waited longer. */
  private refill(): void {
    const apart = this.dedicated.waitsSince <= this.queue.waitsSince;
    if (apart) this.dedicated.serve();
    this.grow();
    if (!apart) this.dedicated.serve();
  }

  private take(from: IdleSet): ProcessInstance {
    const instance = from.take(this.options.policy);
    this.reserve(instance);
    this.options.hooks.changed();
    return instance;
  }

  private reserve(instance: ProcessInstance): void {
    instance.state = 'busy';
    instance.pending = 1;
    instance.wake();
    this.sampler.hurry();
  }

  /** To whoever waits longest, else among the idle ones. @param cold it has just started */
  private give(instance: ProcessInstance, cold = false): void {
    this.reserve(instance);
    if (this.queue.serve(instance)) {
      if (cold && instance.kind !== 'provisioned') this.coldStarts++;
      return;
    }
    instance.state = 'idle';
    instance.pending = 0;
    instance.forgetInit();
    (instance.kind === 'provisioned' ? this.provisioned : this.idle).add(instance);
    instance.rest();
  }

  /** Why no instance can be waited for. */
  private unavailable(): AcquireFailure | undefined {
    if (this.closed) return STOPPED;
    if (this.roster.live === 0 && this.backoff.failure) return this.backoff.failure;
    return this.gate.mayStart(this.growth.missing) ? undefined : throttled('scaleOut');
  }

  /** Starts what those who wait need, and what is always to be kept; what is starting already counts. */
  private grow(): void {
    if (this.closed || this.growth.next(this.draining) === undefined) return;
    const { current } = this.loader;
    if (!current) return this.backoff.remainingMs > 0 ? this.retry.set(this.backoff.remainingMs) : this.loader.load();
    if (this.frozen && this.roster.live > 0) return;
    for (let kind = this.growth.next(this.draining); kind; kind = this.growth.next(this.draining)) {
      const { remainingMs } = this.backoff;
      if (remainingMs > 0) return this.retry.set(remainingMs);
      this.begin((kind === 'init' ? this.startForInvocation(current) : undefined) ?? this.starter.start(current, kind));
    }
  }

  /** Whoever waits may have to do with an environment that was reset; a new one is what the scale-out rate counts. */
  private startForInvocation(version: Version): ProcessInstance | undefined {
    if (!this.growth.wanting) return undefined;
    const restarted = this.starter.restart(version);
    if (!restarted) this.gate.started();
    return restarted;
  }

  private begin(instance: ProcessInstance): void {
    this.roster.add(instance);
    this.sampler.hurry();
    this.options.hooks.changed();
  }

  private instanceEvents(): InstanceEvents {
    return {
      ready: (instance) => this.onReady(instance),
      failed: (instance, failure) => this.onFailed(instance, failure),
      spent: (instance, unexpected) => this.onSpent(instance, unexpected),
      gone: (instance) => this.onGone(instance),
      changed: () => this.options.hooks.changed(),
      log: (event) => this.options.hooks.log(event),
    };
  }

  private onReady(instance: ProcessInstance): void {
    if (this.dedicated.ready(instance) || this.roster.tell(instance, 'ready')) return;
    this.backoff.reset();
    if (!this.frozen) this.loader.proved();
    this.give(instance, true);
    this.grow();
    this.options.hooks.changed();
    this.settled();
  }

  /** Lambda tries an init once more, within the invocation that waits for it; only then has that one failed. */
  private onFailed(instance: ProcessInstance, failure: StartFailure): void {
    if (this.roster.tell(instance, failure)) {
      if (this.dedicated.failed(instance, failure)) this.refill();
      return;
    }
    const { current } = this.loader;
    const final = instance.kind !== 'init' || this.queue.size === 0;
    if (final || !current || this.frozen || this.closed) return this.startFailed(failure, instance.kind);
    if (this.roster.live === 0 && !this.loader.problem) this.loader.report(failure);
    this.begin(this.starter.startAgain(current, instance, failure.log));
  }

  /**
   * A second try was somebody's: the longest waiting one is told. With no other instance to hope for, all are; otherwise
   * they wait for those.
   */
  private startFailed(failed: StartFailure, kind?: InitKind): void {
    const told = toldFailure(failed);
    this.backoff.fail(failed.failure);
    if (kind === 'invoke') this.queue.failFirst(told);
    if (this.roster.live === 0) {
      if (!this.loader.problem) this.loader.report(failed);
      this.queue.failAll(told);
    }
    this.options.hooks.changed();
    this.settled();
    this.grow();
  }

  private onSpent(instance: ProcessInstance, unexpected: boolean): void {
    this.idle.remove(instance);
    this.provisioned.remove(instance);
    const candidate = this.roster.tell(instance, 'killed');
    // What was an invocation's own goes with it: nothing takes its place.
    const own = this.dedicated.spent(instance);
    if (!own) this.starter.spent(instance);
    if (!own && (unexpected || instance.broken)) this.growth.demand.lose();
    this.options.hooks.changed();
    if (this.closed) return;
    // One that dies before it has served anybody would be started over and over to keep the minimum.
    if (unexpected && instance.served === 0 && !candidate) {
      this.startFailed({ failure: initEnded('Runtime.ExitError', 'The instance ended before its first invocation.') });
    } else this.refill();
  }

  private onGone(instance: ProcessInstance): void {
    this.roster.remove(instance);
    this.starter.gone(instance);
    instance.code.ended();
    this.options.hooks.changed();
    if (this.roster.all.length === 0) for (const resolve of this.whenGone.splice(0)) resolve();
  }

  private startCandidate(version: Version): ReturnType<LoaderHost['startCandidate']> {
    const instance = this.starter.start(version, this.options.function.provisioned > 0 ? 'provisioned' : 'init');
    const outcome = this.roster.candidate(instance);
    this.begin(instance);
    return { instance, outcome };
  }

  /** Idle instances of the old version stop, busy ones finish first; nobody who waits is sent away. */
  private switched(candidate: ProcessInstance | undefined): void {
    this.frozen = false;
    this.backoff.reset();
    this.growth.demand.limit(0);
    this.starter.forget();
    // First, so that no other one is started in its place while the old ones end.
    if (candidate) {
      this.roster.promote(candidate);
      this.give(candidate, true);
    }
    for (const instance of this.roster.all) {
      if (instance === candidate || this.roster.isCandidate(instance)) continue;
      if (instance.state === 'idle') instance.stop();
      else if (instance.state === 'starting') instance.kill();
    }
    this.dedicated.serve();
    this.grow();
    this.options.hooks.changed();
  }

  private loadFailed(failure: StartFailure): void {
    this.loader.report(failure);
    if (!this.loader.current) this.dedicated.fail(failure.failure);
    this.frozen = this.loader.current?.proven === true && this.loader.current.build.inPlace;
    if (!this.lastGoodServes()) this.startFailed(failure);
  }

  private lastGoodServes(): boolean {
    const { current } = this.loader;
    return current?.proven === true && (!current.build.inPlace || this.roster.live > 0);
  }

  /** Not while something does not load: what serves then could not be started again. */
  private stopIdle(instances: readonly ProcessInstance[]): void {
    if (this.loader.problem) return;
    const spare = this.roster.live - this.options.function.scaling.min;
    const free = instances.filter(({ held }) => !held);
    for (const instance of free.slice(0, Math.max(0, spare))) instance.stop();
    this.growth.demand.limit(this.roster.live);
  }
}
