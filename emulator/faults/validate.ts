import { z } from 'zod';
import { FaultlineError } from '../contract/errors.js';
import { faultSpecSchema, MAX_FAULT_MS, PICKS, type Fault, type FaultSpec } from '../contract/faults.js';
import { nearest } from '../contract/nearest.js';
import { kinds } from './kinds/index.js';
import { wildcard } from '../value-match.js';
import { matcherOf } from './match.js';
import type { FaultKind, FaultTarget } from './types.js';

/** A spec that has been checked: defaults applied, `for` in ms, the kind's own parameters parsed. */
export interface CheckedSpec
  extends
    Pick<z.output<typeof faultSpecSchema>, 'function' | 'match' | 'rate' | 'atOnce' | 'enabled' | 'dryRun'>,
    Picks {
  readonly kindName: string;
  readonly kind: FaultKind;
  readonly params: object;
  readonly durationMs: number;
  readonly rampMs?: number;
  /** Functions that it is meant for and cannot reach. */
  readonly unreached: NonNullable<Fault['unreached']>;
}

type Picks = Pick<FaultSpec, (typeof PICKS)[number]>;

/** The part of a JSON Schema property that error messages tell of. */
interface Property {
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
}

/**
 * Checks what a user gave.
 * @param functions the configured ones
 * @throws FaultlineError FAULT_INVALID with the key, what is allowed and the next step
 */
export function checkSpec(
  input: unknown,
  functions: readonly FaultTarget[],
  platform: NodeJS.Platform = process.platform,
): CheckedSpec {
  const parsed = faultSpecSchema.safeParse(input);
  if (!parsed.success) throw invalid(parsed.error, faultSpecSchema, '', 'fault');
  const { kind: kindName, params: given, for: durationMs, ramp, ...spec } = parsed.data;
  const kind = kindNamed(kindName);
  if (!(durationMs > 0 && durationMs <= MAX_FAULT_MS)) {
    throw wrong(
      'for',
      `A fault lasts more than 0 and at most ${String(MAX_FAULT_MS / 3_600_000)}h`,
      'Write for example for: 30s.',
    );
  }
  checkScope(kindName, kind, parsed.data);
  const targets = targetsOf(spec.function, functions);
  if (spec.match?.route !== undefined) checkRoute(spec.match.route, targets);
  // Throws for a path or a regular expression that is none.
  matcherOf(spec.match);
  const params = kind.params.safeParse(given);
  if (!params.success) throw invalid(params.error, kind.params, 'params.', kindName);
  return {
    ...spec,
    kindName,
    kind,
    params: params.data,
    durationMs,
    ...(ramp === undefined ? {} : { rampMs: ramp }),
    unreached: unreachedBy(kindName, kind, targets, platform),
  };
}

/** @throws FaultlineError FAULT_INVALID for what the kind, by when it acts, cannot go by */
function checkScope(name: string, kind: FaultKind, spec: z.output<typeof faultSpecSchema>): void {
  if (kind.optIn && spec.function === undefined) {
    const hint = 'Name the functions that it may hit; "*" is all of them.';
    throw wrong('function', `${name} hits nothing that has not been named`, hint);
  }
  const byInvocation = (['match', ...PICKS, 'atOnce', 'ramp'] as const).find((key) => spec[key] !== undefined);
  const given = byInvocation ?? (spec.rate < 100 ? 'rate' : undefined);
  if (given !== undefined && actsInBackground(kind)) {
    const hint = `Leave ${given} out; it is for kinds that hit invocations.`;
    throw wrong(given, `${name} goes by no invocation, it acts by itself`, hint);
  }
  const byInstance = (['instance', 'version'] as const).find((key) => spec.match?.[key] !== undefined);
  if (byInstance && (kind.admit ?? kind.start ?? kind.deliver)) {
    throw wrong(`match.${byInstance}`, `${name} acts before there is an instance`, 'Match by route, header or event.');
  }
  if (kind.deliver && spec.match?.route !== undefined)
    throw wrong('match.route', `${name} acts on what comes from a queue, not by a route`, 'Match by event.');
}

const actsInBackground = ({ background, admit, start, around, effect, deliver }: FaultKind): boolean =>
  background !== undefined && !(admit ?? start ?? around ?? effect ?? deliver);

/** @throws FaultlineError FAULT_INVALID when it can reach none of them */
function unreachedBy(
  name: string,
  { reach }: FaultKind,
  targets: readonly FaultTarget[],
  platform: NodeJS.Platform,
): CheckedSpec['unreached'] {
  const never = reach.platform?.(platform);
  if (never !== undefined) throw wrong('kind', `${name} cannot be realised on this machine: ${never}`, SEE_TABLE);
  const unreached = targets.flatMap(({ name: target, runtime }) => {
    const reached = reach[runtime];
    return reached === true ? [] : [{ function: target, why: reached }];
  });
  if (targets.length > 0 && unreached.length === targets.length) {
    const [first] = unreached;
    throw wrong('kind', `${name} cannot reach ${first?.function ?? 'it'}: ${first?.why ?? ''}`, SEE_TABLE);
  }
  return unreached;
}

const SEE_TABLE = 'docs/faults/README.md has a table of what can be realised where.';

/** @throws FaultlineError FAULT_INVALID */
export function kindNamed(name: string): FaultKind {
  if (Object.hasOwn(kinds, name)) return kinds[name as keyof typeof kinds];
  throw wrong('kind', `There is no fault kind "${name}"`, advice(name, Object.keys(kinds), 'Kinds'));
}

/** The functions that it is meant for. */
function targetsOf(pattern: string | undefined, functions: readonly FaultTarget[]): readonly FaultTarget[] {
  if (pattern === undefined) return functions;
  const matches = wildcard(pattern);
  const found = functions.filter(({ name }) => matches(name));
  if (found.length > 0) return found;
  const message = pattern.includes('*') ? `No function matches "${pattern}"` : `There is no function "${pattern}"`;
  const names = functions.map(({ name }) => name);
  throw wrong('function', message, advice(pattern, names, 'Functions'));
}

function checkRoute(pattern: string, targets: readonly FaultTarget[]): void {
  const routes = targets.flatMap((target) => target.routes);
  if (routes.some(wildcard(pattern))) return;
  throw wrong('match.route', `No route of these functions is "${pattern}"`, advice(pattern, routes, 'Routes'));
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
