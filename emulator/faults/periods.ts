import type { FaultPeriod } from '../contract/faults.js';

/** Ended periods kept; the series that they shade are 15 minutes long. */
const KEPT = 500;

type Open = Omit<FaultPeriod, 'to'> & { to?: number };

/** When which fault was on. */
export class Periods {
  #all: Open[] = [];

  begin(fault: { id: string; kind: string; function?: string }, now: number): void {
    const { id, kind, function: name } = fault;
    this.#all.push({ fault: id, kind, ...(name === undefined ? {} : { function: name }), from: now });
    if (this.#all.length > 2 * KEPT) this.#forget();
  }

  end(fault: string, now: number): void {
    const period = this.#all.findLast((one) => one.fault === fault && one.to === undefined);
    if (period) period.to = now;
  }

  /** Oldest first; those that reach past `since`, epoch ms. */
  since(since: number): readonly FaultPeriod[] {
    return this.#all.filter((period) => period.to === undefined || period.to >= since).map((period) => ({ ...period }));
  }

  #forget(): void {
    let drop = this.#all.filter((period) => period.to !== undefined).length - KEPT;
    this.#all = this.#all.filter((period) => period.to === undefined || drop-- <= 0);
  }
}
