import type { TSESTree } from '@typescript-eslint/types';
import { isFunction, keyName, unwrap, walk } from '../../analysis/javascript/ast.js';
import type { Node } from '../../analysis/javascript/ast.js';
import type { JavaScriptContext } from '../../rule.js';

type Call = TSESTree.CallExpression;

/** What a catch block, or the branch of a callback that has an error, does with the failure. */
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
    if (/^(If|Switch)Statement$|^ConditionalExpression$/.test(node.type)) usesFailure = true;
    if (node.type === 'ReturnStatement' && node.argument) returns = true;
    if (node.type === 'CallExpression') {
      if (isLog(node)) logs = true;
      else if (!isHarmless(node)) usesFailure = true;
      return !isLog(node);
    }
    return !usesFailure;
  });
  const explained = isExplained(context, body, logs);
  return { usesFailure: usesFailure && !onlyBuildsAnswer(body), returns, logs, explained };
}

/** Words of somebody who means it; other comments beside a log only name what happens. */
const reason =
  /best.?effort|ignor|optional|on purpose|deliberate|intention|non.?fatal|not? (critical|fatal|important|need)|do(es)?n.t (care|matter)|\b(ok|okay|fine|safe|already|expected|fall ?back|never|swallow|because|since|still|anyway|continue|keep|skip|may|might|can|will|should|retr(y|ies))\b/i;

/** Directives, and code that was switched off. */
const noReason =
  /^(eslint|todo|fixme|istanbul|@ts|prettier|noinspection|console|return|throw|const|let|var|await)\b|;$/i;

/** A reason given before the try or behind the catch: "clear the cookie regardless of that". */
export function isExplainedAround(context: JavaScriptContext, statement: Node): boolean {
  const { sourceCode } = context;
  const around = [
    ...sourceCode.getCommentsBefore(statement as never),
    ...sourceCode.getCommentsAfter(statement as never),
  ];
  return around.some((each) =>
    /regardless|best.?effort|non.?fatal|ignor|on purpose|deliberate|intention/i.test(each.value),
  );
}

function isExplained(context: JavaScriptContext, body: Node, logs: boolean): boolean {
  const comments = context.sourceCode.getCommentsInside(body as never).map((each) => each.value.trim());
  const meant = comments.filter((each) => !noReason.test(each));
  return logs ? meant.some((each) => reason.test(each)) : meant.length > 0;
}

export function isLog(call: Call): boolean {
  const callee = unwrap(call.callee);
  if (callee.type === 'Identifier') return /^(log|debug|print|logError|logger|trace)$/i.test(callee.name);
  if (callee.type !== 'MemberExpression') return false;
  return isLogMethod(callee);
}

/** `console.error`, `this.logger.warn`, `request.log.info`. */
export function isLogMethod(member: TSESTree.MemberExpression): boolean {
  const object = unwrap(member.object);
  const name =
    object.type === 'Identifier' ? object.name : object.type === 'MemberExpression' ? (keyName(object) ?? '') : '';
  return (loggerName.test(name) || /log(ger)?$/i.test(name)) && (logMethod.test(keyName(member) ?? '') || name !== '');
}

/** Calls that only shape text. */
function isHarmless(call: Call): boolean {
  const callee = unwrap(call.callee);
  if (callee.type === 'Identifier') return /^(String|Number|Boolean|Error)$/.test(callee.name);
  return (
    callee.type === 'MemberExpression' &&
    /^(stringify|toString|join|toISOString|now|inspect)$/.test(keyName(callee) ?? '')
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

function isCallback(call: Call): boolean {
  const first = call.arguments[0];
  const isNull = first?.type === 'Literal' && first.value === null;
  return call.callee.type === 'Identifier' && /^(callback|cb|done)$/.test(call.callee.name) && isNull;
}
