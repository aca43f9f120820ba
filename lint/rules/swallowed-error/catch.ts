import { isFunction, keyName, unwrap, walk } from '../../analysis/javascript/ast.js';
import type { Node } from '../../analysis/javascript/ast.js';
import type { JavaScriptContext } from '../../rule.js';

/** What a catch block does with the failure. */
export interface CatchFacts {
  /** It throws, answers an error, keeps the failure, or hands the error to something other than a log. */
  readonly usesFailure: boolean;
  /** It returns a value: the caller can tell, unless the value is a success answer. */
  readonly returns: boolean;
  readonly logs: boolean;
  /** A comment says why nothing is done. */
  readonly explained: boolean;
}

const loggerName = /^(console|log|logger|winston|pino|bunyan|debug|LOG|LOGGER|Logger)$/;
const logMethod = /^(log|error|warn|info|debug|trace|fatal|critical|exception|dir|table)$/;

export function describeCatch(context: JavaScriptContext, body: Node): CatchFacts {
  let usesFailure = false;
  let returns = false;
  let logs = false;
  walk(body, (node) => {
    if (isFunction(node)) return undefined;
    if (node.type === 'ThrowStatement' || node.type === 'AssignmentExpression' || node.type === 'UpdateExpression') {
      usesFailure = true;
    }
    if (/^(Continue|Break|Switch|If|While|For)\w*Statement$|^ConditionalExpression$/.test(node.type))
      usesFailure ||= decides(node);
    if (node.type === 'ReturnStatement' && node.argument) returns = true;
    if (node.type === 'CallExpression') {
      if (isLog(node)) logs = true;
      else if (!isHarmless(node)) usesFailure = true;
      return !isLog(node);
    }
    return !usesFailure;
  });
  const explained = context.sourceCode.getCommentsInside(body as never).length > 0;
  return { usesFailure: usesFailure && !onlyBuildsAnswer(body), returns, logs, explained };
}

/** A decision on the error (`if (err.code === …)`) uses it; `continue` and `break` alone do not. */
function decides(node: Node): boolean {
  return node.type === 'IfStatement' || node.type === 'SwitchStatement' || node.type === 'ConditionalExpression';
}

function isLog(call: Extract<Node, { type: 'CallExpression' }>): boolean {
  const callee = unwrap(call.callee);
  if (callee.type === 'Identifier') return /^(log|debug|print|logError|logger|trace)$/i.test(callee.name);
  if (callee.type !== 'MemberExpression') return false;
  const object = unwrap(callee.object);
  const name =
    object.type === 'Identifier' ? object.name : object.type === 'MemberExpression' ? (keyName(object) ?? '') : '';
  return (loggerName.test(name) || /log(ger)?$/i.test(name)) && (logMethod.test(keyName(callee) ?? '') || name !== '');
}

/** Calls that only shape text. */
function isHarmless(call: Extract<Node, { type: 'CallExpression' }>): boolean {
  const callee = unwrap(call.callee);
  if (callee.type === 'Identifier') return /^(String|Number|Boolean)$/.test(callee.name);
  return (
    callee.type === 'MemberExpression' && /^(stringify|toString|join|toISOString|now)$/.test(keyName(callee) ?? '')
  );
}

/** `return response(200, …)`: the one call makes the answer, so the answer decides, not the call. */
function onlyBuildsAnswer(body: Node): boolean {
  if (body.type !== 'BlockStatement') return false;
  return body.body.every((statement) => {
    if (statement.type === 'ReturnStatement') {
      const value = statement.argument ? unwrap(statement.argument) : undefined;
      return value?.type === 'CallExpression' || value?.type === 'ObjectExpression';
    }
    const expression = statement.type === 'ExpressionStatement' ? unwrap(statement.expression) : undefined;
    return expression?.type === 'CallExpression' && (isLog(expression) || isCallback(expression));
  });
}

function isCallback(call: Extract<Node, { type: 'CallExpression' }>): boolean {
  const first = call.arguments[0];
  const isNull = first?.type === 'Literal' && first.value === null;
  return call.callee.type === 'Identifier' && /^(callback|cb|done)$/.test(call.callee.name) && isNull;
}
