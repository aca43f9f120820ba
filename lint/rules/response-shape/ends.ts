import type { TSESTree } from '@typescript-eslint/types';
import { isFunction, walk } from '../../analysis/javascript/ast.js';
import type { Node } from '../../analysis/javascript/ast.js';

/**
 * True when control can run off the end of a block. A catch clause counts as one that does not: what a handler does after
 * it has swallowed an error is another rule's question. What it cannot decide ends nowhere.
 */
export function canEnd(node: Node): boolean {
  switch (node.type) {
    case 'ReturnStatement':
    case 'ThrowStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return false;
    case 'BlockStatement':
      return node.body.every(canEnd);
    case 'IfStatement':
      return canEnd(node.consequent) || (node.alternate === null ? !isCertain(node.test) : canEnd(node.alternate));
    case 'TryStatement':
      return (node.finalizer === null || canEnd(node.finalizer)) && canEnd(node.block);
    case 'SwitchStatement':
      return switchEnds(node);
    case 'WhileStatement':
    case 'DoWhileStatement':
      return !isCertain(node.test) || breaks(node.body);
    case 'ForStatement':
      return node.test !== null || breaks(node.body);
    case 'ExpressionStatement':
      return !exits(node.expression);
    case 'LabeledStatement':
      return canEnd(node.body);
    default:
      return true;
  }
}

function isCertain(test: Node): boolean {
  return test.type === 'Literal' && Boolean(test.value);
}

function switchEnds(node: TSESTree.SwitchStatement): boolean {
  const hasDefault = node.cases.some((each) => each.test === null);
  const last = node.cases.at(-1);
  if (!hasDefault || node.cases.some((each) => each.consequent.some(breaks))) return true;
  return last === undefined || last.consequent.every(canEnd);
}

/** True when a `break` leaves the statement that these are in. */
function breaks(node: Node): boolean {
  let found = false;
  walk(node, (each) => {
    if (isFunction(each) || /^(For|While|DoWhile|Switch)\w*Statement$/.test(each.type)) return false;
    if (each.type === 'BreakStatement') found = true;
    return !found;
  });
  return found;
}

/** `process.exit()`. */
function exits(node: Node): boolean {
  return (
    node.type === 'CallExpression' &&
    node.callee.type === 'MemberExpression' &&
    node.callee.object.type === 'Identifier' &&
    node.callee.object.name === 'process'
  );
}
