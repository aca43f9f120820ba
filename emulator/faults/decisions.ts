import type { FaultDecision } from '../contract/faults.js';

/** Decisions that are remembered; a run of an experiment has fewer. */
const KEPT = 10_000;

/** What was decided, for whoever compares two runs of the same seed. */
export class Decisions {
  #all: FaultDecision[] = [];

  add(decision: FaultDecision): void {
    this.#all.push(decision);
    if (this.#all.length >= 2 * KEPT) this.#all = this.#all.slice(-KEPT);
  }

  /** Oldest first. */
  list(fault?: string): readonly FaultDecision[] {
    const kept = this.#all.slice(-KEPT);
    return fault === undefined ? kept : kept.filter((decision) => decision.fault === fault);
  }
}
