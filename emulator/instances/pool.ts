import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Clock } from '../clock.js';
import type { Policy } from '../balancing/types.js';
import type { FunctionConfig } from '../contract/config.js';
import { Backoff } from './backoff.js';
import { Deadline } from './deadline.js';
import { lambdaEnvironment } from './environment.js';
import { IdleSet } from './idle-set.js';
import { INIT_LIMIT_MS, ProcessInstance, type InstanceEvents, type StartFailure } from './instance.js';
import { Loader, type LoaderHost, type Version } from './loader.js';
import { initFailed } from './outcomes.js';
import type { Reaper } from './reaper.js';
import { runtimes } from './runtimes/index.js';
import { Sampler } from './sampler.js';
import type { AcquireFailure, Instance, Pool, PoolHooks, PoolSnapshot } from './types.js';
import { WaitQueue } from './wait-queue.js';

export interface PoolOptions {
  readonly function: FunctionConfig;
  /** The function's variables, resolved. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the emulator itself serves what SDKs call: variables of every instance, below the function's own. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Absolute folder of the workspace: the working directory of every instance, as /var/task is on Lambda. */
  readonly root: string;
  readonly clock: Clock;
  readonly hooks: PoolHooks;
  readonly policy: Policy;
  readonly nodePath: string;
  readonly pythonPath: string;
  /** Folder of the bootstraps. */
  readonly runtimesDir: string;
  /** Where esbuild is when it is not installed beside the emulator. */
  readonly vendorDir?: string;
  readonly reaper: Reaper;
  /** Folder of the emulator's bundles; the pool uses one of its own below it. */
  readonly buildDir: string;
  readonly newInstanceId: () => string;
}

/**
 * Instances of one function that start at the same time. Lambda starts one per waiting request; on a laptop ten starts at
 * once make each of them ten times as long, and whoever waits is served sooner by the first that is ready.
 */
export const STARTS_AT_ONCE = Math.max(4, os.availableParallelism());

const STOPPED: AcquireFailure = initFailed('ServiceException', 'The emulator is stopping.');
/** How long to wait for an instance that is starting: a little longer than it may take, to be told why it failed. */
const START_WAIT_MS = INIT_LIMIT_MS + 1_000;
let poolCount = 0;

/** @returns the instances of one function; they start on demand, or at once up to `scaling.min` */
export function createPool(options: PoolOptions): Pool {
  return new FunctionPool(options);
}

class FunctionPool implements Pool {
  /** All whose process is not gone yet, in order of start. */
  private instances: ProcessInstance[] = [];
  private readonly idle: IdleSet;
  /** Instances of a version that does not serve yet, and who waits to hear of them. */
  private readonly candidates = new Map<ProcessInstance, (outcome: 'ready' | 'killed' | StartFailure) => void>();
  private readonly queue: WaitQueue;
  private readonly backoff: Backoff;
  private readonly retry: Deadline;
  private readonly sampler: Sampler;
  private readonly loader: Loader;
  private readonly folder: string;
  private started = 0;
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
    this.queue = new WaitQueue(clock, () =>
      this.count('starting') > 0 || this.loader.busy ? Math.max(fn.timeoutMs, START_WAIT_MS) : fn.timeoutMs,
    );
    this.backoff = new Backoff(clock);
    this.retry = new Deadline(clock, () => this.grow());
    this.idle = new IdleSet(clock, fn.scaling.idleMs, (instances) => this.stopIdle(instances));
    this.sampler = new Sampler(
      clock,
      () => this.instances,
      () => hooks.changed(),
    );
    this.loader = new Loader(runtimes[fn.runtime], { ...options, buildDir: this.folder }, clock, {
      startCandidate: (version) => this.startCandidate(version),
      switched: (candidate) => this.switched(candidate),
      failed: (failure) => this.loadFailed(failure),
      changed: () => hooks.changed(),
    });
    if (fn.scaling.min > 0) this.loader.load();
  }

  acquire(): Instance | Promise<Instance | AcquireFailure> {
    if (this.idle.size > 0) return this.take();
    if (this.closed) return Promise.resolve(STOPPED);
    const failure = this.live() === 0 ? this.backoff.failure : undefined;
    if (failure) return Promise.resolve(failure);
    const waiting = this.queue.wait();
    this.grow();
    this.options.hooks.changed();
    return waiting;
  }

  release(instance: Instance): void {
    if (!(instance instanceof ProcessInstance)) return;
    if (instance.lingers(() => this.release(instance))) return;
    instance.pending = 0;
    if (instance.state !== 'busy') return this.settled();
    if (instance.code === this.loader.current) this.give(instance);
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

  snapshot(): PoolSnapshot {
    const { problem } = this.loader;
    return {
      version: this.loader.version,
      queued: this.queue.size,
      instances: this.instances.map((instance) => instance.snapshot()),
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

  private async close(end: (instance: ProcessInstance) => void): Promise<void> {
    this.closed = true;
    this.loader.close();
    this.queue.failAll(STOPPED);
    for (const each of [this.queue, this.retry, this.idle, this.sampler]) each.dispose();
    for (const instance of [...this.instances]) end(instance);
    if (this.instances.length > 0) await new Promise<void>((resolve) => this.whenGone.push(resolve));
    this.settled();
    await rm(this.folder, { recursive: true, force: true });
  }

  private quiet(): boolean {
    return this.closed || (this.queue.size === 0 && !this.instances.some((instance) => instance.pending > 0));
  }

  private settled(): void {
    if (!this.draining || !this.quiet()) return;
    for (const resolve of this.whenQuiet.splice(0)) resolve();
  }

  private take(): ProcessInstance {
    const instance = this.idle.take(this.options.policy);
    this.reserve(instance);
    this.options.hooks.changed();
    return instance;
  }

  private reserve(instance: ProcessInstance): void {
    instance.state = 'busy';
    instance.pending = 1;
  }

  /** To whoever waits longest, else among the idle ones. @param cold it has just started */
  private give(instance: ProcessInstance, cold = false): void {
    this.reserve(instance);
    if (this.queue.serve(instance)) {
      if (cold) this.coldStarts++;
      return;
    }
    instance.state = 'idle';
    instance.pending = 0;
    instance.forgetInit();
    this.idle.add(instance);
  }

  private count(state: ProcessInstance['state']): number {
    let count = 0;
    for (const instance of this.instances) if (instance.state === state && !this.candidates.has(instance)) count++;
    return count;
  }

  /** Instances that serve or will. */
  private live(): number {
    return this.instances.length - this.count('stopping') - this.candidates.size;
  }

  /** Starts what those who wait need, and what is always to be kept; what is starting already counts. */
  private grow(): void {
    if (this.closed) return;
    const { current } = this.loader;
    const { min, max } = this.options.function.scaling;
    const wanted = (): boolean =>
      this.live() < max &&
      this.count('starting') < STARTS_AT_ONCE &&
      (this.queue.size > this.count('starting') || (this.live() < min && !this.draining));
    if (!wanted()) return;
    if (!current) return this.backoff.remainingMs > 0 ? this.retry.set(this.backoff.remainingMs) : this.loader.load();
    if (this.frozen && this.live() > 0) return;
    while (wanted()) {
      const { remainingMs } = this.backoff;
      if (remainingMs > 0) return this.retry.set(remainingMs);
      this.start(current);
    }
  }

  private start(version: Version): ProcessInstance {
    const { function: fn, clock, newInstanceId, environment, endpoints, root, reaper } = this.options;
    const id = newInstanceId();
    const now = clock.now();
    version.started();
    const instance = new ProcessInstance({
      id,
      code: version,
      order: this.started++,
      function: fn,
      cwd: root,
      env: lambdaEnvironment({
        function: fn,
        environment,
        endpoints,
        root,
        instanceId: id,
        now,
        inherited: process.env,
      }),
      clock,
      reaper,
      events: this.events,
    });
    this.instances.push(instance);
    this.sampler.wake();
    this.options.hooks.changed();
    return instance;
  }

  private readonly events: InstanceEvents = {
    ready: (instance) => this.onReady(instance),
    failed: (instance, failure) => this.onFailed(instance, failure),
    spent: (instance, unexpected) => this.onSpent(instance, unexpected),
    gone: (instance) => this.onGone(instance),
    log: (event) => this.options.hooks.log(event),
  };

  private onReady(instance: ProcessInstance): void {
    const candidate = this.candidates.get(instance);
    if (candidate) return candidate('ready');
    this.backoff.reset();
    if (!this.frozen) this.loader.proved();
    this.give(instance, true);
    this.grow();
    this.options.hooks.changed();
    this.settled();
  }

  private onFailed(instance: ProcessInstance, failure: StartFailure): void {
    const candidate = this.candidates.get(instance);
    if (candidate) {
      this.candidates.delete(instance);
      return candidate(failure);
    }
    this.startFailed(failure);
  }

  /** With no other instance to hope for, those who wait are told; otherwise they wait for those. */
  private startFailed(failure: StartFailure): void {
    this.backoff.fail(failure.failure);
    if (this.live() === 0) {
      if (!this.loader.problem) this.loader.report(failure);
      this.queue.failAll(failure.failure);
    }
    this.options.hooks.changed();
    this.settled();
    this.grow();
  }

  private onSpent(instance: ProcessInstance, unexpected: boolean): void {
    this.idle.remove(instance);
    const candidate = this.candidates.get(instance);
    this.candidates.delete(instance);
    candidate?.('killed');
    this.options.hooks.changed();
    if (this.closed) return;
    // One that dies before it has served anybody would be started over and over to keep the minimum.
    if (unexpected && instance.served === 0 && !candidate) {
      this.startFailed({ failure: initFailed('Runtime.ExitError', 'The instance ended before its first invocation.') });
    } else this.grow();
  }

  private onGone(instance: ProcessInstance): void {
    this.instances = this.instances.filter((each) => each !== instance);
    instance.code.ended();
    this.options.hooks.changed();
    if (this.instances.length === 0) for (const resolve of this.whenGone.splice(0)) resolve();
  }

  private startCandidate(version: Version): ReturnType<LoaderHost['startCandidate']> {
    const instance = this.start(version);
    const outcome = new Promise<'ready' | 'killed' | StartFailure>((resolve) => this.candidates.set(instance, resolve));
    return { instance, outcome };
  }

  /** Idle instances of the old version stop, busy ones finish first; nobody who waits is sent away. */
  private switched(candidate: ProcessInstance | undefined): void {
    this.frozen = false;
    this.backoff.reset();
    for (const instance of [...this.instances]) {
      if (instance === candidate || this.candidates.has(instance)) continue;
      if (instance.state === 'idle') instance.stop();
      else if (instance.state === 'starting') instance.kill();
    }
    if (candidate) {
      this.candidates.delete(candidate);
      this.give(candidate, true);
    }
    this.grow();
    this.options.hooks.changed();
  }

  private loadFailed(failure: StartFailure): void {
    this.loader.report(failure);
    this.frozen = this.loader.current?.proven === true && this.loader.current.build.inPlace;
    if (!this.lastGoodServes()) this.startFailed(failure);
  }

  private lastGoodServes(): boolean {
    const { current } = this.loader;
    return current?.proven === true && (!current.build.inPlace || this.live() > 0);
  }

  /** Not while something does not load: what serves then could not be started again. */
  private stopIdle(instances: readonly ProcessInstance[]): void {
    if (this.loader.problem) return;
    const spare = this.live() - this.options.function.scaling.min;
    for (const instance of instances.slice(0, Math.max(0, spare))) instance.stop();
  }
}
