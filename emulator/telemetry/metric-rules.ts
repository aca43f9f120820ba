/** What CloudWatch takes as a metric, in whichever way it is sent [D: MetricDatum, embedded metric format]. */

export const UNITS = [
  ...['Seconds', 'Microseconds', 'Milliseconds', 'Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes', 'Bits'],
  ...['Kilobits', 'Megabits', 'Gigabits', 'Terabits', 'Percent', 'Count', 'Bytes/Second', 'Kilobytes/Second'],
  ...['Megabytes/Second', 'Gigabytes/Second', 'Terabytes/Second', 'Bits/Second', 'Kilobits/Second'],
  ...['Megabits/Second', 'Gigabits/Second', 'Terabits/Second', 'Count/Second', 'None'],
] as readonly string[];
const units = new Set(UNITS);

export const NO_UNIT = 'None';
/** Dimensions of one metric. */
export const MAX_DIMENSIONS = 30;
/** Characters. */
export const MAX_DIMENSION_VALUE = 1_024;
/** Values are refused beyond this size, either way. */
const MAX_MAGNITUDE = 2 ** 360;
/** How far a time may lie back and ahead, in ms: two weeks and two hours. */
const PAST_MS = 14 * 24 * 3_600_000;
const FUTURE_MS = 2 * 3_600_000;

export function isUnit(text: unknown): text is string {
  return typeof text === 'string' && units.has(text);
}

/** A number that is one for CloudWatch too: neither NaN nor infinite nor beyond 2^360. */
export function isValue(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= MAX_MAGNITUDE;
}

/** @param at epoch ms @param now epoch ms */
export function isTakenTime(at: number, now: number): boolean {
  return at >= now - PAST_MS && at <= now + FUTURE_MS;
}
