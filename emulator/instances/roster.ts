import type { InstanceState } from '../contract/snapshot.js';
import type { ProcessInstance, StartFailure } from './instance.js';

/** How the first instance of a version that does not serve yet did. */
export type CandidateOutcome = 'ready' | 'killed' | StartFailure;

/** The instances of a pool whose process is not gone yet. There are few: they are counted when it is asked how many. */
export class Roster {
  /** In order of start. */
  all: readonly ProcessInstance[] = [];
  /** Instances of a version that does not serve yet, and who waits to hear of them. */
  private readonly candidates = new Map<ProcessInstance, (outcome: CandidateOutcome) => void>();

  add(instance: ProcessInstance): void {
    this.all = [...this.all, instance];
  }

  remove(instance: ProcessInstance): void {
    this.all = this.all.filter((each) => each !== instance);
  }

  /** The instance is the first of a version that does not serve yet. @returns how it does */
  candidate(instance: ProcessInstance): Promise<CandidateOutcome> {
    return new Promise((resolve) => this.candidates.set(instance, resolve));
  }

  isCandidate(instance: ProcessInstance): boolean {
    return this.candidates.has(instance);
  }

  /** Tells who waits to hear of it. @returns false when it is no candidate */
  tell(instance: ProcessInstance, outcome: CandidateOutcome): boolean {
    const tell = this.candidates.get(instance);
    // A ready one stays a candidate until it serves.
    if (outcome !== 'ready') this.candidates.delete(instance);
    tell?.(outcome);
    return tell !== undefined;
  }

  /** Its version serves. */
  promote(instance: ProcessInstance): void {
    this.candidates.delete(instance);
  }

  count(state: InstanceState): number {
    return this.countIf((instance) => instance.state === state);
  }

  /** Instances that serve or will. */
  get live(): number {
    return this.countIf(({ state }) => state !== 'stopping');
  }

  /** Those that have been initialised ahead, or will be. */
  get provisioned(): number {
    return this.countIf(({ state, kind }) => state !== 'stopping' && kind === 'provisioned');
  }

  /** Those that start for who waits; what is provisioned takes its time. */
  get starting(): number {
    return this.countIf(({ state, kind }) => state === 'starting' && kind !== 'provisioned');
  }

  /** True while an invocation runs. */
  get working(): boolean {
    return this.all.some(({ pending }) => pending > 0);
  }

  /** True while somebody debugs one that serves. */
  get held(): boolean {
    return this.countIf(({ held }) => held) > 0;
  }

  private countIf(counts: (instance: ProcessInstance) => boolean): number {
    let count = 0;
    for (const instance of this.all) if (counts(instance) && !this.candidates.has(instance)) count++;
    return count;
  }
}
