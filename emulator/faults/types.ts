import type { z } from 'zod';
import type { CatalogFault } from '../contract/catalog.js';
import type { Fault, FaultHit, FaultPeriod, FaultSpec, RuntimeEffect } from '../contract/faults.js';
import type { Operation } from '../contract/records.js';
import type { RunResult } from '../instances/types.js';

/** What a kind may use while it acts around one run. */
export interface FaultContext {
  readonly function: string;
  readonly requestId: string;
  /** A draw in [0, 1) for this fault, this invocation and this name: the same on every replay. */
  draw(name: string): number;
  /**
   * Waits; ends early when the fault is cleared. Never returns when the function's timeout passes first: the invocation
   * then ends as a timeout.
   */
  delay(ms: number): Promise<void>;
}

/**
 * One kind of failure. Function match, share, end, counting and keyed draws live in the engine's wrapper, not here. A kind
 * acts around the run (`around`), inside the instance (`effect`), or both.
 */
export interface FaultKind<P extends object = object> {
  readonly title: string;
  readonly summary: string;
  /** Strict object schema; every parameter has a description and a default that makes sense at once. */
  readonly params: z.ZodType<P>;
  /** One line for people: `+800 ms before the handler`. */
  describe(params: P): string;
  /**
   * `operation`: it counts as a hit only once it hit an outbound operation of the invocation; the rest count when they act.
   */
  readonly hitBy?: 'operation';
  around?(params: P, context: FaultContext, next: () => Promise<RunResult>): Promise<RunResult>;
  effect?(params: P, context: Pick<FaultContext, 'function' | 'requestId' | 'draw'>, fault: string): RuntimeEffect;
}

/** What is to be done to one invocation. */
export interface FaultPlan {
  /** Those that have acted so far: read it after the run. One that an outer fault kept from acting is no hit. */
  readonly hits: readonly FaultHit[];
  readonly effects: readonly RuntimeEffect[];
  /**
   * Wraps the run in every kind's `around`, the oldest fault outermost.
   * @param wait resolves true after `ms`, false when `signal` aborts; rejects when the invocation's deadline passes first
   */
  run(wait: (ms: number, signal: AbortSignal) => Promise<boolean>, next: () => Promise<RunResult>): Promise<RunResult>;
  /** Tells of an outbound operation that the runtime saw in this invocation. */
  operation(operation: Operation): void;
}

export interface FaultSubject {
  readonly function: string;
  readonly requestId: string;
  /** Nth invocation of the function, from 1. */
  readonly number: number;
  /** From 1. */
  readonly attempt: number;
}

export interface FaultEngine {
  /** False lets the hot path skip `plan` altogether. */
  readonly active: boolean;
  /** @returns undefined when no fault hits this invocation */
  plan(subject: FaultSubject): FaultPlan | undefined;
  add(spec: FaultSpec): Fault;
  list(): readonly Fault[];
  setEnabled(id: string, enabled: boolean): Fault;
  remove(id: string): Fault;
  clear(): number;
  /** When which fault was on, oldest first, back to `since` (epoch ms). */
  periods(since: number): readonly FaultPeriod[];
  catalog(): readonly CatalogFault[];
  /** Ends all timers. */
  dispose(): void;
}
