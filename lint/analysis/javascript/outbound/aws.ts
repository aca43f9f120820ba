import { isCallLike, keyName, parentOf, stringOf, unwrap } from '../ast.js';
import type { CallLike, Node } from '../ast.js';
import type { JavaScriptModule } from '../module.js';
import { numberOf } from '../numbers.js';
import { findOption } from '../options.js';
import type { OptionState } from '../options.js';
import { compareVersions } from '../../../knowledge/clients/index.js';
import type { KnownClient } from '../../../knowledge/clients/index.js';
import { isSetAround } from './around.js';
import { boundIn, findOff } from './bounds.js';
import type { Calls } from './instances.js';
import { bounded, unbounded, unknown } from './types.js';
import type { Bound, Mend, OutboundState } from './types.js';

type Installed = (name: string) => string | undefined;

/**
 * The first version of the handler in which `requestTimeout` only warns; before it, it was the idle time of the socket,
 * and did end the request (smithy-typescript #1745, 2025-10-13). Clients of the same day are 3.911.
 */
const warnsSince = { handler: '4.4.0', client: '3.911.0' };

/**
 * Clients of the AWS SDK v3. Seen against a server that never answers: nothing ends a request by default, and
 * `requestTimeout` alone only logs; with `throwOnRequestTimeout`, or with `socketTimeout`, it ends.
 */
export function judgeAwsV3(
  module: JavaScriptModule,
  node: CallLike,
  path: string,
  calls: Calls,
  installed: Installed,
): OutboundState {
  const handler = findOption(module.origins, node.arguments[0], ['requestHandler']);
  if (handler.state === 'unknown') return unknown;
  if (handler.state === 'present') return judgeHandler(module, node, path, handler, installed);
  const own = calls.of(node);
  if (own.length > 0 && own.every((call) => isCallBounded(module, call))) return bounded;
  return isOnlyForSigning(module, node, calls) ? unknown : unbounded;
}

function isCallBounded(module: JavaScriptModule, call: CallLike): boolean {
  return call.arguments.slice(1).some((each) => {
    const found = findOption(module.origins, each, ['abortSignal', 'requestTimeout']);
    return found.state !== 'absent';
  });
}

function judgeHandler(
  module: JavaScriptModule,
  node: CallLike,
  path: string,
  handler: OptionState,
  installed: Installed,
): OutboundState {
  const options = handler.state === 'present' ? handlerOptions(module, handler.value) : undefined;
  if (options === undefined) return unknown;
  const option = (name: string): OptionState => findOption(module.origins, options, [name]);
  const socket = option('socketTimeout');
  const request = option('requestTimeout');
  const throws = option('throwOnRequestTimeout');
  if (socket.state === 'unknown' || request.state === 'unknown') return unknown;
  if (socket.state === 'present') return limited(module, node, socket);
  if (request.state === 'present') {
    if (throws.state === 'present' || endsRequests(path, installed)) return limited(module, node, request);
    if (throws.state === 'unknown') return unknown;
    return { kind: 'ineffective', reason: 'awsWarnsOnly', option: 'requestTimeout', ...mend(module, options) };
  }
  for (const name of ['requestTimeout', 'socketTimeout']) {
    if (findOff(module, options, name)) return { kind: 'ineffective', reason: 'zero', option: name };
  }
  return unbounded;
}

/** True for a version whose `requestTimeout` ends the request by itself. */
function endsRequests(path: string, installed: Installed): boolean {
  const handler = installed('@smithy/node-http-handler');
  if (handler !== undefined) return compareVersions(handler, warnsSince.handler) < 0;
  const client = installed(path.split('.')[0] ?? '');
  return client !== undefined && compareVersions(client, warnsSince.client) < 0;
}

function limited(module: JavaScriptModule, node: CallLike, option: OptionState): OutboundState {
  const value = option.state === 'present' ? option.value : undefined;
  const ms = value && numberOf(module.origins, value);
  if (ms === undefined || value === undefined) return bounded;
  const attempts = findOption(module.origins, node.arguments[0], ['maxAttempts']);
  const tries = attempts.state === 'present' && attempts.value ? numberOf(module.origins, attempts.value) : undefined;
  return { kind: 'bounded', bound: { ms, attempts: tries ?? 3, backoffMs: 0, value } };
}

/** The options object of `requestHandler: {…}` or `requestHandler: new NodeHttpHandler({…})`. */
function handlerOptions(module: JavaScriptModule, value: Node | undefined): Node | undefined {
  if (value === undefined) return undefined;
  const node = module.origins.valueOf(value);
  if (node.type === 'ObjectExpression') return node;
  const creation = isCallLike(node) ? node : module.origins.of(node)?.creation;
  if (creation?.type !== 'NewExpression') return undefined;
  const name = module.origins.path(creation.callee);
  return /NodeHttp2?Handler$/.test(name) ? (creation.arguments[0] ?? creation) : undefined;
}

function mend(module: JavaScriptModule, options: Node): { mend?: Mend } {
  const literal = unwrap(options);
  const last = literal.type === 'ObjectExpression' ? literal.properties.at(-1) : undefined;
  if (last === undefined || module.ownerOf(literal) !== module) return {};
  const edits = [{ start: last.range[1], end: last.range[1], text: ', throwOnRequestTimeout: true' }];
  return { mend: { title: 'Add `throwOnRequestTimeout: true`', edits } };
}

/** Clients of the AWS SDK v2, which `AWS.config.update({ httpOptions })` bounds all at once. */
export function judgeAwsV2(module: JavaScriptModule, node: CallLike, known: KnownClient, calls: Calls): OutboundState {
  if (isSetAround(module, /\bconfig\.(update\([^;]*httpOptions|httpOptions\b)/)) return unknown;
  const options = node.arguments[0];
  const { origins } = module;
  // A DocumentClient with a `service` asks through that client.
  if (findOption(origins, options, ['service']).state === 'present') return unknown;
  const limit = findOption(origins, options, ['httpOptions.timeout', 'httpOptions.connectTimeout']);
  if (limit.state === 'unknown') return unknown;
  if (limit.state === 'present') {
    const bound = boundIn(module, known.fact, options, node);
    return bound === undefined ? bounded : { kind: 'bounded', bound: withRetries(module, node, options, bound) };
  }
  if (findOff(module, options, 'httpOptions.timeout'))
    return { kind: 'ineffective', reason: 'zero', option: 'httpOptions.timeout' };
  return isOnlyForSigning(module, node, calls) ? unknown : unbounded;
}

function withRetries(module: JavaScriptModule, node: CallLike, options: Node | undefined, bound: Bound): Bound {
  if (findOption(module.origins, options, ['maxRetries']).state === 'present') return bound;
  if (findOff(module, options, 'maxRetries')) return { ...bound, attempts: 1 };
  return /dynamodb/i.test(module.origins.path(node.callee)) ? { ...bound, attempts: 11 } : bound;
}

/** True for a client of an emulator on the developer's machine: no function waits for that. */
export function isEmulated(module: JavaScriptModule, node: CallLike): boolean {
  return ['endpoint', 'region'].some((name) => {
    const option = findOption(module.origins, node.arguments[0], [name]);
    const value = option.state === 'present' && option.value ? module.origins.valueOf(option.value) : undefined;
    return value !== undefined && /^https?:\/\/(localhost|127\.0\.0\.1)\b|^localhost$/.test(stringOf(value) ?? '');
  });
}

/** True for a client that the file only signs URLs with: that asks nobody. */
function isOnlyForSigning(module: JavaScriptModule, node: CallLike, calls: Calls): boolean {
  const own = calls.of(node);
  if (own.length > 0) {
    return own.every((call) => {
      const callee = unwrap(call.callee);
      return (
        callee.type === 'MemberExpression' &&
        /^(getSignedUrl|createPresignedPost)(Promise)?$/.test(keyName(callee) ?? '')
      );
    });
  }
  const declarator = parentOf(node);
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier') return false;
  const variable = module.sourceCode.scopeManager.getDeclaredVariables(declarator as never)[0];
  const uses = (variable?.references ?? []).filter((each) => !each.isWrite());
  return (
    uses.length > 0 &&
    uses.every((each) => {
      const call = parentOf(each.identifier as Node);
      return (
        call?.type === 'CallExpression' &&
        /\.(getSignedUrl|createPresignedPost)$/.test(module.origins.path(call.callee))
      );
    })
  );
}
