import { responseName } from '../../knowledge/handlers.js';
import { isClientName, isForeignWork, isJavaScriptIo, isLikelyIo, isPureName } from '../../knowledge/io.js';
import { enclosingFunction, isCallLike, isFunction, keyName, parentOf, unwrap, walk } from './ast.js';
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

/** Whether a call is I/O that rejects. */
export type IoTest = (module: JavaScriptModule, node: CallLike) => boolean;

const isKnownIo: IoTest = (module, node) => isJavaScriptIo(module.origins.path(node.callee));

/** What has been concluded of a function, by the test that was asked for. */
const concluded = new WeakMap<IoTest, WeakMap<FunctionNode, Escape[]>>();

/** The known I/O of a function, helpers of the project included, whose failure nothing in it catches. */
export function escapes(
  module: JavaScriptModule,
  fn: FunctionNode,
  isIo: IoTest = isKnownIo,
  seen = new Set<FunctionNode>(),
): Escape[] {
  const known = concluded.get(isIo) ?? new WeakMap<FunctionNode, Escape[]>();
  concluded.set(isIo, known);
  const before = known.get(fn);
  if (before !== undefined) return before;
  const found: Escape[] = [];
  seen.add(fn);
  walk(fn, (node) => {
    if (node !== fn && isFunction(node) && !isAwaitedCallback(module, node, fn)) return false;
    if (!isCallLike(node)) return undefined;
    const io = failingIo(module, node, isIo, seen);
    if (io !== undefined && isConsumed(module, node, fn) && !isCaught(node, fn)) found.push({ at: node, io });
    return undefined;
  });
  seen.delete(fn);
  known.set(fn, found);
  return found;
}

function failingIo(
  module: JavaScriptModule,
  node: CallLike,
  isIo: IoTest,
  seen: Set<FunctionNode>,
): CallLike | undefined {
  if (node.type === 'NewExpression') return isWrappedRequest(module, node) ? node : undefined;
  // What the project shows is looked into, whatever its name says.
  const helper = localFunction(module, node.callee);
  if (helper === undefined && isIo(module, node)) return takesCallback(node) ? undefined : node;
  if (helper === undefined || seen.has(helper) || seen.size > 6) return undefined;
  return escapes(module, helper, isIo, seen)[0]?.io;
}

/** `new Promise((resolve, reject) => { https.get(…).on('error', reject) })`: I/O with callbacks in a promise of its own. */
function isWrappedRequest(module: JavaScriptModule, node: CallLike): boolean {
  const executor = node.arguments[0];
  if (module.origins.path(node.callee) !== 'global.Promise' || !isFunction(executor)) return false;
  const reject = executor.params[1];
  if (reject?.type !== 'Identifier') return false;
  let requests = false;
  let rejects = false;
  walk(executor.body, (each) => {
    if (isCallLike(each) && callbackIo.test(module.origins.path(each.callee))) requests = true;
    if (each.type === 'Identifier' && each.name === reject.name) rejects = true;
    return undefined;
  });
  return requests && rejects;
}

const callbackIo =
  /^https?\.(request|get)$|^request(\.(get|post|put|patch|delete|head))?$|^aws-sdk[./].*\(\)\.\w+$|^(mysql2?|pg|redis)\..*\(\)\.(query|connect|execute|get|set)$/;

/** As `escapes`, the project's own stores and clients and what packages are awaited for included. */
export function likelyEscapes(module: JavaScriptModule, fn: FunctionNode): Escape[] {
  return escapes(module, fn, isLikelyCall);
}

export const isLikelyCall: IoTest = (module, node) => {
  const path = module.origins.path(node.callee);
  // What a chain does with a result is not the call that it began with.
  if (/\.(then|catch|finally)$/.test(path)) return false;
  if (isLikelyIo(path)) return true;
  if (path === 'global.Promise.all') return waitsForKept(module, node);
  if (!isAwaited(node)) return false;
  const callee = unwrap(node.callee);
  if (path !== '') return isForeignWork(path);
  if (callee.type !== 'MemberExpression') return false;
  return isClientName(nameOf(callee.object)) && !isPureName(keyName(callee) ?? '');
};

function nameOf(node: Node): string {
  const object = unwrap(node);
  if (object.type === 'Identifier') return object.name;
  if (object.type === 'CallExpression') return nameOf(object.callee);
  if (object.type !== 'MemberExpression') return '';
  return unwrap(object.object).type === 'Identifier' || unwrap(object.object).type === 'ThisExpression'
    ? isClientName(nameOf(object.object))
      ? nameOf(object.object)
      : (keyName(object) ?? '')
    : nameOf(object.object);
}

/** `await Promise.all(writes)`: promises that were made and kept earlier. */
function waitsForKept(module: JavaScriptModule, node: CallLike): boolean {
  const [kept] = node.arguments;
  if (kept?.type !== 'Identifier' || !isAwaited(node)) return false;
  const place = module.origins.variable(kept)?.defs[0]?.node as Node | undefined;
  return (
    place?.type === 'VariableDeclarator' && place.init?.type === 'ArrayExpression' && place.init.elements.length === 0
  );
}

/** True for the operand of an `await`, through `.then(…)`. */
function isAwaited(node: Node): boolean {
  const parent = parentOf(node);
  if (parent?.type === 'AwaitExpression') return true;
  if (parent?.type === 'ForOfStatement') return parent.await && parent.right === node;
  const next = parent?.type === 'MemberExpression' && parent.object === node ? parentOf(parent) : undefined;
  return next?.type === 'CallExpression' && /^(then|catch|finally)$/.test(nameOfMember(parent)) && isAwaited(next);
}

function nameOfMember(node: Node | undefined): string {
  return node?.type === 'MemberExpression' ? (keyName(node) ?? '') : '';
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

/** `await Promise.all(items.map(async …))`, `await io().then(async …)`: the callback's failure is the function's. */
function isAwaitedCallback(module: JavaScriptModule, callback: FunctionNode, fn: FunctionNode): boolean {
  const call = parentOf(callback);
  if (call?.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return false;
  return /^(map|flatMap|then)$/.test(keyName(call.callee) ?? '') && isConsumed(module, call, fn);
}

/** True when the promise is awaited or returned, now or later, so that its failure goes on from here. */
function isConsumed(module: JavaScriptModule, call: Node, fn: FunctionNode): boolean {
  for (let node: Node = call, parent = parentOf(call); parent !== undefined; node = parent, parent = parentOf(parent)) {
    if (parent.type === 'AwaitExpression' || parent.type === 'ReturnStatement') return true;
    if (parent.type === 'ForOfStatement') return parent.await && parent.right === node;
    if (isFunction(parent)) return parent.body === node && parent !== call;
    if (parent.type === 'VariableDeclarator' && parent.init === node) return isAwaitedLater(module, parent, fn);
    if (/Statement$|Declarator$|AssignmentExpression|Property/.test(parent.type)) return false;
    // A promise that is the argument of an unknown function is that function's; Promise.all hands it on.
    if (parent.type === 'CallExpression' && parent.callee !== node && !isPromiseAll(parent)) return false;
    if (node === fn) return false;
  }
  return false;
}

/** `const kept = io(); … await kept`, where what awaits it catches nothing. */
function isAwaitedLater(
  module: JavaScriptModule,
  place: Extract<Node, { type: 'VariableDeclarator' }>,
  fn: FunctionNode,
): boolean {
  if (place.id.type !== 'Identifier') return false;
  const variable = module.ownerOf(place).sourceCode.scopeManager.getDeclaredVariables(place as never)[0];
  return (variable?.references ?? []).some((reference) => {
    const use = reference.identifier as Node;
    if (!reference.isRead() || enclosingFunction(use) !== enclosingFunction(place)) return false;
    return isConsumed(module, use, fn) && !isCaught(use, fn) && awaitsDirectly(use);
  });
}

/** True for a name that is awaited itself or as one of `Promise.all`; not `await save(name)`. */
function awaitsDirectly(use: Node): boolean {
  const parent = parentOf(use);
  if (parent?.type === 'AwaitExpression' || parent?.type === 'ReturnStatement') return true;
  const call = parent?.type === 'ArrayExpression' ? parentOf(parent) : parent;
  return call?.type === 'CallExpression' && isPromiseAll(call);
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
  if (name === 'catch') return node.arguments.length > 0 && !throwsOn(node.arguments[0]);
  if (name === 'then') return node.arguments.length > 1 && !throwsOn(node.arguments[1]);
  return name === 'allSettled';
}

/** `.catch((error) => { log(error); throw error; })`. */
function throwsOn(handler: Node | undefined): boolean {
  const fn = handler === undefined ? undefined : unwrap(handler);
  return isFunction(fn) && fn.body.type === 'BlockStatement' && alwaysThrows(fn.body.body);
}

/** True when a catch clause always throws on: nothing is handled there. */
export function rethrows(clause: Catch): boolean {
  return alwaysThrows(clause.body.body);
}

function alwaysThrows(body: readonly Node[]): boolean {
  if (body.some(answers)) return false;
  const last = body.at(-1);
  if (last?.type === 'ThrowStatement') return !body.some(mayReturn);
  if (last?.type !== 'ReturnStatement' || !last.argument) return false;
  const value = unwrap(last.argument);
  if (value.type !== 'CallExpression' || value.callee.type !== 'MemberExpression') return false;
  return (
    value.callee.object.type === 'Identifier' &&
    value.callee.object.name === 'Promise' &&
    keyName(value.callee) === 'reject'
  );
}

/** `res.status(500).send(…)`, `callback(null, …)`: whoever waits has been answered, whatever is thrown after it. */
function answers(statement: Node): boolean {
  if (statement.type !== 'ExpressionStatement') return false;
  let at = unwrap(statement.expression);
  while (at.type === 'CallExpression' || at.type === 'MemberExpression') {
    at = unwrap(at.type === 'CallExpression' ? at.callee : at.object);
  }
  return at.type === 'Identifier' && (responseName.test(at.name) || /^(callback|cb|next)$/.test(at.name));
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
