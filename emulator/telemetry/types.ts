import type { LogEvent } from '../contract/control.js';
import type { CustomMetric, InvocationDetail, InvocationRecord, TraceSegment } from '../contract/records.js';
import type { Figures, InstanceSnapshot, Series, Totals } from '../contract/snapshot.js';

/** What dispatch tells of an ended invocation. `payload` is the answer or the error payload. */
export interface Recorder {
  /** @param initLog lines of an init that failed within it: of its log, before START [R] */
  invocation(record: InvocationRecord, event: Buffer, payload: Buffer, initLog?: readonly string[]): void;
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

/** Who sent a metric, as far as it is known: PutMetricData does not tell it. */
export interface MetricSender {
  readonly function?: string;
}

/** What a metric's values of one second add up to. */
export interface MetricPoint {
  /** Epoch seconds. */
  readonly at: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** A metric of handlers: everything that came since the start of the run. */
export interface CustomSeries extends Pick<CustomMetric, 'namespace' | 'name' | 'unit' | 'dimensions'> {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** The value that came last. */
  readonly last: number;
  /** Functions that are known to have sent it. */
  readonly functions: readonly string[];
  /** Seconds of the last 15 minutes that it has values of, oldest first. */
  points(): readonly MetricPoint[];
}

/** What one datagram of an X-Ray SDK held: a segment with its subsegments, parents before their children. */
export interface TraceDocument {
  /** `1-5e1b4151-…` */
  readonly traceId: string;
  readonly segments: readonly TraceSegment[];
}

/** Prometheus text exposition. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

export interface Telemetry extends Recorder {
  log(event: LogEvent): void;
  /** Takes metrics that did not come by the log. */
  put(metrics: readonly CustomMetric[], from?: MetricSender): void;
  /** In order of their first value. */
  customMetrics(): readonly CustomSeries[];
  /** Takes segments; they join the records of their trace, whichever comes first. */
  trace(document: TraceDocument): void;
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
  metrics(): Promise<Exposition>;
  /** Begins sampling once a second (instances over time); dispose ends it. */
  start(): void;
  dispose(): void;
}
