import { FaultlineError, type ErrorCode } from './contract/errors.js';
import type { ValueMatch } from './contract/faults.js';

/** What a header, or a place in JSON, has to be: faults match invocations by it, probes check answers. */

type Code = Extract<ErrorCode, 'FAULT_INVALID' | 'EXPERIMENT_INVALID'>;

const text = (value: unknown): string | undefined =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined;

/** Whether a value is what it has to be. */
export type Condition = (value: unknown) => boolean;

/**
 * @param key where the condition is written, for errors
 * @throws FaultlineError for a regular expression that is none
 */
export function conditionOf(match: ValueMatch, key: string, code: Code = 'FAULT_INVALID'): Condition {
  if (typeof match !== 'object' || match === null) return (value) => same(value, match);
  const { eq, exists, startsWith, regex } = match;
  const conditions: Condition[] = [];
  if (eq !== undefined) conditions.push((value) => same(value, eq));
  if (exists !== undefined) conditions.push((value) => (value !== undefined) === exists);
  if (startsWith !== undefined) conditions.push((value) => text(value)?.startsWith(startsWith) === true);
  if (regex !== undefined) {
    const expression = compiled(regex, key, code);
    conditions.push((value) => {
      const subject = text(value);
      return subject !== undefined && expression.test(subject);
    });
  }
  return (value) => conditions.every((holds) => holds(value));
}

/** A header is always text: 7 means "7" too. */
function same(value: unknown, wanted: unknown): boolean {
  return value === wanted || (typeof value === 'string' && wanted !== null && value === text(wanted));
}

/** @throws FaultlineError for a regular expression that is none */
export function compiled(source: string, key: string, code: Code = 'FAULT_INVALID'): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch (error) {
    throw new FaultlineError(code, `${key}: ${(error as Error).message}`, {
      hint: 'Write a regular expression as JavaScript has them.',
      place: { key },
    });
  }
}

/**
 * Steps of `$.detail.items[0].sku`, `detail.items.0.sku` or `$['a key']`; none for `$`.
 * @param key where the path is written, for errors
 * @throws FaultlineError for a path that is none
 */
export function stepsOf(path: string, key: string, code: Code = 'FAULT_INVALID'): readonly string[] {
  const rest = path.replace(/^\$\.?/, '');
  const steps: string[] = [];
  const step = /\.?(?:([^.[\]'"]+)|\[(\d+)\]|\[(['"])(.*?)\3\])/y;
  while (step.lastIndex < rest.length) {
    const found = step.exec(rest);
    if (!found) {
      throw new FaultlineError(code, `${key}: "${path}" is no path into the event`, {
        hint: "Write for example $.detail.items[0].sku or $.headers['x-tenant'].",
        place: { key: `${key}.${path}` },
      });
    }
    steps.push(found[1] ?? found[2] ?? found[4] ?? '');
  }
  return steps;
}

/** What is at a place of a value; undefined when there is nothing. */
export function valueAt(value: unknown, steps: readonly string[]): unknown {
  let at = value;
  for (const step of steps) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}

/** In words: `= 7`, `starts with a`, `matches /x/`. */
export function conditionText(match: ValueMatch): string {
  if (typeof match !== 'object' || match === null) return `= ${String(match)}`;
  const parts = [
    ...(match.eq === undefined ? [] : [`= ${String(match.eq)}`]),
    ...(match.exists === undefined ? [] : [match.exists ? 'exists' : 'does not exist']),
    ...(match.startsWith === undefined ? [] : [`starts with ${match.startsWith}`]),
    ...(match.regex === undefined ? [] : [`matches /${match.regex}/`]),
  ];
  return parts.join(' and ');
}

/** A pattern in which `*` stands for any part. */
export function wildcard(pattern: string): (text: string) => boolean {
  if (!pattern.includes('*')) return (text) => text === pattern;
  const source = pattern
    .split(/\*+/)
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  const regex = new RegExp(`^${source}$`);
  return (text) => regex.test(text);
}
