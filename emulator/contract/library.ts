import type { Fault, FaultDecision, FaultPeriod, FaultSpec } from './faults.js';
import type { EventHandlers } from './control.js';
import type { InvocationDetail, InvocationRecord } from './records.js';
import type { Snapshot } from './snapshot.js';

/** Where events and messages may be kept. */
export const STORE_PATTERN = /^(memory|file|rediss?:\/\/\S+)$/;

/** The library: `import { startEmulator } from 'faultline'`. */

export interface StartOptions {
  /** Folder with faultline.yaml; relative to the working directory. */
  readonly root?: string;
  /** Gateway port; 0 (the library's default) picks a free one. */
  readonly port?: number;
  readonly controlPort?: number;
  /** Interface to bind; loopback unless asked otherwise. */
  readonly host?: string;
  /** Same seed, same faults. Random when absent; the snapshot tells it. */
  readonly seed?: string | number;
  /** Reload on edits; off by default in the library, on in the CLI. */
  readonly watch?: boolean;
  /** Write `.faultline/emulator.json`, so that other commands find this emulator; off by default in the library. */
  readonly stateFile?: boolean;
  /**
   * Where events and messages are kept: `memory` (the library's default), `file` (the command line's: `.faultline/store`, kept
   * over a restart) or a Redis URL. The config's `delivery.store` when absent.
   */
  readonly store?: string;
  /** How many times faster than the wall clock retries, ages and schedules run: 60 makes a minute a second. */
  readonly timeScale?: number;
  /** Let requests ask for faults of their own in the header `x-faultline-fault`; the config's `faults.header` when absent. */
  readonly faultHeader?: boolean;
  /** Engine messages (not handler output). */
  readonly log?: (message: string) => void;
}

export interface InvokeResult {
  readonly requestId: string;
  readonly ok: boolean;
  /** Parsed JSON of the result, or of the error payload. */
  readonly payload: unknown;
  readonly record: InvocationDetail;
}

export interface EmulatorFaults {
  /** @throws FaultlineError FAULT_INVALID for an unknown kind, a wrong parameter or an unknown function */
  add(spec: FaultSpec): Promise<Fault>;
  list(): Promise<readonly Fault[]>;
  setEnabled(id: string, enabled: boolean): Promise<Fault>;
  remove(id: string): Promise<Fault>;
  /** @returns how many were cleared */
  clear(): Promise<number>;
  /** The last 10 000 decisions, oldest first; the same seed and calls give the same ones. @param fault of this one only */
  decisions(fault?: string): Promise<readonly FaultDecision[]>;
  /** When which fault was on, oldest first, back to `since` (epoch ms). */
  periods(since: number): Promise<readonly FaultPeriod[]>;
}

export interface Emulator extends AsyncDisposable {
  /** Gateway URL, without a slash at the end. */
  readonly url: string;
  /** Control API URL and its token. */
  readonly control: { readonly url: string; readonly token: string };
  readonly seed: string;
  readonly faults: EmulatorFaults;
  /** A request through the gateway; `path` is relative to it. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Invokes a function as the SDK does; a function error is a result with `ok: false`, not an exception. */
  invoke(functionName: string, event?: unknown): Promise<InvokeResult>;
  snapshot(): Snapshot;
  /** Newest first; the last 500 of each function are remembered. */
  invocations(filter?: { function?: string; limit?: number }): readonly InvocationRecord[];
  /** One of those with its event, log and payload; of several attempts the last. */
  invocation(requestId: string): InvocationDetail | undefined;
  /** Tells of changes (the first snapshot at once) and log lines until the signal aborts or the emulator has stopped. */
  events(handlers: Omit<EventHandlers, 'onClose'>): Promise<void>;
  /** Prometheus text exposition. */
  metrics(): Promise<string>;
  /** Resolves when it ends by itself (control API shutdown). */
  readonly closed: Promise<void>;
  /** Drains, ends every instance, frees both ports. Safe to call twice. */
  stop(): Promise<void>;
}

export type StartEmulator = (options?: StartOptions) => Promise<Emulator>;
