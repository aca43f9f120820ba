import type { FaultMatch } from '../contract/faults.js';
import { conditionOf, conditionText, stepsOf, valueAt, wildcard } from '../value-match.js';
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
    steps: stepsOf(path, 'match.event'),
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

function headerOf(event: unknown, name: string): unknown {
  const headers = valueAt(event, ['headers']);
  if (typeof headers !== 'object' || headers === null) return undefined;
  for (const [key, value] of Object.entries(headers)) if (key.toLowerCase() === name) return value as unknown;
  return undefined;
}
