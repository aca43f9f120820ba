import { FaultlineError } from '../contract/errors.js';
import type { FaultMatch, ValueMatch } from '../contract/faults.js';
import type { FaultSubject } from './types.js';

/** Which invocations of a function a fault is for. */

/** The part that is known at admission, and the part that waits for the instance. */
export interface Matcher {
  /** False for what came by another route, with another header or event. */
  admits(subject: FaultSubject, event: () => unknown): boolean;
  /** Present when it goes by the instance or its version. */
  readonly instance?: (id: string, version: number) => boolean;
}

const ALL: Matcher = { admits: () => true };

/** @throws FaultlineError FAULT_INVALID for a regular expression or a path that is none */
export function matcherOf(match: FaultMatch | undefined): Matcher {
  if (!match) return ALL;
  const { route, alias, headers = {}, event = {}, instance, version } = match;
  const routes = route === undefined ? undefined : wildcard(route);
  const byHeader = Object.entries(headers).map(([name, condition]) => ({
    name: name.toLowerCase(),
    holds: conditionOf(condition, `match.headers.${name}`),
  }));
  const byPlace = Object.entries(event).map(([path, condition]) => ({
    steps: stepsOf(path),
    holds: conditionOf(condition, `match.event.${path}`),
  }));
  const instances = instance === undefined ? undefined : wildcard(instance);
  return {
    admits(subject, parsed) {
      if (routes && !(subject.route !== undefined && routes(subject.route))) return false;
      if (alias !== undefined && subject.alias !== alias) return false;
      if (byHeader.length === 0 && byPlace.length === 0) return true;
      const value = parsed();
      return (
        byHeader.every(({ name, holds }) => holds(headerOf(value, name))) &&
        byPlace.every(({ steps, holds }) => holds(valueAt(value, steps)))
      );
    },
    ...(instances || version !== undefined
      ? { instance: (id, running) => (instances?.(id) ?? true) && (version ?? running) === running }
      : {}),
  };
}

/** In words, for views: `POST /orders, header x-tenant = acme, $.sku starts with "a"`. */
export function matchText({ route, alias, version, instance, headers = {}, event = {} }: FaultMatch): string[] {
  return [
    ...(route === undefined ? [] : [route]),
    ...(alias === undefined ? [] : [`alias ${alias}`]),
    ...(version === undefined ? [] : [`version ${String(version)}`]),
    ...(instance === undefined ? [] : [`instance ${instance}`]),
    ...Object.entries(headers).map(([name, condition]) => `header ${name} ${conditionText(condition)}`),
    ...Object.entries(event).map(([path, condition]) => `${path} ${conditionText(condition)}`),
  ];
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

const text = (value: unknown): string | undefined =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined;

type Condition = (value: unknown) => boolean;

function conditionOf(match: ValueMatch, key: string): Condition {
  if (typeof match !== 'object' || match === null) return (value) => same(value, match);
  const { eq, exists, startsWith, regex } = match;
  const conditions: Condition[] = [];
  if (eq !== undefined) conditions.push((value) => same(value, eq));
  if (exists !== undefined) conditions.push((value) => (value !== undefined) === exists);
  if (startsWith !== undefined) conditions.push((value) => text(value)?.startsWith(startsWith) === true);
  if (regex !== undefined) {
    const expression = compiled(regex, key);
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

function compiled(source: string, key: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch (error) {
    throw new FaultlineError('FAULT_INVALID', `${key}: ${(error as Error).message}`, {
      hint: 'Write a regular expression as JavaScript has them.',
      place: { key },
    });
  }
}

/** Steps of `$.detail.items[0].sku`, `detail.items.0.sku` or `$['a key']`. */
function stepsOf(path: string): readonly string[] {
  const rest = path.replace(/^\$\.?/, '');
  const steps: string[] = [];
  const step = /\.?(?:([^.[\]'"]+)|\[(\d+)\]|\[(['"])(.*?)\3\])/y;
  while (step.lastIndex < rest.length) {
    const found = step.exec(rest);
    if (!found) {
      throw new FaultlineError('FAULT_INVALID', `match.event: "${path}" is no path into the event`, {
        hint: "Write for example $.detail.items[0].sku or $.headers['x-tenant'].",
        place: { key: `match.event.${path}` },
      });
    }
    steps.push(found[1] ?? found[2] ?? found[4] ?? '');
  }
  return steps;
}

function valueAt(value: unknown, steps: readonly string[]): unknown {
  let at = value;
  for (const step of steps) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}

function headerOf(event: unknown, name: string): unknown {
  const headers = valueAt(event, ['headers']);
  if (typeof headers !== 'object' || headers === null) return undefined;
  for (const [key, value] of Object.entries(headers)) if (key.toLowerCase() === name) return value as unknown;
  return undefined;
}

function conditionText(match: ValueMatch): string {
  if (typeof match !== 'object' || match === null) return `= ${String(match)}`;
  const parts = [
    ...(match.eq === undefined ? [] : [`= ${String(match.eq)}`]),
    ...(match.exists === undefined ? [] : [match.exists ? 'exists' : 'does not exist']),
    ...(match.startsWith === undefined ? [] : [`starts with ${match.startsWith}`]),
    ...(match.regex === undefined ? [] : [`matches /${match.regex}/`]),
  ];
  return parts.join(' and ');
}
