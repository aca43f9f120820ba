import type { Fix } from '../../../emulator/contract/findings.js';
import { isFunction, keyName, parentOf, stringOf, unwrap } from '../../analysis/javascript/ast.js';
import type { CallLike, Node } from '../../analysis/javascript/ast.js';
import { callbackOf, isErrorName } from '../../analysis/javascript/callbacks.js';
import { completionsOf } from '../../analysis/javascript/completions.js';
import type { Completion } from '../../analysis/javascript/completions.js';
import type { Handler } from '../../analysis/javascript/handlers.js';
import { fix } from '../../rule.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';

export const javascript: JavaScriptRule = {
  create(context) {
    return {
      Program() {
        for (const handler of context.module.handlers) {
          if (handler.kind !== 'http' || handler.guarded || isAuthorizer(context, handler)) continue;
          for (const each of completionsOf(context.module, handler.fn)) check(context, handler, each);
        }
      },
    };
  },
};

/** `callback('Unauthorized')` is how an authorizer answers 401, whatever else the file looks like. */
function isAuthorizer(context: JavaScriptContext, { fn }: Handler): boolean {
  return /\b(methodArn|routeArn|authorizationToken|policyDocument)\b/.test(context.module.text(fn));
}

function check(context: JavaScriptContext, handler: Handler, { call, via, error }: Completion): void {
  if (error === undefined || !isError(context, unwrap(error))) return;
  context.report({
    at: call,
    message: via === 'callback' ? 'passed' : 'context',
    data: { callback: context.module.text(call.callee), call: context.module.text(call.callee) },
    fixes: via === 'callback' ? answer(context, call.arguments.length, error) : [],
    handler: handler.name,
  });
}

/** True for what is certainly an error: `new Error(…)`, a caught one, the error of a callback. */
function isError(context: JavaScriptContext, node: Node): boolean {
  switch (node.type) {
    case 'NewExpression':
      return /Error$|Exception$|^Boom/.test(context.module.text(node.callee));
    case 'CallExpression':
      return /^(global\.Error|http-errors|createError|@hapi\/boom\b.*|boom\b.*)$/.test(
        context.module.origins.path(node.callee),
      );
    case 'Identifier':
      return isErrorName(node.name) ? isGivenError(context, node) : madeError(context, node);
    case 'MemberExpression':
      return /^(message|stack)$/.test(keyName(node) ?? '') && isError(context, unwrap(node.object));
    case 'TemplateLiteral':
    case 'Literal':
      return isPlainText(stringOf(node) ?? context.module.text(node));
    case 'LogicalExpression':
      return isError(context, unwrap(node.left)) || isError(context, unwrap(node.right));
    default:
      return false;
  }
}

/** `[404] …` is matched by the patterns of a gateway's own mapping, `Unauthorized` by an authorizer's. */
function isPlainText(text: string): boolean {
  return text.length > 0 && !/^\W*\[|^\W*\d{3}\b|^unauthori[sz]ed$|^(null|false|true|undefined|0)$/i.test(text);
}

/** The parameter of a catch clause or of a callback; not what somebody hands to a helper, or to a wrapped handler. */
function isGivenError(context: JavaScriptContext, node: Node): boolean {
  const def = context.module.origins.variable(node)?.defs[0];
  if (def === undefined) return false;
  const owner = def.node as Node;
  if (def.type === 'Parameter' && isFunction(owner)) {
    const callback = callbackOf(context.module, owner);
    if (callback?.use === 'node') return !takesContext(callback.call);
    return callback?.use === 'promise' || callback?.use === 'event';
  }
  return def.type === 'CatchClause' || madeError(context, node);
}

/** `inner(event, context, (err, answer) => …)`: another handler's callback, whose error may be none. */
function takesContext(call: CallLike): boolean {
  return call.arguments.some((each) => each.type === 'Identifier' && /^(context|ctx)$/.test(each.name));
}

function madeError(context: JavaScriptContext, node: Node): boolean {
  const value = context.module.origins.valueOf(node);
  return value !== node && value.type === 'NewExpression' && isError(context, value);
}

/** Offered where nothing but the error is passed, so that no answer of the code is lost. */
function answer(context: JavaScriptContext, count: number, error: Node): Fix[] {
  const node = unwrap(error);
  const certain = node.type === 'NewExpression' || (node.type === 'Identifier' && isBranch(context, node));
  if (count !== 1 || !certain) return [];
  const [start, end] = error.range;
  const text = "null, { statusCode: 500, body: JSON.stringify({ message: 'Internal Server Error' }) }";
  return [fix('Answer 500', false, { start, end, text })];
}

/** True where the error is known to be there: in a catch clause, or behind `if (err)`. */
function isBranch(context: JavaScriptContext, node: Extract<Node, { type: 'Identifier' }>): boolean {
  for (let at: Node = node, parent = parentOf(at); parent !== undefined; at = parent, parent = parentOf(at)) {
    if (parent.type === 'CatchClause') return true;
    if (parent.type === 'IfStatement' && parent.consequent === at && context.module.text(parent.test) === node.name)
      return true;
  }
  return false;
}
