import type { z } from 'zod';
import type { Clock } from '../clock.js';
import type { CatalogFault, FaultGroup } from '../contract/catalog.js';
import type { Runtime } from '../contract/config.js';
import type { Fault, FaultDecision, FaultHit, FaultPeriod, FaultSpec, RuntimeEffect } from '../contract/faults.js';
import type { CheckedSpec } from './validate.js';
import type { InstanceControl, ReportedOperation, RunResult, StartEffect } from '../instances/types.js';

export interface Closable {
  /** Ends everything of it at once. */
  close(): void;
}

/** What kinds share while the emulator runs, as a proxy: opened when a kind first asks for it, closed with the emulator. */
export interface FaultService<T extends Closable> {
  readonly name: string;
  open(host: { readonly clock: Clock; log(message: string): void }): Promise<T>;
}

export interface FaultServices {
  open<T extends Closable>(service: FaultService<T>): Promise<T>;
}

/** What a kind is told of one invocation that it hits. */
export interface FaultContext {
  /** Id of the fault. */
  readonly fault: string;
  readonly function: string;
  readonly requestId: string;
  readonly clock: Clock;
  /** A draw in [0, 1) for this fault, this invocation and this name: the same on every replay. */
  draw(name: string): number;
  /** What the fault keeps from one invocation to the next, as a bucket of tokens; gone when it ends. */
  memory<T>(make: () => T): T;
  /** Tells the record where it acted and what was seen of it; the last one counts. */
  note(seen: Pick<FaultHit, 'where' | 'saw'>): void;
  /** Counts the hit of a kind that is `hitBy` itself, and notes what was seen of it. */
  hit(seen: Pick<FaultHit, 'where' | 'saw'>): void;
  /** What the kind has opened in `prepare`. */
  service<T extends Closable>(service: FaultService<T>): T;
}

/** How a caller gets the answer: over HTTP, as it is written, or as the payload that it is. */
export type Caller = 'http' | 'stream' | 'payload';

/** What a kind may use while it acts around one run. */
export interface RunContext extends FaultContext {
  /** The process that runs it. */
  readonly instance: InstanceControl;
  /** Aborted when the fault ends. */
  readonly ended: AbortSignal;
  /** How its caller gets the answer. */
  readonly caller: Caller;
  /**
   * Waits; ends early when the fault is cleared. Never returns when the function's timeout passes first: the invocation
   * then ends as a timeout.
   */
  delay(ms: number): Promise<void>;
}

/** What a kind is told of one delivery from a queue. */
export interface DeliveryContext extends FaultContext {
  /** From 1, whenever it is delivered again one more. */
  readonly attempt: number;
}

/** What acts for as long as the fault is on, not on invocations. */
export interface BackgroundContext {
  readonly fault: string;
  readonly clock: Clock;
  draw(...name: readonly (string | number)[]): number;
  /** The functions that it is meant for, with their running instances. */
  targets(): readonly { readonly function: string; readonly instances: readonly InstanceControl[] }[];
  /** Counts a hit of the fault. */
  hit(): void;
  log(message: string): void;
}

/** What is to happen to one delivery from a queue. */
export type DeliveryEffect =
  | { readonly type: 'duplicate'; readonly copies: number; readonly afterMs: number }
  | { readonly type: 'lost' }
  | { readonly type: 'late'; readonly ms: number }
  /** @property draw in [0, 1): its place among those of its window */
  | { readonly type: 'reordered'; readonly window: number; readonly maxMs: number; readonly draw: number }
  /** @property draw in [0, 1): where it is cut, or what garbage it becomes */
  | { readonly type: 'poison'; readonly how: 'truncated' | 'garbage' | 'empty'; readonly draw: number };

/**
 * Where a kind can be realised: true, or why not. What cannot be reached is refused when the fault is added, and the table in
 * docs/faults/README.md is made from it.
 */
export interface Reach extends Readonly<Record<Runtime, true | string>> {
  /** Why it cannot be realised on this platform; absent: on all. */
  platform?(platform: NodeJS.Platform): string | undefined;
}

/**
 * `operation`: it counts as a hit only once it hit an outbound operation of the invocation; `itself`: once it says so
 * (`context.hit`); the rest count when they act.
 */
export type HitBy = 'operation' | 'itself';

/**
 * One kind of failure. Match, share, pick, end, counting and keyed draws live in the engine's wrapper, not here. The abilities
 * are optional; a kind has one or several:
 *
 *   delivery (`deliver`) → admission (`admit`) → instance (`start`) → around the run (`around`) → inside it (`effect`)
 */
export interface FaultKind<P extends object = object> {
  readonly title: string;
  readonly summary: string;
  readonly group: FaultGroup;
  readonly reach: Reach;
  /** Strict object schema; every parameter has a description and a default that makes sense at once. */
  readonly params: z.ZodType<P>;
  /** One line for people: `+800 ms before the handler`. */
  describe(params: P): string;
  /** What makes it a hit, maybe by its parameters. */
  hitBy?(params: P): HitBy | undefined;
  /** It hits no function that is not named: a fault of this kind must have `function`, which may be `*`. */
  readonly optIn?: true;
  /** Called before each use, for what takes time to set up: opens what it needs. */
  prepare?(services: FaultServices): Promise<void>;
  /** Before an instance is asked for. @returns what the invocation ends with instead of running */
  admit?(params: P, context: FaultContext): RunResult | undefined;
  /** The invocation runs on an instance of its own that starts like this. */
  start?(params: P, context: FaultContext): StartEffect;
  around?(params: P, context: RunContext, next: () => Promise<RunResult>): Promise<RunResult>;
  /** What the runtime is to do; undefined: nothing, this time. */
  effect?(params: P, context: FaultContext): RuntimeEffect | undefined;
  /** Told of each outbound operation that its effect hit. */
  operation?(params: P, operation: ReportedOperation, context: FaultContext): void;
  /** What is done to a delivery from a queue; undefined: nothing, this time. */
  deliver?(params: P, context: DeliveryContext): DeliveryEffect | undefined;
  /** Acts while the fault is on. @returns what ends that */
  background?(params: P, context: BackgroundContext): () => void;
}

/** Waits true `ms` long, false when `signal` aborts; rejects when the invocation's deadline passes first. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<boolean>;

/** What is to be done to one invocation; made at admission, so that what is decided depends on no instance. */
export interface FaultPlan {
  /** Those that have acted so far: read it after the run. One that an outer fault kept from acting is no hit. */
  readonly hits: readonly FaultHit[];
  readonly effects: readonly RuntimeEffect[];
  /** Before an instance is asked for. @returns what the invocation ends with at once */
  admit(): RunResult | undefined;
  /** How the invocation's instance is to start; undefined: any will do. Counts as a hit. */
  start(): StartEffect | undefined;
  /** There is an instance: faults that go by it, or that have ended meanwhile, are settled. @param version of its code */
  reached(instance: InstanceControl, version: number): void;
  /** Wraps the run in every kind's `around`, the oldest fault outermost. */
  run(wait: Wait, instance: InstanceControl, next: () => Promise<RunResult>): Promise<RunResult>;
  /** Tells of an outbound operation that the runtime saw in this invocation. */
  operation(operation: ReportedOperation): void;
  /** The invocation is over; call it once, whatever happened. */
  end(): void;
}

/** What faults can tell invocations apart by. */
export interface FaultSubject {
  readonly function: string;
  readonly requestId: string;
  /**
   * Nth of the function, from 1, among those that came the same way: from the same queue, or from none. Of whatever is
   * delivered again, that of its first delivery: when that comes, and between which others, is a matter of time, and must
   * not shift what a seed decides.
   */
  readonly number: number;
  /** From 1; for what comes from a queue, every delivery counts, also one that was throttled. */
  readonly attempt: number;
  /** Where it waited: `async/FUNCTION` or `sqs/QUEUE`; absent for what a caller waits for. */
  readonly queue?: string;
  /** JSON text of the event; parsed only when a fault asks for it. */
  readonly payload: Buffer;
  /** `POST /orders`, for one that came by a route. */
  readonly route?: string;
  /** `payload` when absent. */
  readonly caller?: Caller;
  readonly alias?: string;
}

/** A fault's part in one delivery. */
export interface DeliveryFault {
  readonly id: string;
  readonly kind: string;
  readonly effect: DeliveryEffect;
  /** It has been counted already, and is not to act. */
  readonly dryRun: boolean;
  /** Aborted when the fault ends: what it holds goes on at once. */
  readonly ended: AbortSignal;
  /** It has acted. */
  hit(): void;
  /** It is done with this delivery; call it once, whatever happened. */
  release(): void;
}

/** What delivery knows of the engine. */
export type DeliveryFaults = Pick<FaultEngine, 'active' | 'planDelivery' | 'announce'>;

/** A function as faults know it. */
export interface FaultTarget {
  readonly name: string;
  readonly runtime: Runtime;
  /** `POST /orders` … */
  readonly routes: readonly string[];
}

/** Faults that one request asks for itself; checked. */
export interface RequestFaults {
  readonly faults: readonly CheckedSpec[];
}

export interface FaultEngine {
  /** False lets the hot path skip `plan` altogether. */
  readonly active: boolean;
  /** @returns undefined when no fault hits this invocation */
  plan(subject: FaultSubject, own?: RequestFaults): FaultPlan | undefined;
  /** The faults that hit the delivery of one event or message of a queue, the oldest first. */
  planDelivery(subject: FaultSubject): readonly DeliveryFault[];
  /**
   * Something was received that will be an invocation by itself: picks count it now, so that what holds it until then, and
   * what overtakes it, does not change their order.
   */
  announce(subject: FaultSubject): void;
  /** @throws FaultlineError FAULT_INVALID */
  add(spec: FaultSpec): Fault;
  /** As `add`, once what the kind needs has been set up: what everybody outside of tests calls. */
  addPrepared(spec: FaultSpec): Promise<Fault>;
  /**
   * Faults for one request, as its header asks for them: JSON of a fault or of several, or `latency ms=500`.
   * @returns once what their kinds need has been set up
   * @throws FaultlineError FAULT_INVALID
   */
  forRequest(header: string): Promise<RequestFaults>;
  list(): readonly Fault[];
  setEnabled(id: string, enabled: boolean): Fault;
  remove(id: string): Fault;
  clear(): number;
  /** When which fault was on, oldest first, back to `since` (epoch ms). */
  periods(since: number): readonly FaultPeriod[];
  /** The last decisions, oldest first. */
  decisions(fault?: string): readonly FaultDecision[];
  catalog(): readonly CatalogFault[];
  /** Ends all timers, and what kinds have opened. */
  dispose(): void;
}
