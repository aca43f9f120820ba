import type { Clock } from '../clock.js';
import type { CustomMetric } from '../contract/records.js';
import type { Hints } from './hints.js';
import { Points } from './points.js';
import type { CustomSeries, MetricSender } from './types.js';

/** Metrics kept of a run: combinations of namespace, name, unit and dimensions. */
export const MAX_SERIES = 1_000;

interface Totals {
  count: number;
  sum: number;
  min: number;
  max: number;
}

/** One metric, adding up. */
class Entry implements Totals {
  count = 0;
  sum = 0;
  min = Infinity;
  max = -Infinity;
  last = 0;
  readonly points = new Points();
  readonly functions = new Set<string>();

  constructor(
    readonly metric: Pick<CustomMetric, 'namespace' | 'name' | 'unit'>,
    readonly dimensions: Readonly<Record<string, string>>,
  ) {}
}

/**
 * Metrics that handlers send, by their logs and by PutMetricData, as CloudWatch tells them apart: namespace, name and
 * dimensions (and the unit, whose values do not add up). Bounded: what is new beyond that is dropped and counted.
 */
export class CustomMetrics {
  readonly #clock: Clock;
  readonly #hints: Hints;
  readonly #entries = new Map<string, Entry>();
  /** Values that were dropped because there were too many metrics. */
  dropped = 0;

  constructor(clock: Clock, hints: Hints) {
    this.#clock = clock;
    this.#hints = hints;
  }

  put(metrics: readonly CustomMetric[], from: MetricSender = {}): void {
    for (const metric of metrics) {
      const totals = totalsOf(metric);
      if (totals.count === 0) continue;
      const entry = this.#entryOf(metric);
      if (entry) this.#add(entry, metric, totals, from);
      else this.dropped += totals.count;
    }
  }

  list(): CustomSeries[] {
    return Array.from(
      this.#entries.values(),
      ({ metric, dimensions, count, sum, min, max, last, points, functions }) => ({
        ...metric,
        dimensions,
        ...{ count, sum, min, max, last },
        functions: [...functions],
        points: () => points.list(this.#second(this.#clock.now())),
      }),
    );
  }

  #add(entry: Entry, { values, at }: CustomMetric, totals: Totals, from: MetricSender): void {
    const now = this.#clock.now();
    entry.count += totals.count;
    entry.sum += totals.sum;
    entry.min = Math.min(entry.min, totals.min);
    entry.max = Math.max(entry.max, totals.max);
    // Of a set of statistics nobody knows which value came last: its average stands for it.
    entry.last = values.at(-1) ?? totals.sum / totals.count;
    entry.points.add(this.#second(at ?? now), this.#second(now), totals);
    if (from.function !== undefined) entry.functions.add(from.function);
  }

  #entryOf({ namespace, name, unit, dimensions }: CustomMetric): Entry | undefined {
    const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([namespace, name, unit, sorted]);
    let entry = this.#entries.get(key);
    if (entry) return entry;
    if (this.#entries.size >= MAX_SERIES) {
      this.#hints.tell(
        `More than ${String(MAX_SERIES)} custom metrics in this run: further new ones are not kept. Every combination of ` +
          'dimensions is a metric of its own, on CloudWatch too: a dimension such as a request id makes one for each value',
      );
      return undefined;
    }
    entry = new Entry({ namespace, name, unit }, Object.fromEntries(sorted));
    this.#entries.set(key, entry);
    return entry;
  }

  #second(ms: number): number {
    return Math.floor(ms / 1_000);
  }
}

function totalsOf({ values, counts, statistics }: CustomMetric): Totals {
  if (statistics) return statistics;
  const totals = { count: 0, sum: 0, min: Infinity, max: -Infinity };
  values.forEach((value, i) => {
    const count = counts?.[i] ?? 1;
    if (count <= 0) return;
    totals.count += count;
    totals.sum += value * count;
    totals.min = Math.min(totals.min, value);
    totals.max = Math.max(totals.max, value);
  });
  return totals;
}
