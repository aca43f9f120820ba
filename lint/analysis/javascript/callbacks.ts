import { isSyncIterator, nodeCallback } from '../../knowledge/callbacks.js';
import { isCallLike, isFunction, keyName, outer, parentOf, stringOf, unwrap } from './ast.js';
import type { CallLike, FunctionNode, Node } from './ast.js';
import type { JavaScriptModule } from './module.js';

/**
 * How a function is called that somebody else was given.
 *
 * `promise`: by a promise, which turns what it throws into a rejection. `sync`: before the call that takes it returns.
 * `timer`, `event`, `node` (called back with an error first): later, from the event loop, with nobody above it.
 */
export type CallbackUse = 'promise' | 'sync' | 'timer' | 'event' | 'node' | 'unknown';

export interface Callback {
  readonly use: CallbackUse;
  /** The call that takes the function. */
  readonly call: CallLike;
}

const timers = /^(global\.|timers\.)(setTimeout|setInterval|setImmediate|queueMicrotask)$|^global\.process\.nextTick$/;
const listens = /^(on|once|addListener|prependListener|prependOnceListener)$/;
const errorName = /^_*(err|error|er|e|ex|exception)\d?$|^_*\w+(Err|Error)$/;

/** How a function is used as an argument, directly or by its name; undefined where it is none. */
export function callbackOf(module: JavaScriptModule, fn: FunctionNode): Callback | undefined {
  const direct = argumentOf(fn);
  if (direct !== undefined) return { use: useOf(module, direct.call, direct.index, fn), call: direct.call };
  const name = nameOf(fn);
  if (name === undefined) return undefined;
  const variable = module.ownerOf(fn).origins.variable(name) ?? declared(module, fn, name);
  for (const reference of variable?.references ?? []) {
    const use = argumentOf(reference.identifier as Node);
    if (use !== undefined) return { use: useOf(module, use.call, use.index, fn), call: use.call };
  }
  return undefined;
}

function declared(module: JavaScriptModule, fn: FunctionNode, name: { name: string }) {
  const place = fn.type === 'FunctionDeclaration' ? fn : parentOf(outer(fn));
  const variables =
    place === undefined ? [] : module.ownerOf(fn).sourceCode.scopeManager.getDeclaredVariables(place as never);
  return variables.find((each) => each.name === name.name);
}

function nameOf(fn: FunctionNode) {
  if (fn.type === 'FunctionDeclaration') return fn.id ?? undefined;
  const parent = parentOf(outer(fn));
  return parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id : undefined;
}

/** The call that takes a node as an argument, through `.bind(this)`. */
function argumentOf(node: Node): { call: CallLike; index: number } | undefined {
  const at = outer(node);
  const parent = parentOf(at);
  if (parent?.type === 'MemberExpression' && parent.object === at && keyName(parent) === 'bind') {
    const bound = parentOf(parent);
    return bound?.type === 'CallExpression' && bound.callee === parent ? argumentOf(bound) : undefined;
  }
  if (!isCallLike(parent)) return undefined;
  const index = parent.arguments.findIndex((each) => each === at);
  return index === -1 ? undefined : { call: parent, index };
}

function useOf(module: JavaScriptModule, call: CallLike, index: number, fn: FunctionNode): CallbackUse {
  const callee = unwrap(call.callee);
  const path = module.origins.path(callee);
  if (call.type === 'NewExpression') return path === 'global.Promise' ? 'promise' : 'unknown';
  const method = callee.type === 'MemberExpression' ? keyName(callee) : undefined;
  if (timers.test(path)) return 'timer';
  if (method !== undefined && /^(then|catch|finally)$/.test(method)) return 'promise';
  if (method !== undefined && isSyncIterator(path, method, index)) return 'sync';
  if (/^global\.process\.\w+$/.test(path)) return 'unknown';
  if (method !== undefined && listens.test(method) && index === 1 && isEventName(call.arguments[0])) return 'event';
  const last = index === call.arguments.length - 1;
  if (/^https?\.(get|request)$/.test(path) && last) return 'event';
  if (!last || path.startsWith('jsonwebtoken.')) return 'unknown';
  return nodeCallback.test(path) || takesError(fn) ? 'node' : 'unknown';
}

function isEventName(node: Node | undefined): boolean {
  return node !== undefined && stringOf(node) !== undefined;
}

/** True for `(err, …) => …`, except Express's `(err, req, res, next)`. */
function takesError(fn: FunctionNode): boolean {
  const [first, second] = fn.params;
  if (first?.type !== 'Identifier' || !errorName.test(first.name)) return false;
  return !(second?.type === 'Identifier' && /^_?(req|request|ctx)$/.test(second.name));
}

/** True when the name says that a parameter is an error. */
export function isErrorName(name: string): boolean {
  return errorName.test(name);
}

/** True for a function called where it stands: `(() => { … })()`. */
export function isCalledInPlace(fn: FunctionNode): boolean {
  const at = outer(fn);
  const parent = parentOf(at);
  return parent?.type === 'CallExpression' && parent.callee === at;
}

/** True when `node` lies in the block of a try with a catch clause, within `fn`. */
export function isInTry(node: Node, fn: Node): boolean {
  for (
    let at: Node = node, parent = parentOf(node);
    parent !== undefined && at !== fn;
    at = parent, parent = parentOf(at)
  ) {
    if (parent.type === 'TryStatement' && parent.block === at && parent.handler !== null) return true;
  }
  return false;
}

/** The `reject` of the promise whose executor a node stands in, by the name that reaches the node. */
export function rejectAt(module: JavaScriptModule, node: Node): string | undefined {
  for (let at = parentOf(node); at !== undefined; at = parentOf(at)) {
    if (!isFunction(at) || callbackOf(module, at)?.use !== 'promise') continue;
    const call = parentOf(outer(at));
    if (call?.type !== 'NewExpression') continue;
    const reject = at.params[1];
    return reject?.type === 'Identifier' ? reject.name : undefined;
  }
  return undefined;
}
