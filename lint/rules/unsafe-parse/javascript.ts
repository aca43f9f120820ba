import type { TSESTree } from '@typescript-eslint/types';
import { isFunction, keyName, outer, parentOf, stringOf, unwrap } from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import type { Handler } from '../../analysis/javascript/handlers.js';
import { roleOf } from '../../analysis/javascript/role.js';
import { fix } from '../../rule.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';
import { bodyParses } from './bodies.js';

type Call = TSESTree.CallExpression;

/** A handler that parses what a caller sent, and a listener that parses what a server sent, with nobody to catch it. */
export const javascript: JavaScriptRule = {
  create(context) {
    const listeners = new Set<FunctionNode>();
    return {
      Program() {
        for (const handler of context.module.handlers) checkHandler(context, handler);
      },
      CallExpression(node: Call) {
        checkListener(context, node, listeners);
      },
    };
  },
};

function checkHandler(context: JavaScriptContext, handler: Handler): void {
  if (handler.kind !== 'http' || handler.guarded || handler.convention === 'web') return;
  const [first] = bodyParses(context.module, handler.fn);
  if (first === undefined) return;
  context.report({
    at: first,
    message: 'throws',
    data: { call: '`JSON.parse`', handler: handler.name },
    fixes: answer400(context, handler, first),
    handler: handler.name,
  });
}

/** The suggestion to answer 400, where the handler parses in a statement of its own. */
function answer400(context: JavaScriptContext, { fn, convention }: Handler, call: Call) {
  const place = parentOf(outer(call));
  const statement = place && parentOf(place);
  if (place?.type !== 'VariableDeclarator' || place.id.type !== 'Identifier') return [];
  if (statement?.type !== 'VariableDeclaration' || statement.declarations.length !== 1) return [];
  if (convention !== 'lambda' || !fn.async || statement.parent !== fn.body) return [];
  const [start, end] = statement.range;
  const { text } = context.sourceCode;
  const indent = /[^\n]*$/.exec(text.slice(0, start))?.[0] ?? '';
  if (!/^\s*$/.test(indent)) return [];
  const name = context.module.text(place.id);
  const value = text.slice(outer(call).range[0], outer(call).range[1]);
  const answer = "return { statusCode: 400, body: JSON.stringify({ message: 'The body is not valid JSON' }) };";
  const lines = [`let ${name};`, 'try {', `  ${place.id.name} = ${value};`, '} catch {', `  ${answer}`, '}'];
  return [fix('Answer 400 when the body is not valid JSON', false, { start, end, text: lines.join(`\n${indent}`) })];
}

const moments = /^(end|data|close|finish)$/;

/** `response.on('end', () => JSON.parse(text))`: what is thrown there has nobody above it. */
function checkListener(context: JavaScriptContext, node: Call, seen: Set<FunctionNode>): void {
  if (context.module.origins.path(node.callee) !== 'global.JSON.parse') return;
  const listener = listenerAround(context, node);
  if (listener === undefined || seen.has(listener) || roleOf(context.module) === 'test') return;
  seen.add(listener);
  context.report({ at: node, message: 'listener' });
}

/** The listener that a parse happens in, when nothing in it catches. */
function listenerAround(context: JavaScriptContext, node: Node): FunctionNode | undefined {
  for (let at: Node = node, parent = parentOf(node); parent !== undefined; at = parent, parent = parentOf(parent)) {
    if (parent.type === 'TryStatement' && parent.block === at && parent.handler) return undefined;
    if (!isFunction(parent)) continue;
    const call = parentOf(outer(parent));
    if (call?.type !== 'CallExpression') return undefined;
    if (isEvent(context, call) || isRequestCallback(context, call, parent)) return parent;
    const method = call.callee.type === 'MemberExpression' ? keyName(call.callee) : undefined;
    // What `map` and `forEach` call runs within the listener; anything else runs some other time.
    if (!/^(map|forEach|filter|reduce|some|every|find)$/.test(method ?? '')) return undefined;
  }
  return undefined;
}

function isEvent(context: JavaScriptContext, call: Call): boolean {
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression' || !/^(on|once|addListener)$/.test(keyName(callee) ?? '')) return false;
  if (/\bstdin\b/.test(context.module.text(callee.object))) return false;
  return moments.test(stringOf(call.arguments[0]) ?? '');
}

/** `request(url, (error, response, body) => JSON.parse(body))`. */
function isRequestCallback(context: JavaScriptContext, call: Call, fn: FunctionNode): boolean {
  const path = context.module.origins.path(call.callee);
  return /^request(\.(get|post|put|patch|delete))?$/.test(path) && fn.params.length === 3;
}
