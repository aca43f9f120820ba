import type { LogEvent } from '../contract/control.js';
import type { CustomMetric, InvocationDetail, InvocationRecord, TraceSegment } from '../contract/records.js';
import type { Figures, Series } from '../contract/snapshot.js';
import type { Clock, Timer } from '../clock.js';
import { Counters, failed, hasRun } from './counters.js';
import { CustomMetrics } from './custom-metrics.js';
import { extractMetrics } from './emf.js';
import { Hints } from './hints.js';
import type { MetricsRow, RunMetrics } from './metrics.js';
import { RecordStore } from './records.js';
import { Seconds } from './seconds.js';
import { TraceStore } from './traces.js';
import type { CustomSeries, Exposition, MetricSender, Telemetry, TelemetrySources, TraceDocument } from './types.js';

export interface TelemetryOptions {
  readonly clock: Clock;
  readonly sources: TelemetrySources;
  /** Shown as the label of `faultline_run_info`. */
  readonly seed?: string;
  /** For INIT_START lines, such as `nodejs:20`; `local` unless told. */
  readonly runtimeVersion?: (functionName: string) => string;
  /** Told what handlers send that is not taken: at most once a minute for each reason. */
  readonly log?: (message: string) => void;
}

const SAMPLE_MS = 1_000;
/** Metrics of its log that one record shows. */
const MAX_METRICS = 1_000;

/**
 * Invocation records, figures, series, logs and metrics of one run. `invocation` is on the hot path: it adds numbers and
 * keeps references; everything else is worked out by whoever asks.
 */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  return new RunTelemetry(options);
}

class FunctionStats {
  readonly counters = new Counters();
  readonly seconds: Seconds;

  constructor(nowMs: number) {
    this.seconds = new Seconds(nowMs);
  }
}

class RunTelemetry implements Telemetry {
  readonly #clock: Clock;
  readonly #sources: TelemetrySources;
  readonly #stats = new Map<string, FunctionStats>();
  /** All functions together. */
  readonly #all: Seconds;
  readonly #records: RecordStore;
  readonly #hints: Hints;
  readonly #custom: CustomMetrics;
  readonly #traces = new TraceStore();
  readonly #seed: string | undefined;
  /** Made by the first scrape: the client library is memory that most runs never need. */
  #metrics: Promise<RunMetrics> | undefined;
  #timer: Timer | undefined;

  constructor({ clock, sources, seed, runtimeVersion = () => 'local', log }: TelemetryOptions) {
    this.#clock = clock;
    this.#sources = sources;
    this.#all = new Seconds(clock.now());
    this.#records = new RecordStore(runtimeVersion);
    this.#hints = new Hints(clock, log ?? (() => undefined));
    this.#custom = new CustomMetrics(clock, this.#hints);
    this.#seed = seed;
  }

  invocation(record: InvocationRecord, event: Buffer, payload: Buffer, initLog?: readonly string[]): void {
    const now = this.#clock.now();
    const stats = this.#statsOf(record.function);
    const bad = failed(record);
    const duration = hasRun(record) ? record.durationMs : undefined;
    stats.counters.add(record);
    stats.seconds.record(now, duration, bad);
    this.#all.record(now, duration, bad);
    this.#records.add(record, event, payload, now, initLog);
  }

  log(event: LogEvent): void {
    const { requestId, text, at, function: name } = event;
    if (requestId !== undefined) this.#records.log(requestId, text, at);
    const found = extractMetrics(text, at);
    if (!found) return;
    this.#custom.put(found.metrics, { function: name });
    for (const problem of found.problems) this.#hints.tell(`${name}: embedded metrics not taken: ${problem}`);
  }

  put(metrics: readonly CustomMetric[], from?: MetricSender): void {
    this.#custom.put(metrics, from);
  }

  customMetrics(): readonly CustomSeries[] {
    return this.#custom.list();
  }

  trace(document: TraceDocument): void {
    this.#traces.add(document);
  }

  figures(functionName: string): Figures {
    return this.#statsOf(functionName).seconds.figures(this.#clock.now());
  }

  totals(functionName: string): ReturnType<Telemetry['totals']> {
    const { counters } = this.#statsOf(functionName);
    return { invocations: counters.invocations, errors: counters.failed };
  }

  recent(functionName: string | undefined, limit: number): readonly InvocationRecord[] {
    return this.#records.recent(functionName, limit);
  }

  detail(requestId: string): InvocationDetail | undefined {
    const detail = this.#records.detail(requestId);
    if (!detail) return undefined;
    // Read off its log again, so that they are those of this attempt, and nothing more is kept.
    const metrics = detail.log.flatMap((text) => extractMetrics(text, detail.at)?.metrics ?? []).slice(0, MAX_METRICS);
    const segments = this.#segmentsOf(detail);
    return {
      ...detail,
      ...(segments.length === 0 ? {} : { segments }),
      ...(metrics.length === 0 ? {} : { metrics }),
    };
  }

  logOf(requestId: string): readonly string[] {
    return this.#records.logOf(requestId);
  }

  logTail(requestId: string): Buffer {
    return this.#records.logTail(requestId);
  }

  series(functionName: string | undefined, seconds: number): Series {
    const of = functionName === undefined ? this.#all : this.#statsOf(functionName).seconds;
    return of.series(this.#clock.now(), seconds);
  }

  async metrics(): Promise<Exposition> {
    this.#metrics ??= this.#loadMetrics();
    const { registry } = await this.#metrics;
    return { contentType: registry.contentType, text: await registry.metrics() };
  }

  start(): void {
    if (this.#timer) return;
    const tick = (): void => {
      this.#sample();
      this.#timer = this.#clock.after(SAMPLE_MS, tick);
    };
    tick();
  }

  dispose(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    void this.#metrics?.then((metrics) => metrics.dispose());
  }

  #segmentsOf({ traceId, requestId, attempt }: InvocationRecord): readonly TraceSegment[] {
    const ofTrace = traceId === undefined ? [] : this.#records.ofTrace(traceId);
    const record = ofTrace.find((each) => each.requestId === requestId && each.attempt === attempt);
    return record ? this.#traces.segmentsOf(record, ofTrace) : [];
  }

  async #loadMetrics(): Promise<RunMetrics> {
    const { createMetrics } = await import('./metrics.js');
    return createMetrics({ rows: () => this.#rows(), custom: this.#custom, seed: this.#seed });
  }

  #sample(): void {
    const now = this.#clock.now();
    let all = 0;
    for (const { name, instances } of this.#sources.functions()) {
      this.#statsOf(name).seconds.sample(now, instances.length);
      all += instances.length;
    }
    this.#all.sample(now, all);
  }

  #statsOf(functionName: string): FunctionStats {
    let stats = this.#stats.get(functionName);
    if (!stats) this.#stats.set(functionName, (stats = new FunctionStats(this.#clock.now())));
    return stats;
  }

  /** Functions that the config no longer has keep their counters: a counter that vanishes is a gap in every graph. */
  #rows(): MetricsRow[] {
    const sources = this.#sources.functions();
    const named = new Set(sources.map(({ name }) => name));
    const gone = [...this.#stats.keys()].filter((name) => !named.has(name));
    return [...sources, ...gone.map((name) => ({ name, instances: [], queued: 0, coldStarts: 0 }))].map((source) => ({
      source,
      counters: this.#statsOf(source.name).counters,
    }));
  }
}
