import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Distribution, Counters } from './counters.js';
import { DURATION_BUCKETS } from './counters.js';
import { registerCustomMetrics, type CustomSource } from './custom-exposition.js';
import { registerProcessMetrics } from './process-metrics.js';
import { INSTANCE_STATES } from '../contract/snapshot.js';
import type { FunctionSource } from './types.js';

/** One function, as a scrape finds it. */
export interface MetricsRow {
  readonly source: FunctionSource;
  readonly counters: Counters;
}

export interface MetricsOptions {
  /** All functions there are now. */
  readonly rows: () => readonly MetricsRow[];
  readonly custom: CustomSource;
  readonly seed: string | undefined;
}

type LabelValues = Readonly<Record<string, string>>;

interface Sample {
  readonly labels: LabelValues;
  readonly value: number;
}
type Collect = (row: MetricsRow) => Iterable<Sample>;

/** Every metric of a function: name, help and how it is read. docs/metrics.md is made from the registry. */
const counters: readonly (readonly [name: string, help: string, labels: readonly string[], collect: Collect])[] = [
  ['faultline_invocations_total', 'Invocations that ended, by function.', [], one((row) => row.counters.invocations)],
  [
    'faultline_invocation_errors_total',
    'Invocations that ended in an error, by function and kind of error.',
    ['kind'],
    (row) => Object.entries(row.counters.errors).map(([kind, value]) => ({ labels: { kind }, value })),
  ],
  [
    'faultline_http_responses_total',
    'Answers to HTTP invocations, by function and class of status.',
    ['class'],
    ({ counters: { answers } }) =>
      [2, 3, 4, 5].map((n) => ({ labels: { class: `${String(n)}xx` }, value: answers[n] ?? 0 })),
  ],
  ['faultline_cold_starts_total', 'Instances started, by function.', [], one((row) => row.source.coldStarts)],
  [
    'faultline_faults_injected_total',
    'Invocations that a fault hit, by function and fault, also after its end.',
    ['kind', 'fault'],
    (row) =>
      Array.from(row.counters.faults.values(), ({ kind, fault, hits }) => ({ labels: { kind, fault }, value: hits })),
  ],
];

const gauges: typeof counters = [
  [
    'faultline_instances',
    'Instances, by function and state.',
    ['state'],
    ({ source }) =>
      INSTANCE_STATES.map((state) => ({
        labels: { state },
        value: source.instances.filter((instance) => instance.state === state).length,
      })),
  ],
  ['faultline_queued', 'Invocations that wait for an instance, by function.', [], one((row) => row.source.queued)],
  [
    'faultline_instance_cpu_ratio',
    'Share of one core that an instance used over its last sample.',
    ['instance'],
    ({ source }) =>
      source.instances.flatMap(({ id, cpu }) =>
        cpu === undefined ? [] : [{ labels: { instance: id }, value: cpu / 100 }],
      ),
  ],
  [
    'faultline_instance_memory_bytes',
    'Resident memory of an instance at its last sample.',
    ['instance'],
    ({ source }) =>
      source.instances.flatMap(({ id, memoryMb }) =>
        memoryMb === undefined ? [] : [{ labels: { instance: id }, value: memoryMb * 1_048_576 }],
      ),
  ],
];

const histograms: readonly (readonly [name: string, help: string, read: (counters: Counters) => Distribution])[] = [
  [
    'faultline_invocation_duration_seconds',
    'Time from the instance to the result, faults included; throttled invocations are not in it.',
    (row) => row.duration,
  ],
  ['faultline_queue_wait_seconds', 'Time that an invocation waited for an instance.', (row) => row.queueWait],
];

/** The metrics of one run, and the end of their measuring. */
export interface RunMetrics {
  readonly registry: Registry;
  dispose(): void;
}

/** A registry of its own, never prom-client's global one: two emulators in a process stay apart. */
export function createMetrics({ rows, custom, seed }: MetricsOptions): RunMetrics {
  const registry = new Registry();
  const registers = [registry];
  for (const [name, help, labels, collect] of counters) {
    const metric: Counter = new Counter({
      name,
      help,
      labelNames: ['function', ...labels],
      registers,
      collect: () => fill(metric, rows(), collect, (at, value) => metric.inc(at, value)),
    });
  }
  for (const [name, help, labels, collect] of gauges) {
    const metric: Gauge = new Gauge({
      name,
      help,
      labelNames: ['function', ...labels],
      registers,
      collect: () => fill(metric, rows(), collect, (at, value) => metric.set(at, value)),
    });
  }
  for (const [name, help, read] of histograms) {
    registry.registerMetric(new ReadHistogram(name, help, rows, read));
  }
  registerCustomMetrics(registry, custom);
  if (seed !== undefined) {
    const help = 'Always 1; the label tells the seed of this run.';
    new Gauge({ name: 'faultline_run_info', help, labelNames: ['seed'], registers }).set({ seed }, 1);
  }
  return { registry, dispose: registerProcessMetrics(registry) };
}

function one(read: (row: MetricsRow) => number): Collect {
  return (row) => [{ labels: {}, value: read(row) }];
}

/** Replaces every value of a metric by what the rows say now, so that an instance that has ended is not shown on. */
function fill(
  metric: Counter | Gauge,
  rows: readonly MetricsRow[],
  collect: Collect,
  put: (labels: LabelValues, value: number) => void,
): void {
  metric.reset();
  for (const row of rows) {
    for (const { labels, value } of collect(row)) put({ function: row.source.name, ...labels }, value);
  }
}

/** A histogram that is read, not observed into: prom-client's own hashes its labels for every value. */
class ReadHistogram extends Histogram {
  readonly #rows: () => readonly MetricsRow[];
  readonly #read: (counters: Counters) => Distribution;
  readonly #name: string;
  readonly #help: string;

  constructor(
    name: string,
    help: string,
    rows: () => readonly MetricsRow[],
    read: (counters: Counters) => Distribution,
  ) {
    super({ name, help, labelNames: ['function'], buckets: [...DURATION_BUCKETS], registers: [] });
    this.#name = name;
    this.#help = help;
    this.#rows = rows;
    this.#read = read;
  }

  override get(): ReturnType<Histogram['get']> {
    const values = this.#rows().flatMap((row) => this.#values(row.source.name, this.#read(row.counters)));
    return Promise.resolve({
      name: this.#name,
      help: this.#help,
      type: 'histogram',
      aggregator: 'sum',
      values,
    } as unknown as Awaited<ReturnType<Histogram['get']>>);
  }

  /** What the registry calls in place of `get` when it is there; not in prom-client's types. */
  getForPromString(): ReturnType<Histogram['get']> {
    return this.get();
  }

  #values(functionName: string, { counts, sum }: Distribution) {
    const labels = { function: functionName };
    let below = 0;
    const buckets = [...DURATION_BUCKETS, '+Inf'].map((le, i) => {
      below += counts[i] ?? 0;
      return { labels: { le, ...labels }, value: below, metricName: `${this.#name}_bucket` };
    });
    return [
      ...buckets,
      { labels, value: sum, metricName: `${this.#name}_sum` },
      { labels, value: below, metricName: `${this.#name}_count` },
    ];
  }
}
