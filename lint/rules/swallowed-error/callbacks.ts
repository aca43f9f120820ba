import type { TSESTree } from '@typescript-eslint/types';
import {
  enclosingFunction,
  isFunction,
  keyName,
  outer,
  parentOf,
  stringOf,
  unwrap,
  walk,
} from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import { callbackOf, isErrorName } from '../../analysis/javascript/callbacks.js';
import { dependencyOf } from '../../knowledge/dependency.js';
import { isForeignWork, isJavaScriptIo } from '../../knowledge/io.js';
import type { JavaScriptContext } from '../../rule.js';
import { describeCatch, isLogMethod } from './catch.js';
import { ownerOf } from './javascript.js';
import { callText, isBestEffort, isCleanup, isDeletion, isWatched, responsibleFor } from './failing.js';

type Call = TSESTree.CallExpression;

/** `await io().catch(() => {})`, `io().then(…).catch(console.error)`. */
export function checkRejectionHandler(context: JavaScriptContext, node: Call): void {
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || keyName(callee) !== 'catch') return;
  const handler = node.arguments[0];
  const source = rootOf(unwrap(callee.object));
  if (handler === undefined || source === undefined || isCleanup(source) || isDeletion(source)) return;
  const path = context.module.origins.path(source.callee);
  if (!isJavaScriptIo(path) && !isForeignWork(path)) return;
  const way = handling(context, handler);
  if (way === undefined) return;
  if (way === 'empty') {
    if (isJavaScriptIo(path) && !isOptional(path)) report(context, handler, 'silent', source);
    return;
  }
  const owner = ownerOf(context, node);
  const fn = responsibleFor(node);
  if (fn === undefined || isKept(node) || isBestEffort(fn)) return;
  if (isWatched(context) || (owner === undefined && !isJavaScriptIo(path))) return;
  report(context, handler, 'loggedRejection', source);
}

/** Looking whether something is there, and connecting again, have failure as a normal outcome. */
function isOptional(path: string): boolean {
  return /\.(readFile|mkdir|readdir|open|connect)$/.test(path);
}

/** The call that a chain of `.then(…)` begins with. */
function rootOf(node: Node): Call | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const callee = unwrap(node.callee);
  const chained = callee.type === 'MemberExpression' && /^(then|finally)$/.test(keyName(callee) ?? '');
  return chained ? rootOf(unwrap(callee.object)) : node;
}

/** What a function does with the failure it is called with: nothing, or only log it. */
function handling(context: JavaScriptContext, value: Node): 'empty' | 'logs' | undefined {
  const node = unwrap(value);
  if (node.type === 'MemberExpression') return isLogMethod(node) ? 'logs' : undefined;
  if (!isFunction(node)) return undefined;
  if (callsBack(node.body)) return undefined;
  const facts = describeCatch(context, node.body);
  if (facts.usesFailure || facts.explained) return undefined;
  if (node.body.type !== 'BlockStatement') return facts.logs ? 'logs' : undefined;
  if (facts.returns) return undefined;
  if (facts.logs) return 'logs';
  return node.body.body.length === 0 ? 'empty' : undefined;
}

/** True where a handler's callback is called: the failure is answered. */
function callsBack(body: Node): boolean {
  let calls = false;
  walk(body, (node) => {
    if (node.type === 'CallExpression' && node.callee.type === 'Identifier')
      calls ||= /^(callback|cb|done)$/.test(node.callee.name);
    return !calls;
  });
  return calls;
}

/** `const result = await io().catch(log)`: whoever reads it can tell. */
function isKept(node: Call): boolean {
  let at = parentOf(outer(node));
  // `void audit().catch(log)` says that it is on the side.
  if (at?.type === 'UnaryExpression' && at.operator === 'void') return true;
  if (at?.type === 'AwaitExpression') at = parentOf(outer(at));
  return at?.type === 'VariableDeclarator' || at?.type === 'AssignmentExpression' || at?.type === 'ArrayExpression';
}

/** `request.on('error', (error) => console.error(error))`: a failure that nobody answers, and whose promise never settles. */
export function checkErrorListener(context: JavaScriptContext, node: Call): void {
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || !/^(on|once)$/.test(keyName(callee) ?? '')) return;
  const listener = node.arguments[1];
  if (stringOf(node.arguments[0]) !== 'error' || listener === undefined) return;
  const made = context.module.origins.of(callee.object);
  if (made === undefined || !/^(https?|follow-redirects[./]https?)\.(request|get)\(\)/.test(made.path)) return;
  if (enclosingFunction(node) === undefined || isWatched(context)) return;
  const fn = unwrap(listener);
  const ignored = isFunction(fn) && !usesError(context, fn.body);
  if (!ignored && handling(context, listener) !== 'logs') return;
  const request = made.creation?.type === 'CallExpression' ? made.creation : node;
  report(context, listener, 'loggedListener', context.module.ownerOf(request) === context.module ? request : node);
}

/** True when a listener's body does anything but log and return to nobody. */
function usesError(context: JavaScriptContext, body: Node): boolean {
  const facts = describeCatch(context, body);
  if (facts.usesFailure || facts.explained) return true;
  if (body.type !== 'BlockStatement') return !facts.logs;
  return body.body.some((each) => each.type === 'ReturnStatement' && each.argument?.type === 'CallExpression');
}

/** `(err, data) => { if (err) console.log(err); … }` of known I/O. */
export function checkErrorCallback(context: JavaScriptContext, node: Call): void {
  const last = node.arguments.at(-1);
  const fn = last === undefined ? undefined : unwrap(last);
  const [parameter] = isFunction(fn) ? fn.params : [];
  if (!isFunction(fn) || fn.body.type !== 'BlockStatement' || parameter?.type !== 'Identifier') return;
  if (!isErrorName(parameter.name) || !isCallbackIo(context, node, fn)) return;
  if (isWatched(context) || enclosingFunction(node) === undefined) return;
  const around = responsibleFor(node);
  if (isCleanup(node) || isDeletion(node) || (around !== undefined && isBestEffort(around))) return;
  const branch = fn.body.body.find((each) => each.type === 'IfStatement' && testsFor(each.test, parameter.name));
  if (branch?.type !== 'IfStatement') return;
  const facts = describeCatch(context, branch.consequent);
  if (facts.usesFailure || facts.explained || facts.returns || isTold(fn, parameter, branch)) return;
  report(context, branch, facts.logs ? 'loggedCallback' : 'silent', node);
}

function isCallbackIo(context: JavaScriptContext, node: Call, fn: FunctionNode): boolean {
  const path = context.module.origins.path(node.callee);
  if (/^(aws-sdk[./]|@aws-sdk\/)/.test(path)) return true;
  if (!/^[\w@]/.test(path) || !isForeignWork(path) || /\.(on|once|use|then|listen)$/.test(path))
    return isSubscription(node);
  return callbackOf(context.module, fn)?.use === 'node';
}

/** `client.subscribe(options, (err, message) => …)` of a client that is not visible. */
function isSubscription(node: Call): boolean {
  const callee = unwrap(node.callee);
  return callee.type === 'MemberExpression' && /^(subscribe|query|publish|sendMessage)$/.test(keyName(callee) ?? '');
}

/** `if (err)`, `if (err !== null)`, `if (err != undefined)`. */
function testsFor(test: Node, name: string): boolean {
  const node = unwrap(test);
  if (node.type === 'Identifier') return node.name === name;
  if (node.type !== 'BinaryExpression' || !/^!==?$/.test(node.operator)) return false;
  const right = node.right;
  const nothing =
    (right.type === 'Literal' && right.value === null) || (right.type === 'Identifier' && right.name === 'undefined');
  return nothing && node.left.type === 'Identifier' && node.left.name === name;
}

/** True where the error is also used elsewhere in the callback: `callback(err, data)` behind the branch. */
function isTold(fn: FunctionNode, parameter: TSESTree.Identifier, branch: TSESTree.IfStatement): boolean {
  let told = false;
  walk(fn.body, (node) => {
    if (node === branch.test || node === branch.consequent) return false;
    if (node.type === 'Identifier' && node.name === parameter.name) told = true;
    if (node.type === 'Identifier' && /^(callback|cb|done|next)$/.test(node.name) && node.range[0] > branch.range[1])
      told = true;
    return !told;
  });
  return told;
}

function report(context: JavaScriptContext, at: Node, message: string, call: Call): void {
  const owner = ownerOf(context, at);
  const dependency = dependencyOf(context.module.origins.path(call.callee));
  context.report({
    at,
    message,
    data: { call: callText(context, call) },
    ...(owner === undefined ? {} : { handler: owner.name }),
    ...(dependency === undefined ? {} : { dependency }),
  });
}
