import type { TSESTree } from '@typescript-eslint/types';
import { enclosingFunction, isFunction, keyName, outer, parentOf, unwrap } from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import type { Completion } from '../../analysis/javascript/completions.js';
import { callbackOf, isErrorName } from '../../analysis/javascript/callbacks.js';
import type { JavaScriptModule } from '../../analysis/javascript/module.js';

/** Calls that answer success in every turn of a loop, whatever the other turns have still to do. */
export function callsInLoop(
  module: JavaScriptModule,
  fn: FunctionNode,
  completions: readonly Completion[],
): TSESTree.CallExpression[] {
  const found = completions
    .filter((each) => isSuccess(each) && isInLoop(module, each.call, fn))
    .map((each) => each.call);
  return found.slice(0, 1);
}

function isSuccess({ via, error }: Completion): boolean {
  if (via === 'succeed') return true;
  if (via === 'fail') return false;
  const node = error === undefined ? undefined : unwrap(error);
  return (
    node === undefined ||
    (node.type === 'Literal' && node.value === null) ||
    (node.type === 'Identifier' && node.name === 'undefined')
  );
}

/** True when nothing but the failure of the turn itself decides whether a call in a loop is made. */
function isInLoop(module: JavaScriptModule, call: Node, fn: FunctionNode): boolean {
  for (
    let at: Node = call, parent = parentOf(call);
    parent !== undefined && at !== fn;
    at = parent, parent = parentOf(at)
  ) {
    if (parent.type === 'IfStatement' && at !== parent.test && !asksForError(parent.test)) return false;
    if (/^(ConditionalExpression|LogicalExpression|SwitchStatement|ReturnStatement|TryStatement)$/.test(parent.type)) {
      if (parent.type !== 'ReturnStatement' || enclosingFunction(parent) === fn) return false;
    }
    if (parent.type === 'BlockStatement' && leaves(parent, at)) return false;
    if (/^For(Of|In)?Statement$/.test(parent.type) && 'body' in parent && parent.body === at) return true;
    if (isFunction(parent) && parent !== fn) {
      const use = callbackOf(module, parent);
      if (use === undefined || use.use === 'unknown' || use.use === 'promise' || use.use === 'event') return false;
      if (use.use === 'sync') return isEach(use.call, parent);
    }
  }
  return false;
}

/** True when the statements behind a call leave the loop: a search that ends with its first hit. */
function leaves(block: TSESTree.BlockStatement, at: Node): boolean {
  const index = block.body.findIndex((each) => each === at);
  return block.body.slice(index + 1).some((each) => /^(Break|Return|Throw)Statement$/.test(each.type));
}

function isEach(call: Node, fn: FunctionNode): boolean {
  if (call.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return false;
  return /^(forEach|map)$/.test(keyName(call.callee) ?? '') && call.arguments[0] === outer(fn);
}

function asksForError(test: Node): boolean {
  const node = unwrap(test);
  if (node.type === 'UnaryExpression') return asksForError(node.argument);
  if (node.type === 'BinaryExpression') return asksForError(node.left);
  return node.type === 'Identifier' && isErrorName(node.name);
}
