import {
  enclosingFunction,
  isFunction,
  keyName,
  parentOf,
  stringOf,
  unwrap,
  walk,
} from '../../analysis/javascript/ast.js';
import type { CallLike, Node } from '../../analysis/javascript/ast.js';
import { findOption } from '../../analysis/javascript/options.js';
import type { OptionState } from '../../analysis/javascript/options.js';
import type { ClientFact } from '../../knowledge/clients/index.js';
import type { JavaScriptContext } from '../../rule.js';

/**
 * `http.request` and `http.get`. Seen: `{ timeout }` without a `'timeout'` listener does nothing, so the bound is a
 * signal, or a timeout together with a listener on the request.
 */
export function checkHttpRequest(context: JavaScriptContext, node: CallLike, fact: ClientFact): void {
  const first = node.arguments[0];
  // After an options object comes the callback; after a URL may come options.
  const length = first !== undefined && unwrap(first).type === 'ObjectExpression' ? 1 : 2;
  const options = node.arguments.slice(0, length).filter((each) => !isFunction(each));
  if (first === undefined || hasTimeoutListener(context, node)) return;
  const signal = best(context, options, ['signal']);
  const timeout = best(context, options, ['timeout']);
  if (signal === 'present' || signal === 'unknown' || timeout === 'unknown') return;
  if (timeout === 'present') {
    context.report({ at: node, message: 'noListener' });
    return;
  }
  context.report({
    at: node,
    message: 'unbounded',
    data: { client: `\`${fact.label ?? fact.client}\``, byDefault: fact.byDefault, write: fact.write },
  });
}

function best(context: JavaScriptContext, options: readonly Node[], names: readonly string[]): OptionState['state'] {
  const states = options.map((each) => stateOf(context, each, names));
  if (states.includes('present')) return 'present';
  return states.includes('unknown') ? 'unknown' : 'absent';
}

/** A URL says nothing about limits; anything else that is not visible might. */
function stateOf(context: JavaScriptContext, argument: Node, names: readonly string[]): OptionState['state'] {
  const node = unwrap(argument);
  if (node.type === 'BinaryExpression' || node.type === 'TemplateLiteral' || stringOf(node) !== undefined)
    return 'absent';
  if (node.type === 'Identifier' && /ur[il]|endpoint|host|callback|^cb$/i.test(node.name)) return 'absent';
  if (node.type === 'MemberExpression' && /ur[il]|endpoint/i.test(keyName(node) ?? '')) return 'absent';
  if (/(^|\.)URL\(\)|^url\.parse\(\)/.test(context.module.origins.path(node))) return 'absent';
  return findOption(context.module.origins, node, names).state;
}

/** `.setTimeout(ms, …)` or `.on('timeout', …)` on the request: chained, or on the variable that holds it. */
function hasTimeoutListener(context: JavaScriptContext, node: CallLike): boolean {
  const scope: Node = enclosingFunction(node) ?? context.module.program;
  let found = false;
  walk(scope, (each) => {
    if (each.type === 'CallExpression' && listensForTimeout(each)) {
      const callee = unwrap(each.callee);
      if (callee.type === 'MemberExpression')
        found ||= root(callee.object) === node || isHeldBy(context, root(callee.object), node);
    }
    return !found;
  });
  return found;
}

function listensForTimeout(call: Extract<Node, { type: 'CallExpression' }>): boolean {
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression') return false;
  const name = keyName(callee);
  // A listener that only rejects also ends the wait, so any listener counts.
  if (name === 'setTimeout') return call.arguments.length > 0;
  return /^(on|once|addListener)$/.test(name ?? '') && stringOf(call.arguments[0]) === 'timeout';
}

/** The start of a chain: `req` of `req.on(…).on(…)`. */
function root(node: Node): Node {
  let at = unwrap(node);
  while (at.type === 'CallExpression' && unwrap(at.callee).type === 'MemberExpression') {
    const callee = unwrap(at.callee);
    if (callee.type !== 'MemberExpression' || !/^(on|once|addListener|setTimeout)$/.test(keyName(callee) ?? '')) break;
    at = unwrap(callee.object);
  }
  return at;
}

function isHeldBy(context: JavaScriptContext, holder: Node, node: CallLike): boolean {
  const place = context.module.origins.variable(holder)?.references.find((each) => each.writeExpr);
  let value = place?.writeExpr as Node | undefined;
  if (value !== undefined) value = root(value);
  return value === node || (parentOf(node)?.type === 'AssignmentExpression' && value === node);
}
