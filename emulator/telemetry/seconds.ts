import type { Figures, Series } from '../contract/snapshot.js';
import { WINDOW_SECONDS } from '../contract/snapshot.js';
import { addTo, indexOf, newHistogram, quantilesOf } from './histogram.js';
import type { HistogramCounts } from './histogram.js';

/** Whole seconds that a series reaches back. */
export const SERIES_SECONDS = 900;
/** One more for the second that is still running. */
const SLOTS = SERIES_SECONDS + 1;
const QUANTILES = [0.5, 0.95, 0.99] as const;

/**
 * What happened in each of the last 900 seconds. A finished second keeps its counts and three quantiles; full histograms
 * are kept only for the window of the figures, so that a function costs 60 KB, not 3 MB.
 */
export class Seconds {
  readonly #count = new Uint32Array(SLOTS);
  readonly #errors = new Uint32Array(SLOTS);
  readonly #instances = new Uint32Array(SLOTS);
  /** p50, p95, p99 of each second; NaN without an invocation. */
  readonly #quantiles = new Float32Array(SLOTS * QUANTILES.length).fill(NaN);
  readonly #window: HistogramCounts[] = Array.from({ length: WINDOW_SECONDS }, newHistogram);
  /** Epoch second that is being written. */
  #now: number;
  /** Nothing is known of earlier seconds. */
  readonly #first: number;

  /** @param nowMs epoch ms */
  constructor(nowMs: number) {
    this.#now = this.#first = Math.floor(nowMs / 1_000);
  }

  /**
   * Counts one ended invocation.
   * @param nowMs epoch ms
   * @param durationMs undefined when it never ran (throttled): it counts, but its speed says nothing
   */
  record(nowMs: number, durationMs: number | undefined, failed: boolean): void {
    this.#advance(nowMs);
    const slot = this.#now % SLOTS;
    this.#count[slot] = (this.#count[slot] ?? 0) + 1;
    if (failed) this.#errors[slot] = (this.#errors[slot] ?? 0) + 1;
    if (durationMs === undefined) return;
    const histogram = this.#histogram(this.#now);
    const index = indexOf(durationMs);
    histogram[index] = (histogram[index] ?? 0) + 1;
  }

  /** Notes how many instances there are; holds until the next sample. */
  sample(nowMs: number, instances: number): void {
    this.#advance(nowMs);
    this.#instances[this.#now % SLOTS] = instances;
  }

  /** Figures over the running second and the nine before it. */
  figures(nowMs: number): Figures {
    this.#advance(nowMs);
    const sum = newHistogram();
    let count = 0;
    let errors = 0;
    for (let second = this.#now - WINDOW_SECONDS + 1; second <= this.#now; second++) {
      if (second < this.#first) continue;
      count += this.#count[second % SLOTS] ?? 0;
      errors += this.#errors[second % SLOTS] ?? 0;
      addTo(sum, this.#histogram(second));
    }
    // The running second counts for as much of it as has passed: a steady load then shows as a steady rate.
    const span = WINDOW_SECONDS - 1 + Math.min(Math.max(nowMs / 1_000 - this.#now, 0), 1);
    const [p50, p95, p99] = quantilesOf(sum, QUANTILES) ?? [];
    return {
      rate: count / span,
      errorShare: count === 0 ? 0 : errors / count,
      ...(p50 === undefined || p95 === undefined || p99 === undefined ? {} : { p50, p95, p99 }),
    };
  }

  /** The last whole seconds, oldest first; all zero before the run began. */
  series(nowMs: number, seconds: number): Series {
    this.#advance(nowMs);
    const length = Math.min(Math.max(Math.trunc(seconds), 1), SERIES_SECONDS);
    const at = Array.from({ length }, (_, i) => this.#now - length + i);
    const column = (from: Uint32Array) => at.map((second) => (second < this.#first ? 0 : (from[second % SLOTS] ?? 0)));
    const quantile = (which: number) => at.map((second) => this.#quantileOf(second, which));
    return {
      at,
      rate: column(this.#count),
      errors: column(this.#errors),
      p50: quantile(0),
      p95: quantile(1),
      p99: quantile(2),
      instances: column(this.#instances),
    };
  }

  #quantileOf(second: number, which: number): number | null {
    if (second < this.#first) return null;
    const value = this.#quantiles[(second % SLOTS) * QUANTILES.length + which] ?? NaN;
    return Number.isNaN(value) ? null : Math.round(value * 1_000) / 1_000;
  }

  #histogram(second: number): HistogramCounts {
    return this.#window[second % WINDOW_SECONDS] as HistogramCounts;
  }

  /** Closes every second before `nowMs`. A clock that goes back leaves the current second running. */
  #advance(nowMs: number): void {
    const target = Math.floor(nowMs / 1_000);
    if (target <= this.#now) return;
    this.#close(this.#now);
    const instances = this.#instances[this.#now % SLOTS] ?? 0;
    // After a laptop's sleep there is nothing to keep of what lies further back than the ring.
    for (let second = Math.max(this.#now + 1, target - SLOTS + 1); second <= target; second++) {
      this.#open(second, instances);
    }
    this.#now = target;
  }

  #close(second: number): void {
    const found = quantilesOf(this.#histogram(second), QUANTILES);
    if (found) this.#quantiles.set(found, (second % SLOTS) * QUANTILES.length);
  }

  #open(second: number, instances: number): void {
    const slot = second % SLOTS;
    this.#count[slot] = 0;
    this.#errors[slot] = 0;
    this.#instances[slot] = instances;
    this.#quantiles.fill(NaN, slot * QUANTILES.length, (slot + 1) * QUANTILES.length);
    this.#histogram(second).fill(0);
  }
}
