import type { TSESTree } from '@typescript-eslint/types';
import { enclosingFunction, keyName, outer, parentOf, unwrap, walkOwn } from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import {
  escapes,
  isLikelyCall,
  isRejectionHandled,
  localFunction,
  rethrows,
  takesCallback,
} from '../../analysis/javascript/flow.js';
import { findExports } from '../../analysis/javascript/exports.js';
import { roleOf } from '../../analysis/javascript/role.js';
import { cleanupName, isJavaScriptIo } from '../../knowledge/io.js';
import type { JavaScriptContext } from '../../rule.js';

type Call = TSESTree.CallExpression;

/** Work of a try block that can fail for reasons that are not the code's. */
export interface Work {
  readonly call: Call;
  /** True for known I/O; false where the file only lets one guess that it leaves the process. */
  readonly certain: boolean;
}

/** The first work that a block waits for and does not catch itself; cleanup does not count. Certain work first. */
export function workIn(context: JavaScriptContext, block: Node): Work | undefined {
  let guess: Call | undefined;
  let certain: Call | undefined;
  walkOwn(block, (node) => {
    if (node.type !== 'CallExpression' || certain !== undefined) return certain === undefined;
    if (isCleanup(node) || isGuarded(node, block)) return undefined;
    if (isCertain(context, node)) certain = node;
    else if (isGuess(context, node)) guess ??= node;
    return undefined;
  });
  const call = certain ?? guess;
  return call && { call, certain: call === certain };
}

function isCertain(context: JavaScriptContext, node: Call): boolean {
  const path = context.module.origins.path(node.callee);
  if (isJavaScriptIo(path)) return !takesCallback(node) && !isOptional(path) && !catchesItself(node);
  const helper = localFunction(context.module, node.callee);
  if (helper === undefined || !isAwaited(node)) return false;
  return escapes(context.module, helper).length > 0;
}

const files =
  /^fs(\/promises)?\.(readFile|writeFile|appendFile|copyFile|rename|readdir|open|createReadStream|createWriteStream)(Sync)?$/;

function isGuess(context: JavaScriptContext, node: Call): boolean {
  const path = context.module.origins.path(node.callee);
  if (files.test(path)) return true;
  if (catchesItself(node)) return false;
  const helper = localFunction(context.module, node.callee);
  if (helper !== undefined) return isAwaited(node) && escapes(context.module, helper, isLikelyCall).length > 0;
  return isLikelyCall(context.module, node) && isAwaited(node);
}

/** True in a nested try that handles the failure itself. */
function isGuarded(node: Node, block: Node): boolean {
  for (
    let at: Node = node, parent = parentOf(node);
    parent !== undefined && at !== block;
    at = parent, parent = parentOf(at)
  ) {
    if (parent.type === 'TryStatement' && parent.block === at && parent.handler && !rethrows(parent.handler))
      return true;
    if (parent.type === 'CatchClause') return true;
  }
  return false;
}

/** Looking whether something is there, and connecting again, have failure as a normal outcome. */
function isOptional(path: string): boolean {
  return /\.(readFile|mkdir|readdir|open|connect)$/.test(path);
}

function catchesItself(node: Call): boolean {
  const member = parentOf(node);
  const next = member?.type === 'MemberExpression' ? parentOf(member) : undefined;
  return next?.type === 'CallExpression' && isRejectionHandled(next);
}

function isAwaited(node: Node): boolean {
  const parent = parentOf(outer(node));
  if (parent?.type === 'AwaitExpression' || parent?.type === 'ReturnStatement') return true;
  if (parent?.type === 'ForOfStatement') return parent.await;
  if (parent?.type === 'MemberExpression' && parent.object === node) return isAwaited(parentOf(parent) ?? parent);
  return false;
}

export function isCleanup(node: Call): boolean {
  const callee = unwrap(node.callee);
  const name = callee.type === 'MemberExpression' ? keyName(callee) : callee.type === 'Identifier' ? callee.name : '';
  return cleanupName.test(name ?? '');
}

/** Deleting with `.catch(() => {})`: "in case it is still there". */
export function isDeletion(node: Call): boolean {
  const callee = unwrap(node.callee);
  const name = callee.type === 'MemberExpression' ? keyName(callee) : '';
  const command = node.arguments[0];
  const made = command?.type === 'NewExpression' && command.callee.type === 'Identifier' ? command.callee.name : '';
  return /^(admin)?(delete|remove|destroy|abort|terminate)/i.test(name ?? '') || /^(Delete|Abort|Terminate)/.test(made);
}

export function callText(context: JavaScriptContext, node: Call): string {
  const text = context.sourceCode.text.slice(node.callee.range[0], node.callee.range[1]).replace(/\s+/g, '');
  return `\`${text.length > 60 ? `${text.slice(0, 57)}…` : text}\``;
}

/** Functions whose failure is nobody's business, by their name: whoever calls `trackVisit` goes on without. */
const bestEffort =
  /log|metric|track|report|notif|audit|analytic|telemetry|warm|prefetch|preload|clean|close|shutdown|dispose|debug|ping|emit|alert|heartbeat|optional|try|safe|maybe|best/i;

/** The name of a function: its own, its variable's, its method's. */
export function functionName(fn: FunctionNode): string {
  if (fn.type !== 'ArrowFunctionExpression' && fn.id) return fn.id.name;
  const parent = parentOf(fn);
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if ((parent?.type === 'MethodDefinition' || parent?.type === 'Property') && parent.key.type === 'Identifier')
    return parent.key.name;
  if (parent?.type === 'AssignmentExpression' && parent.left.type === 'MemberExpression')
    return keyName(parent.left) ?? '';
  return '';
}

export function isBestEffort(fn: FunctionNode): boolean {
  return bestEffort.test(functionName(fn));
}

/** The function that answers for a node: callbacks of `map` and `forEach` belong to the one around them. */
export function responsibleFor(node: Node): FunctionNode | undefined {
  const fn = enclosingFunction(node);
  const call = fn === undefined ? undefined : parentOf(outer(fn));
  if (fn === undefined || call?.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return fn;
  return /^(map|forEach|flatMap|reduce)$/.test(keyName(call.callee) ?? '') ? responsibleFor(call) : fn;
}

/** True for programs, tests and pages: who runs them reads what they log. */
export function isWatched(context: JavaScriptContext): boolean {
  const role = roleOf(context.module);
  if (role === 'script') return findExports(context.module.program).length === 0;
  return role === 'test' || role === 'page';
}
