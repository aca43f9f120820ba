import type { ErrorPlace } from './errors.js';
import type { Fault, FaultPeriod } from './faults.js';
import type { InvocationRecord } from './records.js';
import type { Route, Runtime } from './config.js';

/** The event stream carries complete snapshots, never deltas. */

export type InstanceState = 'starting' | 'idle' | 'busy' | 'stopping';
export const INSTANCE_STATES = ['starting', 'idle', 'busy', 'stopping'] as const satisfies readonly InstanceState[];

export interface InstanceSnapshot {
  /** `i3`, unique within the run. */
  readonly id: string;
  readonly state: InstanceState;
  readonly pid?: number;
  readonly version: number;
  readonly startedAt: number;
  readonly invocations: number;
  /** Percent of one core over the last sample. */
  readonly cpu?: number;
  readonly memoryMb?: number;
  /** Initialised ahead, by provisioned concurrency. */
  readonly provisioned?: boolean;
  /** Where a debugger can attach. */
  readonly debugger?: DebuggerPort;
}

export interface DebuggerPort {
  readonly protocol: 'inspector' | 'debugpy';
  readonly host: string;
  readonly port: number;
  /** True while a debugger is attached: no timeout fires. */
  readonly attached: boolean;
}

/** Asynchronous invocations of a function. */
export interface AsyncSnapshot {
  /** Accepted and not ended yet, retries that wait among them. */
  readonly pending: number;
  /** Ended for good: succeeded, failed after all retries, too old. */
  readonly succeeded: number;
  readonly failed: number;
  readonly expired: number;
  /** Epoch ms when the oldest pending one was accepted. */
  readonly oldestAt?: number;
}

export interface QueueSnapshot {
  readonly name: string;
  /** Messages that can be received now. */
  readonly visible: number;
  /** Received, not deleted yet. */
  readonly inFlight: number;
  readonly delayed: number;
  /** Functions that it invokes. */
  readonly functions: readonly string[];
  /** Queues whose dead letters it takes. */
  readonly deadLetterOf: readonly string[];
}

export interface ScheduleSnapshot {
  readonly expression: string;
  readonly timezone: string;
  readonly enabled: boolean;
  /** Epoch ms. */
  readonly next?: number;
}

/** Something wrong that the user should see wherever they look: a version that does not load, a crash loop. */
export interface Problem {
  readonly code: 'load-failed' | 'config-invalid';
  readonly message: string;
  readonly hint?: string;
  readonly place?: ErrorPlace;
  readonly since: number;
  /** True while an older version still serves. */
  readonly lastGoodServes?: boolean;
}

/** Figures over the last WINDOW_SECONDS. */
export interface Figures {
  /** Invocations per second. */
  readonly rate: number;
  /** Share of failed invocations, 0–1; an HTTP answer of 500 or more counts as failed. */
  readonly errorShare: number;
  /** ms; absent without an invocation in the window. */
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
}
export const WINDOW_SECONDS = 10;

/** Since the start of the run. */
export interface Totals {
  readonly invocations: number;
  readonly errors: number;
  readonly coldStarts: number;
}

export interface FunctionSnapshot {
  readonly name: string;
  readonly description?: string;
  readonly runtime: Runtime;
  readonly handler: string;
  readonly file: string;
  readonly export: string;
  readonly line: number;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly balancing: string;
  readonly scaling: { readonly min: number; readonly max: number };
  readonly routes: readonly Route[];
  /** Its function URL. */
  readonly url?: string;
  readonly schedules: readonly ScheduleSnapshot[];
  /** Messages of one invocation at most, where queues deliver to it. */
  readonly batchSize?: number;
  readonly async: AsyncSnapshot;
  /** Version of the code that serves, from 1; 0 before the first load. */
  readonly version: number;
  readonly queued: number;
  readonly instances: readonly InstanceSnapshot[];
  readonly figures: Figures;
  readonly totals: Totals;
  /** Newest first, at most RECENT_INVOCATIONS. */
  readonly recent: readonly InvocationRecord[];
  readonly problem?: Problem;
}
export const RECENT_INVOCATIONS = 10;

export interface Snapshot {
  /** Grows by one with every snapshot. */
  readonly sequence: number;
  readonly at: number;
  readonly startedAt: number;
  readonly root: string;
  readonly configFile: string;
  readonly seed: string;
  readonly gateway: string;
  readonly functions: readonly FunctionSnapshot[];
  readonly queues: readonly QueueSnapshot[];
  /** How many times faster than the wall clock retries, ages and schedules run. */
  readonly timeScale: number;
  readonly faults: readonly Fault[];
  /** Of the workspace, not of one function: an edit of the config that does not load. */
  readonly problem?: Problem;
}

/**
 * The last `seconds` whole seconds of one function (or of all together), as columns of equal length; one entry a
 * second, oldest first. Quantiles are null in a second without invocations.
 */
export interface Series {
  /** Epoch seconds. */
  readonly at: readonly number[];
  readonly rate: readonly number[];
  /** Errors per second. */
  readonly errors: readonly number[];
  readonly p50: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
  readonly instances: readonly number[];
}

export interface SeriesReply {
  /** Key `*` is all functions together. */
  readonly functions: Readonly<Record<string, Series>>;
  readonly periods: readonly FaultPeriod[];
}
