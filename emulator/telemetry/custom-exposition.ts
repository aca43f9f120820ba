import { Counter, Gauge, Summary, type Registry } from 'prom-client';
import type { CustomSeries } from './types.js';

/**
 * Metrics of handlers as metrics of Prometheus. Names and dimensions of CloudWatch may hold any character, those of
 * Prometheus may not, and a metric's labels must be the same everywhere: so there are a few fixed metrics, and what CloudWatch
 * tells apart is in their labels.
 */

const NAME = 'faultline_custom_metric';
const HELP = 'Values of a metric that handlers sent: how many, and their sum.';
const LABELS = ['namespace', 'metric', 'unit', 'dimensions'] as const;

const gauges = [
  ['min', 'Smallest value of a metric that handlers sent, in this run.'],
  ['max', 'Largest value of a metric that handlers sent, in this run.'],
  ['last', 'Latest value of a metric that handlers sent.'],
] as const;

export interface CustomSource {
  list(): readonly CustomSeries[];
  readonly dropped: number;
}

export function registerCustomMetrics(registry: Registry, source: CustomSource): void {
  const registers = [registry];
  registry.registerMetric(new ReadSummary(source));
  for (const [field, help] of gauges) {
    const gauge: Gauge = new Gauge({
      name: `${NAME}_${field}`,
      help,
      labelNames: LABELS,
      registers,
      collect() {
        gauge.reset();
        for (const series of source.list()) gauge.set(labelsOf(series), series[field]);
      },
    });
  }
  const dropped: Counter = new Counter({
    name: 'faultline_custom_values_dropped_total',
    help: 'Values that were not kept because there were too many metrics in this run.',
    registers,
    collect() {
      dropped.reset();
      dropped.inc(source.dropped);
    },
  });
}

/** A summary without quantiles that is read, not observed into. */
class ReadSummary extends Summary {
  readonly #source: CustomSource;

  constructor(source: CustomSource) {
    super({ name: NAME, help: HELP, labelNames: LABELS, percentiles: [], registers: [] });
    this.#source = source;
  }

  override get(): ReturnType<Summary['get']> {
    const values = this.#source.list().flatMap((series) => {
      const labels = labelsOf(series);
      return [
        { labels, value: series.sum, metricName: `${NAME}_sum` },
        { labels, value: series.count, metricName: `${NAME}_count` },
      ];
    });
    return Promise.resolve({ name: NAME, help: HELP, type: 'summary', aggregator: 'sum', values } as unknown as Awaited<
      ReturnType<Summary['get']>
    >);
  }

  /** What the registry calls in place of `get` when it is there; not in prom-client's types. */
  getForPromString(): ReturnType<Summary['get']> {
    return this.get();
  }
}

function labelsOf({ namespace, name, unit, dimensions }: CustomSeries): Record<(typeof LABELS)[number], string> {
  return { namespace, metric: name, unit, dimensions: dimensionsLabel(dimensions) };
}

/**
 * `a=1,b=2`, by name. A comma, an equals sign or a backslash inside is escaped by a backslash: two sets of dimensions never
 * have the same label, since Prometheus refuses a whole scrape for one sample that comes twice.
 */
export function dimensionsLabel(dimensions: Readonly<Record<string, string>>): string {
  const escaped = (text: string): string => text.replace(/[\\,=]/g, '\\$&');
  return Object.entries(dimensions)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .join(',');
}
