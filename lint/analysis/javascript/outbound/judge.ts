import { enclosingFunction, isFunction, keyName, outer, parentOf, stringOf, unwrap } from '../ast.js';
import type { CallLike, Node } from '../ast.js';
import type { JavaScriptModule } from '../module.js';
import { findOption, visibleText } from '../options.js';
import type { OptionState } from '../options.js';
import { inRange } from '../../../knowledge/clients/index.js';
import type { KnownClient } from '../../../knowledge/clients/index.js';
import { isLocalTarget } from '../../../knowledge/local.js';
import { emptyRace, isRaced, isSetAround } from './around.js';
import { isEmulated, judgeAwsV2, judgeAwsV3 } from './aws.js';
import { boundIn, findOff } from './bounds.js';
import { isTarget, judgeHttp, judgeSignal, judgeSocket } from './http.js';
import type { Calls } from './instances.js';
import { bounded, unbounded, unknown } from './types.js';
import type { OutboundState, Reason } from './types.js';

/** One call as it is judged. */
export interface Subject {
  readonly module: JavaScriptModule;
  readonly node: CallLike;
  readonly path: string;
  readonly known: KnownClient;
  readonly calls: Calls;
  readonly installed: (name: string) => string | undefined;
}

/** What bounds a call or a client; undefined where it is none, such as a class that is only named. */
export function judge(subject: Subject): OutboundState | undefined {
  const { module, node, path, known } = subject;
  if (node.arguments.some((each) => each.type === 'SpreadElement')) return unknown;
  if (isConstructor(path) && node.type !== 'NewExpression') return undefined;
  if (/^aws/.test(known.fact.special ?? '') && node.type !== 'NewExpression') return undefined;
  if (isLocal(subject)) return unknown;
  const state = judgeBySpecial(subject);
  if (state.kind !== 'unbounded' && state.kind !== 'ineffective') return state;
  if (node.type === 'NewExpression') return state;
  if (emptyRace(module, node)) return { kind: 'ineffective', reason: 'neverRejects', option: 'Promise.race' };
  return isRaced(module, node) ? bounded : state;
}

function isConstructor(path: string): boolean {
  return /\.[A-Z]\w*$/.test(path) && !path.startsWith('global.');
}

/** Clients whose first argument is an address. */
const addressed =
  /^(fetch|node-fetch|undici|axios|http2?|net|got|ky|ofetch|needle|superagent|request(-promise)?|phin)$/;
/** What development is given in place of an address from the environment, and comments: neither is where a call goes. */
const notTheAddress = /(\|\||\?\?)\s*(['"`])[^'"`]*\2|\/\/(?<!:\/\/)[^\n]*|\/\*[^]*?\*\//g;

/** True when the first argument shows that the call stays inside the instance. */
function isLocal({ module, node, known }: Subject): boolean {
  const target = node.arguments[0];
  const text = module.sourceCode.text;
  if (target === undefined || node.type === 'NewExpression' || !addressed.test(known.fact.client)) return false;
  return isLocalTarget(visibleText(module.origins, text, target).replace(notTheAddress, ' '), text);
}

function judgeBySpecial(subject: Subject): OutboundState {
  const { module, node, path, known, calls } = subject;
  switch (known.fact.special) {
    case 'aws-v3':
      return isOnlyEmulated(subject) ? unknown : judgeAwsV3(module, node, path, calls, subject.installed);
    case 'aws-v2':
      return isOnlyEmulated(subject) ? unknown : judgeAwsV2(module, node, known, calls);
    case 'http':
      return judgeHttp(module, node);
    case 'socket':
      return judgeSocket(module);
    case 'chain':
      return judgeChain(subject);
    case 'last-options':
      return judgeAny(subject, node.arguments);
    case 'instance':
      return judgeInstance(subject);
    case 'per-query':
      return judgeQueries(subject);
    case 'knex':
      return judgeKnex(subject);
    default:
      return judgeCall(subject);
  }
}

/** `offline ? new S3({ endpoint: 'http://localhost…' }) : new S3()`: options of one value, a local one. */
function isOnlyEmulated({ module, node }: Subject): boolean {
  return node.arguments[0]?.type === 'ObjectExpression' && isEmulated(module, node);
}

function judgeCall(subject: Subject): OutboundState {
  const { node, path, known } = subject;
  if (/^(fetch|node-fetch|undici)$/.test(known.fact.client)) return judgeFetch(subject);
  if (known.fact.client === 'axios') {
    if (setsAxiosDefaults(subject)) return unknown;
    if (path === 'axios') return judgeOptions(subject, node.arguments[isConfigFirst(subject) ? 0 : 1]);
  }
  if (known.fact.client === 'got' && node.arguments.length === 1 && isObject(subject, node.arguments[0]))
    return judgeOptions(subject, node.arguments[0]);
  return judgeOptions(subject, node.arguments[known.fact.options ?? 0]);
}

/** The state that an options argument gives a client. */
export function judgeOptions(subject: Subject, given: Node | undefined): OutboundState {
  const { module, node, known } = subject;
  const options = given !== undefined && isTarget(module, given) ? undefined : given;
  const { fact } = known;
  const off = offOption(module, fact.bounds, options);
  if (known.waits === 'bounded') return off ?? bounded;
  const states = fact.bounds.map((names) => findOption(module.origins, options, names));
  const wrong = useless(subject, options);
  if (wrong !== undefined) return wrong;
  if (states.some((each) => each.state === 'absent'))
    return off !== undefined && states.every((each) => each.state === 'absent') ? off : unbounded;
  if (states.length === 0) return unbounded;
  if (states.some((each) => each.state === 'unknown')) return unknown;
  const signal = findOption(module.origins, options, ['signal']);
  const onlySignal = signal.state === 'present' && findOption(module.origins, options, ['timeout']).state === 'absent';
  if (onlySignal) return judgeSignal(module, signal, node);
  const bound = boundIn(module, fact, options, node);
  return bound === undefined ? bounded : { kind: 'bounded', bound };
}

function ineffective(reason: Reason, option: string, value?: Node): OutboundState {
  return { kind: 'ineffective', reason, option, ...(value === undefined ? {} : { value }) };
}

/** The option that is given as 0, null, false or Infinity where that means no limit. */
function offOption(
  module: JavaScriptModule,
  bounds: readonly (readonly string[])[],
  options: Node | undefined,
): OutboundState | undefined {
  for (const name of bounds.flat()) {
    const value = /^(signal|maxRetriesPerRequest)$/.test(name) ? undefined : findOff(module, options, name);
    if (value !== undefined) return ineffective('zero', name, value);
  }
  return undefined;
}

/** Options that the installed version does not know, or takes otherwise. */
function useless({ module, known, installed }: Subject, options: Node | undefined): OutboundState | undefined {
  const find = (name: string): OptionState => findOption(module.origins, options, [name]);
  if (known.fact.client === 'got') {
    const version = installed('got');
    const timeout = find('timeout');
    const value = timeout.state === 'present' && timeout.value ? module.origins.valueOf(timeout.value) : undefined;
    const isNumber = value?.type === 'Literal' && typeof value.value === 'number';
    return isNumber && version !== undefined && inRange(version, '>=12')
      ? ineffective('gotNumber', 'timeout', value)
      : undefined;
  }
  if (known.fact.client !== 'mongodb') return undefined;
  const version = installed('mongodb');
  const only = find('timeoutMS').state === 'present' && find('socketTimeoutMS').state === 'absent';
  return only && version !== undefined && inRange(version, '>=7.8 <7.9')
    ? ineffective('mongoTimeout', 'timeoutMS')
    : undefined;
}

/** `fetch(request)` where the request was made elsewhere, pages' relative URLs, and options that fetch does not know. */
function judgeFetch(subject: Subject): OutboundState {
  const { module, node, known } = subject;
  const target = node.arguments[0];
  if (target === undefined) return unknown;
  const url = unwrap(target);
  if (stringOf(url)?.startsWith('/') === true || startsWithSlash(url)) return unknown;
  if (node.arguments.length === 1 && isRequestObject(module, url)) return unknown;
  const replaced =
    /\bsetGlobalDispatcher\(|\b(global|globalThis)\.fetch\s*=(?!=)|fetch-(retry|timeout)|addEventListener\(\s*['"]fetch/;
  if (isSetAround(module, replaced)) return unknown;
  const state = judgeOptions(subject, node.arguments[1]);
  const timeout = ignoresTimeout(subject) ? findOption(module.origins, node.arguments[1], ['timeout']) : undefined;
  const hasSignal = findOption(module.origins, node.arguments[1], ['signal', 'dispatcher']).state !== 'absent';
  if (timeout?.state === 'present' && timeout.value !== undefined && !hasSignal)
    return ineffective('ignoredOption', 'timeout', timeout.value);
  if (known.fact.client === 'node-fetch' && ignoresTimeout(subject) && !hasSignal && timeout?.state === 'absent')
    return unbounded;
  return state;
}

/** True for every fetch but node-fetch 2 and what is built on it. */
function ignoresTimeout({ module, path, known, installed }: Subject): boolean {
  if (known.fact.client !== 'node-fetch')
    return path.startsWith('undici.') || !/(isomorphic|cross|node)-(un)?fetch/.test(module.sourceCode.text);
  const version = installed('node-fetch');
  return path.startsWith('node-fetch') && version !== undefined && inRange(version, '>=3');
}

function startsWithSlash(url: Node): boolean {
  return url.type === 'TemplateLiteral' && url.quasis[0]?.value.raw.startsWith('/') === true;
}

function isRequestObject(module: JavaScriptModule, url: Node): boolean {
  if (url.type === 'Identifier' && /^req(uest)?$/i.test(url.name)) return true;
  const origin = module.origins.of(url);
  return origin !== undefined && /(^|\.)Request\(\)$/.test(origin.path);
}

const axiosDefaults =
  /\.defaults\.(timeout|signal)\s*=(?!\s*0\b)|defaults,?\s*\{[^}]*timeout|interceptors\.request\.use\([^]{0,400}timeout/;

/** Defaults and interceptors of axios, in this file or one that it imports. */
function setsAxiosDefaults({ module }: Subject): boolean {
  return isSetAround(module, axiosDefaults);
}

/** `axios({ url, timeout })` has its config first; `axios(url, config)` second. */
function isConfigFirst({ module, node }: Subject): boolean {
  const first = node.arguments[0];
  if (first === undefined || node.arguments.length > 1) return false;
  const value = module.origins.valueOf(first);
  if (stringOf(value) !== undefined || value.type === 'TemplateLiteral') return false;
  const name = unwrap(first);
  return !(name.type === 'Identifier' && /ur[il]|endpoint/i.test(name.name));
}

function isObject({ module }: Subject, node: Node | undefined): boolean {
  return node !== undefined && module.origins.valueOf(node).type === 'ObjectExpression';
}

/** An instance without a limit is fine when every call on it sets one. */
function judgeInstance(subject: Subject): OutboundState {
  const { module, node, known, calls } = subject;
  if (known.fact.client === 'axios' && setsAxiosDefaults(subject)) return unknown;
  const state = judgeOptions(subject, node.arguments[known.fact.options ?? 0]);
  if (state.kind !== 'unbounded' && state.kind !== 'ineffective') return state;
  const own = calls.of(node);
  const limited = (call: CallLike): boolean =>
    call.arguments.some(
      (each) => findOption(module.origins, each, ['timeout', 'signal', 'cancelToken']).state === 'present',
    ) || isRaced(module, call);
  return own.length > 0 && own.every(limited) ? bounded : state;
}

/** MySQL: only a query's own `timeout` bounds it, whatever the options of the connection are. */
function judgeQueries(subject: Subject): OutboundState {
  const { module, node, calls } = subject;
  const options = node.arguments[0];
  if (isSetAround(module, /\bsql\b[^;]{0,200}\btimeout\b|\btimeout\b[^;]{0,200}\bsql\b|max_execution_time/i))
    return unknown;
  if (calls.of(node).some((call) => isRaced(module, call))) return bounded;
  const value = options === undefined ? undefined : module.origins.valueOf(options);
  if (value === undefined || value.type === 'ObjectExpression') return unbounded;
  // Made of a parameter: somebody else's pool.
  return isParameter(module, value) ? unknown : unbounded;
}

function isParameter(module: JavaScriptModule, node: Node): boolean {
  return node.type === 'Identifier' && module.origins.variable(node)?.defs[0]?.type === 'Parameter';
}

/** Knex hands the limits on to its driver, in `connection`; `.timeout(ms)` bounds one query. */
function judgeKnex({ module, node }: Subject): OutboundState {
  const options = node.arguments[0];
  if (isSetAround(module, /\.timeout\(|statement_timeout|query_timeout|requestTimeout/)) return unknown;
  if (options === undefined || findOption(module.origins, options, ['client']).state !== 'present') return unknown;
  const connection = findOption(module.origins, options, ['connection']);
  const client = findOption(module.origins, options, ['client']);
  const name = client.state === 'present' && client.value ? stringOf(client.value) : undefined;
  if (name === undefined || !/^(pg|postgres|postgresql|mysql2?|cockroachdb|redshift)$/.test(name)) return unknown;
  const value =
    connection.state === 'present' && connection.value ? module.origins.valueOf(connection.value) : undefined;
  return value?.type === 'ObjectExpression' || (value && stringOf(value) !== undefined) ? unbounded : unknown;
}

/** Options that may stand at any place: `new Redis(port, host, options)`. */
function judgeAny(subject: Subject, values: readonly Node[]): OutboundState {
  const options = values.filter((each) => !isTarget(subject.module, each));
  if (options.length === 0) return judgeOptions(subject, undefined);
  const states = options.map((each) => judgeOptions(subject, each));
  return (
    states.find((each) => each.kind === 'bounded') ??
    states.find((each) => each.kind === 'unknown') ??
    states.find((each) => each.kind === 'ineffective') ??
    unbounded
  );
}

/** superagent: `.timeout(ms)` in the chain, or on the variable that holds the request. */
function judgeChain(subject: Subject): OutboundState {
  const { module, node, known } = subject;
  const names = known.fact.bounds.flat();
  let last: Node = node;
  for (let at = parentOf(node); at !== undefined && !/Statement$/.test(at.type); last = at, at = parentOf(at)) {
    if (isFunction(at)) break;
    if (at.type === 'VariableDeclarator') {
      const scope = enclosingFunction(node) ?? module.program;
      return /\.(timeout|abort)\(/.test(module.text(scope)) ? bounded : unbounded;
    }
    if (at.type !== 'MemberExpression' || unwrap(at.object) !== unwrap(last)) continue;
    if (names.includes(keyName(at) ?? '')) return bounded;
  }
  return isSetAround(module, /superagent[^;]*\.timeout\(|\.agent\(\)[^;]*\.timeout\(/) ? unknown : unbounded;
}

/** The call's own words for what is called: `axios.get`, `new Pool`. */
export function nameOf(module: JavaScriptModule, node: CallLike, known: KnownClient): string {
  const callee = outer(node.callee);
  const text = module.text(callee);
  const short = /^[\w.]{1,40}$/.test(text) ? text : (known.fact.label ?? known.fact.client);
  return node.type === 'NewExpression' ? `new ${short}` : short;
}
