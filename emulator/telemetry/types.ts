import type { LogEvent } from '../contract/control.js';
import type { InvocationDetail, InvocationRecord } from '../contract/records.js';
import type { Figures, InstanceSnapshot, Series, Totals } from '../contract/snapshot.js';

/** What dispatch tells of an ended invocation. `payload` is the answer or the error payload. */
export interface Recorder {
  invocation(record: InvocationRecord, event: Buffer, payload: Buffer): void;
}

/** What telemetry pulls when it is asked, so that nothing is pushed on the hot path. */
export interface TelemetrySources {
  functions(): readonly FunctionSource[];
}
export interface FunctionSource {
  readonly name: string;
  readonly instances: readonly InstanceSnapshot[];
  readonly queued: number;
  readonly coldStarts: number;
}

export interface Telemetry extends Recorder {
  log(event: LogEvent): void;
  figures(functionName: string): Figures;
  /** Cold starts are the pool's to tell. */
  totals(functionName: string): Omit<Totals, 'coldStarts'>;
  /** Newest first. */
  recent(functionName: string | undefined, limit: number): readonly InvocationRecord[];
  detail(requestId: string): InvocationDetail | undefined;
  /** The log of one invocation as Lambda writes it, START to REPORT. */
  logOf(requestId: string): readonly string[];
  /** Last 4 KB of that log, for X-Amz-Log-Result. */
  logTail(requestId: string): Buffer;
  series(functionName: string | undefined, seconds: number): Series;
  /** Prometheus text exposition. */
  metrics(): Promise<string>;
  readonly contentType: string;
  /** Begins sampling once a second (instances over time); dispose ends it. */
  start(): void;
  dispose(): void;
}
