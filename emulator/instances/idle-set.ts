import type { Clock } from '../clock.js';
import type { Policy } from '../balancing/types.js';
import { Deadline } from './deadline.js';
import type { ProcessInstance } from './instance.js';

/** The instances that can take an invocation now, in order of start; tells when one has been idle for too long. */
export class IdleSet {
  private readonly instances: ProcessInstance[] = [];
  private readonly sweep: Deadline;

  /**
   * @param idleMs how long an instance may be idle
   * @param tooLong called with those that have been for at least that long; asked again later for those that stay
   */
  constructor(
    private readonly clock: Clock,
    private readonly idleMs: number,
    private readonly tooLong: (instances: readonly ProcessInstance[]) => void,
  ) {
    this.sweep = new Deadline(clock, () => this.look());
  }

  get size(): number {
    return this.instances.length;
  }

  /** Takes the one that the policy picks; the set must not be empty. */
  take(policy: Policy): ProcessInstance {
    const instance = policy.pick(this.instances);
    this.instances.splice(this.instances.indexOf(instance), 1);
    return instance;
  }

  add(instance: ProcessInstance): void {
    const { instances } = this;
    let at = instances.length;
    while (at > 0 && (instances[at - 1] as ProcessInstance).order > instance.order) at--;
    instances.splice(at, 0, instance);
    instance.idleSince = this.clock.monotonic();
    if (!this.sweep.isSet) this.sweep.set(this.idleMs);
  }

  remove(instance: ProcessInstance): void {
    const at = this.instances.indexOf(instance);
    if (at >= 0) this.instances.splice(at, 1);
  }

  /** One that could go: the longest started that nobody debugs. */
  get spare(): ProcessInstance | undefined {
    return this.instances.find(({ held }) => !held);
  }

  dispose(): void {
    this.sweep.dispose();
  }

  private look(): void {
    // Timers may be a fraction of a millisecond early.
    const before = this.clock.monotonic() - this.idleMs + 1;
    this.tooLong(this.instances.filter(({ idleSince }) => idleSince <= before));
    if (this.instances.length === 0) return;
    const next = Math.min(...this.instances.map(({ idleSince }) => idleSince)) + this.idleMs - this.clock.monotonic();
    this.sweep.set(Math.max(next, this.idleMs / 10, 10));
  }
}
