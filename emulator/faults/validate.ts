import { z } from 'zod';
import { FaultlineError } from '../contract/errors.js';
import { faultSpecSchema, MAX_FAULT_MS } from '../contract/faults.js';
import { kinds } from './kinds/index.js';
import { nearest } from '../nearest.js';
import type { FaultKind } from './types.js';

/** A spec that has been checked: defaults applied, `for` in ms, the kind's own parameters parsed. */
export interface CheckedSpec {
  readonly kindName: string;
  readonly kind: FaultKind;
  readonly function?: string;
  readonly params: object;
  readonly rate: number;
  readonly durationMs: number;
  readonly enabled: boolean;
}

/** The part of a JSON Schema property that error messages tell of. */
interface Property {
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
}

/**
 * Checks what a user gave.
 * @param functions names of the configured functions
 * @throws FaultlineError FAULT_INVALID with the key, what is allowed and the next step
 */
export function checkSpec(input: unknown, functions: readonly string[]): CheckedSpec {
  const parsed = faultSpecSchema.safeParse(input);
  if (!parsed.success) throw invalid(parsed.error, faultSpecSchema, '', 'fault');
  const spec = parsed.data;
  const kind = kindNamed(spec.kind);
  if (!(spec.for > 0 && spec.for <= MAX_FAULT_MS)) {
    throw wrong(
      'for',
      `A fault lasts more than 0 and at most ${String(MAX_FAULT_MS / 3_600_000)}h`,
      'Write for example for: 30s.',
    );
  }
  if (spec.function !== undefined) checkFunction(spec.function, functions);
  const params = kind.params.safeParse(spec.params);
  if (!params.success) throw invalid(params.error, kind.params, 'params.', spec.kind);
  return {
    kindName: spec.kind,
    kind,
    ...(spec.function === undefined ? {} : { function: spec.function }),
    params: params.data,
    rate: spec.rate,
    durationMs: spec.for,
    enabled: spec.enabled,
  };
}

/** Whether a name or a pattern (`*` any part) matches a function's name. */
export function functionMatcher(pattern: string): (name: string) => boolean {
  if (!pattern.includes('*')) return (name) => name === pattern;
  const source = pattern
    .split(/\*+/)
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  const regex = new RegExp(`^${source}$`);
  return (name) => regex.test(name);
}

function kindNamed(name: string): FaultKind {
  if (Object.hasOwn(kinds, name)) return kinds[name as keyof typeof kinds];
  throw wrong('kind', `There is no fault kind "${name}"`, advice(name, Object.keys(kinds), 'Kinds'));
}

function checkFunction(pattern: string, functions: readonly string[]): void {
  if (functions.some(functionMatcher(pattern))) return;
  const message = pattern.includes('*') ? `No function matches "${pattern}"` : `There is no function "${pattern}"`;
  throw wrong('function', message, advice(pattern, functions, 'Functions'));
}

/** `Did you mean latency? Kinds: latency, hang.` */
function advice(word: string, names: readonly string[], title: string): string {
  const meant = nearest(word, names);
  const list = `${title}: ${names.length === 0 ? 'none' : names.join(', ')}.`;
  return meant === undefined ? list : `Did you mean ${meant}? ${list}`;
}

function wrong(key: string, message: string, hint: string): FaultlineError {
  return new FaultlineError('FAULT_INVALID', message, { hint, place: { key } });
}

/** The first issue as the error itself; with more than one, all of them. */
function invalid(error: z.ZodError, schema: z.ZodType, prefix: string, owner: string): FaultlineError {
  const properties = propertiesOf(schema);
  const all = error.issues.map((issue) => explain(issue, properties, prefix, owner));
  const [first] = all;
  if (first === undefined) return new FaultlineError('FAULT_INVALID', error.message);
  return new FaultlineError('FAULT_INVALID', first.message, {
    hint: first.hint,
    place: { key: first.key },
    ...(all.length > 1 ? { all: all.map(({ message, key }) => ({ message, place: { key } })) } : {}),
  });
}

function explain(issue: z.core.$ZodIssue, properties: Record<string, Property>, prefix: string, owner: string) {
  const names = Object.keys(properties);
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const what = prefix === '' ? 'key' : 'parameter';
    return { key: prefix + key, message: `${owner} has no ${what} "${key}"`, hint: advice(key, names, 'It has') };
  }
  const name = String(issue.path[0] ?? '');
  const key = prefix + issue.path.join('.');
  const property = properties[name];
  const allowed = property?.enum === undefined ? '' : ` Allowed: ${property.enum.join(', ')}.`;
  const byDefault = property?.default === undefined ? '' : ` Default: ${JSON.stringify(property.default)}.`;
  const hint = `${property?.description ?? 'See the documentation of faults'}.${allowed}${byDefault}`;
  return { key, message: `${owner}: ${key || 'the fault'} is wrong: ${issue.message}`, hint };
}

function propertiesOf(schema: z.ZodType): Record<string, Property> {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, Property>;
  };
  return json.properties ?? {};
}
