import { isFunction, parentOf, walk, walkOwn } from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';

/**
 * The first return of a `(req, res)` function before which nothing can have been sent: no statement on the way to it so
 * much as names the response. The caller waits until somebody gives up.
 */
export function silentReturn(fn: FunctionNode): Node | undefined {
  const response = fn.params[1];
  if (response?.type !== 'Identifier' || fn.body.type !== 'BlockStatement') return undefined;
  // One that is never sent on anywhere is sent on by what this file does not show.
  if (!mentions(fn.body, response.name)) return undefined;
  let found: Node | undefined;
  walkOwn(fn, (node) => {
    if (node.type === 'ReturnStatement' && found === undefined && !isSent(node, fn, response.name)) found = node;
    return found === undefined;
  });
  return found;
}

function isSent(node: Node, fn: FunctionNode, name: string): boolean {
  if (mentions(node, name) || /\b(next|call)$/.test(calledBy(node))) return true;
  for (
    let at: Node = node, parent = parentOf(node);
    parent !== undefined && at !== fn;
    at = parent, parent = parentOf(at)
  ) {
    if (parent.type === 'IfStatement' && mentions(parent.test, name)) return true;
    if (parent.type === 'SwitchCase' || parent.type === 'CatchClause' || parent.type === 'TryStatement') {
      if (mentions(parent.type === 'TryStatement' ? parent.block : parent, name)) return true;
    }
    if (parent.type !== 'BlockStatement') continue;
    const index = parent.body.findIndex((each) => each === at);
    if (parent.body.slice(0, index).some((each) => mentions(each, name))) return true;
  }
  return false;
}

/** The name of what a return calls: `return next(error)`, `return handler.call(this)`. */
function calledBy(node: Node): string {
  const value = node.type === 'ReturnStatement' ? node.argument : undefined;
  if (value?.type !== 'CallExpression') return '';
  return value.callee.type === 'Identifier' ? value.callee.name : '';
}

function mentions(node: Node, name: string): boolean {
  let found = false;
  walk(node, (each) => {
    if (each.type === 'Identifier' && each.name === name && !isFunction(parentOf(each))) found = true;
    return !found;
  });
  return found;
}
