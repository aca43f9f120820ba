import type { ProcessInstance } from './instance.js';
import type { Version } from './loader.js';
import { initEnded } from './outcomes.js';
import type { CandidateOutcome } from './roster.js';
import type { AcquireFailure, Instance } from './types.js';

/** What the pool does for its dedicated instances. */
export interface DedicatedHost {
  current(): Version | undefined;
  /** Gets a version that can be started; `serve` or `fail` is called then. */
  load(): void;
  start(version: Version): { readonly instance: ProcessInstance; readonly outcome: Promise<CandidateOutcome> };
  /** The instance is ready: it is the caller's until it is released, and ends then. */
  reserve(instance: ProcessInstance): void;
}

/** Instances for one invocation each, to be debugged: none of those that serve, and started also when there are enough. */
export class Dedicated {
  private waiting: ((outcome: Instance | AcquireFailure) => void)[] = [];
  private starting = 0;

  constructor(private readonly host: DedicatedHost) {}

  /** Invocations that wait for theirs. */
  get size(): number {
    return this.waiting.length + this.starting;
  }

  acquire(): Promise<Instance | AcquireFailure> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      if (this.host.current()) this.serve();
      else this.host.load();
    });
  }

  /** There is a version to start. */
  serve(): void {
    const version = this.host.current();
    if (!version) return;
    for (const resolve of this.waiting.splice(0)) void this.start(version).then(resolve);
  }

  /** There is none, or no more. */
  fail(failure: AcquireFailure): void {
    for (const resolve of this.waiting.splice(0)) resolve(failure);
  }

  private async start(version: Version): Promise<Instance | AcquireFailure> {
    this.starting++;
    const { instance, outcome } = this.host.start(version);
    const result = await outcome;
    this.starting--;
    if (result === 'killed') return initEnded('Runtime.ExitError', 'The instance was ended before it was ready.');
    if (result !== 'ready') return result.failure;
    this.host.reserve(instance);
    return instance;
  }
}
