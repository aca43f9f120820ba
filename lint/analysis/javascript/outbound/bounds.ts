import { isCallLike, keyName, parentOf, unwrap } from '../ast.js';
import type { CallLike, Node } from '../ast.js';
import type { JavaScriptModule } from '../module.js';
import { numberOf } from '../numbers.js';
import { findOption } from '../options.js';
import type { OptionState } from '../options.js';
import type { ClientFact } from '../../../knowledge/clients/index.js';
import { scopeOf, timers } from './around.js';
import type { Bound } from './types.js';

/** How long a limit lets a call take, where the code shows it. */

/** Options that name the time of one attempt, the tightest last. */
const durations = [
  'connectionTimeoutMillis',
  'timeout.request',
  'timeout.response',
  'timeout',
  'headersTimeout',
  'response_timeout',
  'socketTimeoutMS',
  'socket.socketTimeout',
  'socketTimeout',
  'commandTimeout',
  'requestTimeout',
  'statement_timeout',
  'query_timeout',
  'httpOptions.timeout',
];

export function boundIn(
  module: JavaScriptModule,
  fact: ClientFact,
  options: Node | undefined,
  node: CallLike,
): Bound | undefined {
  if (options === undefined) return undefined;
  const names = fact.bounds.flat().flatMap((each) => (each === 'timeout' ? ['timeout', 'timeout.request'] : [each]));
  for (const name of durations) {
    if (!names.includes(name) || name === 'connectionTimeoutMillis') continue;
    const found = findOption(module.origins, options, [name]);
    const ms = found.state === 'present' && found.value ? numberOf(module.origins, found.value) : undefined;
    if (ms !== undefined && found.state === 'present')
      return { ms, ...tries(module, fact, options), ...(found.value ? { value: found.value } : {}) };
  }
  return signalBound(module, findOption(module.origins, options, ['signal']), node);
}

/** `AbortSignal.timeout(ms)`, or a controller that a timer aborts. */
export function signalBound(module: JavaScriptModule, signal: OptionState, node: Node): Bound | undefined {
  if (signal.state !== 'present' || signal.value === undefined) return undefined;
  const value = module.origins.valueOf(signal.value);
  if (isCallLike(value)) return timeoutSignal(module, value);
  const held = unwrap(signal.value);
  if (held.type !== 'MemberExpression' || keyName(held) !== 'signal' || held.object.type !== 'Identifier')
    return undefined;
  const { name } = held.object;
  for (const timer of timers(module, scopeOf(module, node))) {
    const text = timer.arguments[0] === undefined ? '' : module.text(timer.arguments[0]);
    const ms = timer.arguments[1] === undefined ? undefined : numberOf(module.origins, timer.arguments[1]);
    if (ms !== undefined && text.includes(`${name}.abort`) && timer.arguments[1])
      return { ms, attempts: 1, backoffMs: 0, value: timer.arguments[1] };
  }
  return undefined;
}

function timeoutSignal(module: JavaScriptModule, call: CallLike): Bound | undefined {
  const path = module.origins.path(call.callee);
  const first = call.arguments[0];
  if (first === undefined) return undefined;
  if (path === 'global.AbortSignal.timeout') {
    const ms = numberOf(module.origins, first);
    return ms === undefined ? undefined : { ms, attempts: 1, backoffMs: 0, value: first };
  }
  if (path !== 'global.AbortSignal.any' || first.type !== 'ArrayExpression') return undefined;
  const all = first.elements.map((each) => {
    const value = each === null ? undefined : module.origins.valueOf(each);
    return value !== undefined && isCallLike(value) ? timeoutSignal(module, value) : undefined;
  });
  return all.find((each) => each !== undefined);
}

/** Attempts that one call makes: what the options say, else the default of the client. */
function tries(module: JavaScriptModule, fact: ClientFact, options: Node): Pick<Bound, 'attempts' | 'backoffMs'> {
  const number = (name: string): number | undefined => {
    const found = findOption(module.origins, options, [name]);
    return found.state === 'present' && found.value ? numberOf(module.origins, found.value) : undefined;
  };
  const [defaults] = fact.defaults;
  const off = (name: string): boolean => offIn(module, options, name);
  const maxAttempts = number('maxAttempts');
  if (maxAttempts !== undefined) return { attempts: Math.max(1, maxAttempts), backoffMs: 0 };
  for (const name of ['maxRetries', 'retry.limit', 'retry', 'maxNetworkRetries', 'retries']) {
    if (off(name)) return { attempts: 1, backoffMs: 0 };
    const retries = number(name);
    if (retries !== undefined) return { attempts: retries + 1, backoffMs: 0 };
  }
  return { attempts: defaults?.attempts ?? 1, backoffMs: 0 };
}

/** `retry: 0`, `maxRetries: 0`: findOption takes a 0 for nothing set. */
function offIn(module: JavaScriptModule, options: Node, name: string): boolean {
  return findOff(module, options, name) !== undefined;
}

/** The value of an option that is there and switches the limit off: 0, null, false, Infinity. */
export function findOff(module: JavaScriptModule, options: Node | undefined, name: string): Node | undefined {
  if (options === undefined) return undefined;
  const value = module.origins.valueOf(options);
  if (value.type !== 'ObjectExpression') return undefined;
  const [head, ...rest] = name.split('.');
  for (const property of value.properties) {
    if (property.type !== 'Property' || keyName(property) !== head) continue;
    if (rest.length > 0) return findOff(module, property.value, rest.join('.'));
    const set = unwrap(property.value);
    const off = set.type === 'Literal' && (set.value === 0 || set.value === null || set.value === false);
    return off || (set.type === 'Identifier' && set.name === 'Infinity') ? property.value : undefined;
  }
  return undefined;
}

/**
 * The variable of a controller whose signal is given and which nothing ever aborts: it is only made, and asked for its
 * signal.
 */
export function neverAborted(module: JavaScriptModule, signal: OptionState): boolean {
  const held = signal.state === 'present' && signal.value ? unwrap(signal.value) : undefined;
  if (held?.type !== 'MemberExpression' || keyName(held) !== 'signal') return false;
  const made = module.origins.valueOf(held.object);
  if (made.type !== 'NewExpression' || module.origins.path(made.callee) !== 'global.AbortController') return false;
  const variable = module.origins.variable(held.object);
  const definition = variable?.defs[0]?.node as Node | undefined;
  if (
    definition?.type !== 'VariableDeclarator' ||
    /^Export/.test(parentOf(parentOf(definition) ?? definition)?.type ?? '')
  )
    return false;
  return (variable?.references ?? []).every((each) => {
    const parent = parentOf(each.identifier as Node);
    return each.isWrite() || (parent?.type === 'MemberExpression' && keyName(parent) === 'signal');
  });
}
