import type { Rng } from '../rng.js';

/** What a policy knows of an instance. */
export interface Candidate {
  readonly id: string;
  /** Invocations in hand. */
  readonly pending: number;
  /** Invocations taken so far. */
  readonly served: number;
}

/** Picks the instance for one invocation; one policy object a function, so it may keep state. */
export interface Policy {
  /** @param candidates instances that can take an invocation now, never empty, in order of start */
  pick<C extends Candidate>(candidates: readonly C[]): C;
}

/** A policy as the registry lists it. */
export interface PolicyKind {
  readonly title: string;
  readonly summary: string;
  create(rng: Rng): Policy;
}
