import type { MetricPoint } from './types.js';

/** Seconds that points reach back. */
export const POINT_SECONDS = 900;
const COLUMNS = 5;
const FIRST_ROWS = 8;

/**
 * The seconds of the last 15 minutes in which a metric had values, in order. Rows of numbers side by side, only as many as
 * there are: a metric that comes once costs 320 bytes, one that comes every second 36 KB.
 */
export class Points {
  /** at, count, sum, min, max; the oldest row first. */
  #rows = new Float64Array(FIRST_ROWS * COLUMNS);
  #length = 0;

  /**
   * @param at epoch seconds that the values are of
   * @param now epoch seconds; what is older than 15 minutes then is dropped, what is of the future too
   */
  add(at: number, now: number, value: Omit<MetricPoint, 'at'>): void {
    if (at <= now - POINT_SECONDS || at > now) return;
    this.#drop(now);
    const row = this.#rowOf(at);
    const rows = this.#rows;
    const from = row * COLUMNS;
    rows[from + 1] = (rows[from + 1] as number) + value.count;
    rows[from + 2] = (rows[from + 2] as number) + value.sum;
    rows[from + 3] = Math.min(rows[from + 3] as number, value.min);
    rows[from + 4] = Math.max(rows[from + 4] as number, value.max);
  }

  /** Oldest first. @param now epoch seconds */
  list(now: number): MetricPoint[] {
    this.#drop(now);
    return Array.from({ length: this.#length }, (_, row) => {
      const [at = 0, count = 0, sum = 0, min = 0, max = 0] = this.#rows.subarray(row * COLUMNS, (row + 1) * COLUMNS);
      return { at, count, sum, min, max };
    });
  }

  /** The row of that second, made where there is none; looked for from the newest on, where it nearly always is. */
  #rowOf(at: number): number {
    let row = this.#length;
    while (row > 0 && (this.#rows[(row - 1) * COLUMNS] as number) > at) row--;
    if (row > 0 && this.#rows[(row - 1) * COLUMNS] === at) return row - 1;
    if (this.#length * COLUMNS === this.#rows.length) this.#grow();
    this.#rows.copyWithin((row + 1) * COLUMNS, row * COLUMNS, this.#length * COLUMNS);
    this.#rows.set([at, 0, 0, Infinity, -Infinity], row * COLUMNS);
    this.#length++;
    return row;
  }

  #grow(): void {
    const rows = new Float64Array(Math.min(this.#length * 2, POINT_SECONDS) * COLUMNS);
    rows.set(this.#rows);
    this.#rows = rows;
  }

  #drop(now: number): void {
    let old = 0;
    while (old < this.#length && (this.#rows[old * COLUMNS] as number) <= now - POINT_SECONDS) old++;
    if (old === 0) return;
    this.#rows.copyWithin(0, old * COLUMNS, this.#length * COLUMNS);
    this.#length -= old;
  }
}
