import type { FaultHit, RuntimeEffect } from '../contract/faults.js';
import type { ErrorKind, Operation } from '../contract/records.js';
import type { InstanceSnapshot, InstanceState, Problem } from '../contract/snapshot.js';
import type { LogEvent } from '../contract/control.js';
import type { Candidate } from '../balancing/types.js';

/** One invocation as an instance gets it. */
export interface Work {
  readonly requestId: string;
  /** JSON text of the event. */
  readonly payload: Buffer;
  /** Epoch ms; what `getRemainingTimeInMillis` counts down to. */
  readonly deadline: number;
  readonly arn: string;
  readonly effects?: readonly RuntimeEffect[];
  /** JSON text, decoded from X-Amz-Client-Context. */
  readonly clientContext?: string;
  /** X-Amzn-Trace-Id: `Root=…;Parent=…;Sampled=1`. */
  readonly traceId?: string;
  /** Takes a streamed response as it is written; without one it is gathered into the result. */
  readonly stream?: ResponseSink;
  /** Called for every outbound operation of this invocation. */
  onOperation?(operation: ReportedOperation): void;
}

/** An operation as a runtime reports it, with what only the emulator is to know. */
export interface ReportedOperation extends Operation {
  /** Of a connection that was led to the emulator's proxy: its local port, and where it was meant to go. */
  readonly via?: { readonly local: number; readonly host: string; readonly port: number };
}

/** Where a streamed response goes while the handler writes it. A consumer that has gone away swallows the rest. */
export interface ResponseSink {
  /** Once, before the first chunk. @param contentType empty when the handler gave none */
  start(contentType: string): void;
  /** @returns false when the consumer is slower than the handler: `onDrain` tells when to go on */
  write(chunk: Buffer): boolean;
  /** Calls back once, when there is room again. */
  onDrain(callback: () => void): void;
}

/** How a fault wants an answer over HTTP to be sent; status and headers stay as they are. */
export interface Sending {
  /** Changes the bytes of the body. */
  readonly spoil?: (body: Buffer) => Buffer;
  /** The content-length is that of the whole body, and the connection ends after what is left of it. */
  readonly cut?: true;
  /** ms from the headers to the body. */
  readonly delayMs?: number;
  /** Of the body; 0: at once. */
  readonly bytesPerSecond?: number;
  /** Aborted when the fault ends: what is left comes at once. */
  readonly ended?: AbortSignal;
}

/** How a run ended. `payload` is what the Invoke API answers with: the result's JSON, or the error's. */
export type RunResult =
  | {
      readonly ok: true;
      /** Of a response that went to a sink, the first 64 KB. */
      readonly payload: Buffer;
      readonly maxMemoryMb?: number;
      /** Bytes of a response that went to a sink. */
      readonly streamed?: number;
      readonly sending?: Sending;
    }
  | {
      readonly ok: false;
      readonly kind: ErrorKind;
      /** `Sandbox.Timedout`, `Runtime.ExitError`, the handler's own error name … (FACTS section 3). */
      readonly type: string;
      readonly message: string;
      readonly payload: Buffer;
      readonly maxMemoryMb?: number;
      /** Bytes of a response that went to a sink before it failed. */
      readonly streamed?: number;
      readonly sending?: Sending;
    };

/** A process as faults may treat it. Everything is undone by itself when the process ends. */
export interface InstanceControl {
  readonly id: string;
  readonly pid: number | undefined;
  /** Absent: idle or busy. */
  readonly state?: InstanceState;
  /**
   * Stops the process group where it is (SIGSTOP); it goes on once every `pause` has had its `resume`. Nothing where there are
   * no such signals.
   */
  pause(): void;
  resume(): void;
  /**
   * Ends it now, whatever it does.
   * @param reason told to the invocation that it runs, instead of the signal
   * @param by the fault that ends it: the invocation that it runs fails as in a crash, and its record lists the fault
   */
  kill(reason?: string, by?: EndedBy): void;
}

/** A fault that ends an instance from outside. */
export interface EndedBy {
  readonly hit: FaultHit;
  /** SIGTERM: half a second later SIGKILL ends what is left. */
  readonly signal: 'SIGKILL' | 'SIGTERM';
}

/** How an instance is to start, beside how it always does. */
export interface StartEffect {
  /** Added to its init, ms. */
  readonly delayMs: number;
  /** What that is made of: what a fault adds is let go of when it ends. */
  readonly delays?: readonly StartDelay[];
  /** Its init fails. */
  readonly fail?: InitFailure;
  /** What is seen of it, in words; for the record. */
  readonly saw?: string;
}

/** A fault's part in the delay of a start. */
export interface StartDelay {
  readonly ms: number;
  /** Aborted when the fault ends. */
  readonly ended: AbortSignal;
}

/** How an init fails: before the handler is loaded. */
export type InitFailure = (
  | { readonly how: 'throw'; readonly errorType: string; readonly message: string }
  | { readonly how: 'exit'; readonly exitCode: number }
  | { readonly how: 'hang' }
) & {
  /** Aborted when the fault ends: what is tried after that is well. */
  readonly ended?: AbortSignal;
  /** 1: only the first time; what Lambda tries again within the invocation is well. 2: that fails, too. */
  readonly tries: 1 | 2;
};

/** One process, one invocation at a time. */
export interface Instance extends Candidate, InstanceControl {
  readonly version: number;
  /** A debugger is attached: no timeout fires. */
  readonly held?: boolean;
  /** The fault that has ended it, or is about to. */
  readonly endedBy?: FaultHit | undefined;
  /** ms that its start took, told once: to the invocation that waited for it. */
  takeInitMs(): number | undefined;
  /** ms that the first invocation has used up before it runs: its start failed once and was tried again within it; else 0. */
  readonly usedMs: number;
  /**
   * Runs one invocation. Never rejects. When `timeoutMs` passes, or the process ends, the result says so and the instance
   * is spent: the pool replaces it on demand.
   */
  run(work: Work, timeoutMs: number): Promise<RunResult>;
  /** Ends an invocation that ran out of time outside the process (a latency fault), as a timeout does: kills the process. */
  expire(requestId: string, timeoutMs: number): RunResult;
}

/** Why no instance could be had. */
export type AcquireFailure = {
  readonly kind: Extract<ErrorKind, 'init' | 'throttled' | 'timeout'>;
  readonly type: string;
  readonly message: string;
  /** Of a throttle: the body of the 429 with its Reason. */
  readonly payload: Buffer;
  /** ms of the invocation's own time that went into the second try of the start: what Lambda counts as its duration. */
  readonly usedMs?: number;
  readonly maxMemoryMb?: number;
  /** What was printed and reported while the instance started, both times: of the log of this invocation [R]. */
  readonly log?: readonly string[];
  /** As it is told to this request: the service's own messages name it. */
  forRequest?(requestId: string): AcquireFailure;
};

/** What an invocation asks of its instance. */
export interface AcquireOptions {
  /** An instance of its own, started with a debugger's port open. */
  readonly debug?: boolean;
  /** An instance of its own, started like this, for this invocation only. Bounded by `scaling.max` as the others are. */
  readonly start?: StartEffect;
}

/** The instances of one function. */
export interface Pool {
  /** An instance that is reserved for the caller until `release`; synchronous when one is idle (the hot path). */
  acquire(options?: AcquireOptions): Instance | Promise<Instance | AcquireFailure>;
  /** Gives it back; a spent one is dropped. */
  release(instance: Instance): void;
  /** A new version takes over once it has loaded; until then, and when it does not load, the old one serves. */
  reload(): Promise<{ version: number }>;
  /** Absolute paths of the files that the code is made of; undefined when they are not known (yet). */
  inputs(): readonly string[] | undefined;
  snapshot(): PoolSnapshot;
  /** The processes that there are, those that start included, oldest first. */
  controls(): readonly InstanceControl[];
  /** Running requests finish (bounded by their timeouts), then every process ends. */
  drain(): Promise<void>;
  /** Ends every process now. */
  kill(): Promise<void>;
}

export interface PoolSnapshot {
  readonly version: number;
  readonly queued: number;
  readonly instances: readonly InstanceSnapshot[];
  readonly problem?: Problem;
  readonly coldStarts: number;
}

/** What the pools tell the rest of the house. */
export interface PoolHooks {
  log(event: LogEvent): void;
  /** Something that views show has changed: a state, a version, a problem. Cheap; called often. */
  changed(): void;
}
