import { isJavaScriptIo, isLikelyIo } from '../../knowledge/io.js';
import { isCallLike, isFunction, keyName, parentOf, unwrap, walk } from './ast.js';
import type { CallLike, FunctionNode, Node } from './ast.js';
import type { JavaScriptModule } from './module.js';

type Call = Extract<Node, { type: 'CallExpression' }>;
type Catch = Extract<Node, { type: 'CatchClause' }>;

/** A place where a rejected promise leaves a function. */
export interface Escape {
  readonly at: CallLike;
  /** The I/O itself: the same call, or one inside the helper that `at` calls. */
  readonly io: CallLike;
}

/** The known I/O of a function, helpers of the same file included, whose failure nothing in it catches. */
export function escapes(
  module: JavaScriptModule,
  fn: FunctionNode,
  isIo: (path: string) => boolean = isJavaScriptIo,
  seen = new Set<FunctionNode>(),
): Escape[] {
  const found: Escape[] = [];
  seen.add(fn);
  walk(fn, (node) => {
    if (node !== fn && isFunction(node) && !isAwaitedCallback(node, fn)) return false;
    if (!isCallLike(node)) return undefined;
    const io = failingIo(module, node, isIo, seen);
    if (io !== undefined && isConsumed(node, fn) && !isCaught(node, fn)) found.push({ at: node, io });
    return undefined;
  });
  seen.delete(fn);
  return found;
}

function failingIo(
  module: JavaScriptModule,
  node: CallLike,
  isIo: (path: string) => boolean,
  seen: Set<FunctionNode>,
): CallLike | undefined {
  if (node.type === 'NewExpression') return isWrappedRequest(module, node) ? node : undefined;
  // What the project shows is looked into, whatever its name says.
  const helper = localFunction(module, node.callee);
  if (helper === undefined && isIo(module.origins.path(node.callee))) return takesCallback(node) ? undefined : node;
  if (helper === undefined || seen.has(helper) || seen.size > 6) return undefined;
  return escapes(module, helper, isIo, seen)[0]?.io;
}

/** `new Promise((resolve, reject) => { https.get(…).on('error', reject) })`: a request in a promise of its own. */
function isWrappedRequest(module: JavaScriptModule, node: CallLike): boolean {
  const executor = node.arguments[0];
  if (module.origins.path(node.callee) !== 'global.Promise' || !isFunction(executor)) return false;
  const reject = executor.params[1];
  if (reject?.type !== 'Identifier') return false;
  let requests = false;
  let rejects = false;
  walk(executor.body, (each) => {
    if (isCallLike(each) && /^https?\.(request|get)$/.test(module.origins.path(each.callee))) requests = true;
    if (each.type === 'Identifier' && each.name === reject.name) rejects = true;
    return undefined;
  });
  return requests && rejects;
}

/** As `escapes`, the project's own stores and clients included. */
export function likelyEscapes(module: JavaScriptModule, fn: FunctionNode): Escape[] {
  return escapes(module, fn, isLikelyIo);
}

/** The function of the project that a call runs: by name, by import, or as a method of an instance. */
export function localFunction(module: JavaScriptModule, callee: Node): FunctionNode | undefined {
  return module.origins.functionOf(callee);
}

/** True when the last argument is a callback: then no promise comes back. */
export function takesCallback(node: Call): boolean {
  const last = node.arguments.at(-1);
  return node.arguments.length > 1 && isFunction(last === undefined ? undefined : unwrap(last));
}

/** `await Promise.all(items.map(async …))`: the callback's failure is the function's. */
function isAwaitedCallback(callback: FunctionNode, fn: FunctionNode): boolean {
  const call = parentOf(callback);
  if (call?.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return false;
  return /^(map|flatMap)$/.test(keyName(call.callee) ?? '') && isConsumed(call, fn);
}

/** True when the promise is awaited or returned, so that its failure goes on from here. */
function isConsumed(call: Node, fn: FunctionNode): boolean {
  for (let node: Node = call, parent = parentOf(call); parent !== undefined; node = parent, parent = parentOf(parent)) {
    if (parent.type === 'AwaitExpression' || parent.type === 'ReturnStatement') return true;
    if (isFunction(parent)) return parent.body === node && parent !== call;
    if (/Statement$|Declarator$|AssignmentExpression|Property/.test(parent.type)) return false;
    // A promise that is the argument of an unknown function is that function's; Promise.all hands it on.
    if (parent.type === 'CallExpression' && parent.callee !== node && !isPromiseAll(parent)) return false;
    if (node === fn) return false;
  }
  return false;
}

function isPromiseAll(node: Call): boolean {
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return false;
  return callee.object.name === 'Promise' && /^(all|race|any|resolve)$/.test(keyName(callee) ?? '');
}

/** True when a failure at `node` is caught before it leaves `fn`, or happens where it is already being handled. */
export function isCaught(node: Node, fn: FunctionNode): boolean {
  for (let at: Node = node, parent = parentOf(node); parent !== undefined; at = parent, parent = parentOf(parent)) {
    if (at === fn) return false;
    if (parent.type === 'TryStatement' && parent.block === at && parent.handler && !rethrows(parent.handler))
      return true;
    // Answers that are being prepared after a failure: best effort.
    if (parent.type === 'CatchClause' || (parent.type === 'TryStatement' && parent.finalizer === at)) return true;
    if (parent.type === 'CallExpression' && isRejectionHandled(parent)) return true;
  }
  return false;
}

/** `.catch(f)`, `.then(a, b)` or an argument of `Promise.allSettled`. */
export function isRejectionHandled(node: Call): boolean {
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression') return false;
  const name = keyName(callee);
  if (name === 'catch') return node.arguments.length > 0;
  if (name === 'then') return node.arguments.length > 1;
  return name === 'allSettled';
}

/** True when a catch clause always throws on: nothing is handled there. */
export function rethrows(clause: Catch): boolean {
  const last = clause.body.body.at(-1);
  if (last?.type === 'ThrowStatement') return !clause.body.body.some(mayReturn);
  if (last?.type !== 'ReturnStatement' || !last.argument) return false;
  const value = unwrap(last.argument);
  if (value.type !== 'CallExpression' || value.callee.type !== 'MemberExpression') return false;
  return (
    value.callee.object.type === 'Identifier' &&
    value.callee.object.name === 'Promise' &&
    keyName(value.callee) === 'reject'
  );
}

function mayReturn(statement: Node): boolean {
  let returns = false;
  walk(statement, (node) => {
    if (isFunction(node)) return false;
    if (node.type === 'ReturnStatement') returns = true;
    return !returns;
  });
  return returns;
}
