import { STATUS_CODES } from 'node:http';
import type { ProbeInput } from '../../../contract/experiment.js';
import { isFields } from '../values.js';

/**
 * A tolerance of the Chaos Toolkit as what our probes expect. chaoslib holds a number against the status of an answer or the exit
 * code of a process, and a list against the same as one of; `target` names another part of what the provider gave.
 */

export type Expect = NonNullable<ProbeInput['expect']>;

/** What could not be said; `why` is undefined when it was. */
export type Told = { readonly expect: Expect } | { readonly why: string };

/** Of a range only those that have a name; nobody answers the others. */
const STATUSES = Object.keys(STATUS_CODES).map(Number);

export function httpExpectation(tolerance: unknown): Told {
  if (isStatus(tolerance)) return { expect: { status: tolerance } };
  if (Array.isArray(tolerance) && tolerance.length > 0 && tolerance.every(isStatus)) {
    return { expect: { status: tolerance } };
  }
  if (!isFields(tolerance)) return { why: `a tolerance of ${JSON.stringify(tolerance)} is no status` };
  const { type, target = type === 'range' ? 'status' : 'body' } = tolerance;
  if (type === 'range') return statuses((code) => within(code, tolerance['range']));
  if (type === 'regex') {
    const regex = javaScript(tolerance['pattern']);
    if (regex === undefined) return { why: 'the regular expression is one of Python that JavaScript does not have' };
    if (target === 'status') return statuses((code) => new RegExp(regex, 'u').test(String(code)));
    if (target === 'body') return { expect: { text: { regex } } };
    return { why: `nothing of ours looks at ${JSON.stringify(target)} of an answer` };
  }
  if (type === 'jsonpath' && target === 'body') return place(tolerance);
  return { why: `a tolerance of type ${JSON.stringify(type)} is a program of its own` };
}

export function processExpectation(tolerance: unknown): Told {
  if (typeof tolerance === 'number' && Number.isInteger(tolerance)) return { expect: { exitCode: tolerance } };
  if (tolerance === true) return { expect: { exitCode: 0 } };
  if (isFields(tolerance) && tolerance['type'] === 'regex' && tolerance['target'] === 'stdout') {
    const regex = javaScript(tolerance['pattern']);
    if (regex !== undefined) return { expect: { stdout: { regex } } };
  }
  return { why: 'a process is held against its exit code or its stdout' };
}

function statuses(allowed: (code: number) => boolean): Told {
  const status = STATUSES.filter(allowed);
  return status.length > 0 ? { expect: { status } } : { why: 'no HTTP status lies in the tolerance' };
}

function within(code: number, range: unknown): boolean {
  const [low, high] = Array.isArray(range) ? range.map(Number) : [];
  return low !== undefined && high !== undefined && code >= low && code <= high;
}

/** `$.items[0].sku` is a place of ours; what picks several is not. */
function place({ path, expect, count }: Readonly<Record<string, unknown>>): Told {
  if (typeof path !== 'string' || !/^\$?\.?[\w-]+(?:\.[\w-]+|\[\d+\])*$/.test(path)) {
    return { why: `the JSON path ${JSON.stringify(path)} picks more than one place` };
  }
  const key = path.startsWith('$') ? path : `$.${path}`;
  const [only, ...more] = Array.isArray(expect) ? (expect as unknown[]) : [expect];
  if (more.length > 0) return { why: 'one place has one value, and several are expected' };
  if (typeof only === 'string' || typeof only === 'number' || typeof only === 'boolean') {
    return { expect: { body: { [key]: only } } };
  }
  if (expect !== undefined) return { why: `${JSON.stringify(expect)} is no single value` };
  return { expect: { body: { [key]: { exists: count !== 0 } } } };
}

function isStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 100 && value <= 599;
}

function javaScript(pattern: unknown): string | undefined {
  if (typeof pattern !== 'string' || pattern === '') return undefined;
  try {
    return new RegExp(pattern, 'u').source;
  } catch {
    return undefined;
  }
}
