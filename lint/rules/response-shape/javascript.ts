import type { TSESTree } from '@typescript-eslint/types';
import { answerOf } from '../../analysis/javascript/answers.js';
import { keyName, parentOf, unwrap, walk, walkOwn } from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import { completionsOf } from '../../analysis/javascript/completions.js';
import type { Handler } from '../../analysis/javascript/handlers.js';
import { fix } from '../../rule.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';
import { canEnd } from './ends.js';
import { silentReturn } from './silent.js';

/** The ways out of an HTTP handler: those without a status where others have one, and bodies that are no text. */
export const javascript: JavaScriptRule = {
  create(context) {
    return {
      Program() {
        for (const handler of context.module.handlers) {
          if (handler.kind !== 'http' || handler.shaped) continue;
          if (handler.convention === 'lambda') checkLambda(context, handler);
          if (handler.convention === 'request-response') checkRequest(context, handler);
        }
      },
    };
  },
};

function checkRequest(context: JavaScriptContext, handler: Handler): void {
  const at = silentReturn(handler.fn);
  if (at !== undefined)
    context.report({ at, message: 'neverSends', data: { handler: handler.name }, handler: handler.name });
}

function checkLambda(context: JavaScriptContext, handler: Handler): void {
  const values = waysOut(context, handler.fn);
  const judged = values.map((value) => ({ value, what: whatIs(context, value) }));
  if (!judged.some((each) => each.what === 'answer')) return;
  for (const { value, what } of judged) {
    if (what === 'answer' || what === 'unknown' || isWarmUp(context, value)) continue;
    context.report({
      at: value,
      message: 'withoutStatus',
      data: { handler: handler.name, what },
      handler: handler.name,
    });
  }
  checkEnd(context, handler);
  for (const body of bodiesIn(context, handler.fn)) reportBody(context, handler, body);
}

/** The values that a handler returns or calls back with. */
function waysOut(context: JavaScriptContext, fn: FunctionNode): Node[] {
  const found: Node[] = fn.body.type === 'BlockStatement' ? [] : [fn.body];
  walkOwn(fn, (node) => {
    if (node.type === 'ReturnStatement' && node.argument) found.push(node.argument);
    return undefined;
  });
  for (const { call, via } of completionsOf(context.module, fn)) {
    const [first, second] = call.arguments;
    const success = via === 'succeed' ? first : isNothing(first) ? second : undefined;
    if (success !== undefined) found.push(success);
  }
  return found;
}

function isNothing(node: Node | undefined): boolean {
  if (node === undefined) return false;
  const value = unwrap(node);
  return (
    (value.type === 'Literal' && value.value === null) || (value.type === 'Identifier' && value.name === 'undefined')
  );
}

/** Keys of answers to other callers than API Gateway. */
const otherAnswers =
  /^(statusCode|batchItemFailures|isAuthorized|policyDocument|principalId|context|status|type|sessionAttributes|dialogAction)$/;

/** `answer`, `unknown`, or what a value is instead of an answer, as the message says it. */
function whatIs(context: JavaScriptContext, value: Node): string {
  const node = unwrap(value);
  switch (node.type) {
    case 'Literal':
      if (node.value === null) return 'unknown';
      return typeof node.value === 'string' ? 'text' : typeof node.value === 'number' ? 'a number' : 'unknown';
    case 'TemplateLiteral':
      return 'text';
    case 'ArrayExpression':
      return 'a list';
    case 'ObjectExpression':
      return whatObject(context, node);
    case 'Identifier':
      return whatName(context, node);
    case 'NewExpression':
      return /Error$/.test(context.module.text(node.callee)) ? 'an error' : 'unknown';
    case 'CallExpression':
      if (context.module.origins.path(node.callee) === 'global.JSON.stringify') return 'text';
      return answerOf(context.module, node) === undefined ? 'unknown' : 'answer';
    case 'AwaitExpression':
      return answerOf(context.module, node) === undefined ? 'unknown' : 'answer';
    default:
      return 'unknown';
  }
}

function whatObject(context: JavaScriptContext, node: TSESTree.ObjectExpression): string {
  if (answerOf(context.module, node) !== undefined) return 'answer';
  const open = node.properties.some((each) => each.type === 'SpreadElement' || keyName(each) === undefined);
  if (open || node.properties.some((each) => each.type === 'Property' && otherAnswers.test(keyName(each) ?? '')))
    return 'unknown';
  return 'an object';
}

function whatName(context: JavaScriptContext, node: TSESTree.Identifier): string {
  const variable = context.module.origins.variable(node);
  const def = variable?.defs[0];
  if (def?.type === 'CatchClause') return 'the error';
  if (answerOf(context.module, node) !== undefined) return 'answer';
  const changed = (variable?.references ?? []).some((each) => {
    const member = parentOf(each.identifier as Node);
    const target = member?.type === 'MemberExpression' ? parentOf(member) : undefined;
    return target?.type === 'AssignmentExpression' && target.left === member;
  });
  const value = changed ? node : context.module.origins.valueOf(node);
  return value !== node && value.type === 'ObjectExpression' ? whatObject(context, value) : 'unknown';
}

/** `if (event.source === 'serverless-plugin-warmup') return 'warm'`, and branches for other sources. */
function isWarmUp(context: JavaScriptContext, value: Node): boolean {
  for (let at = parentOf(value); at !== undefined; at = parentOf(at)) {
    if (at.type !== 'IfStatement') continue;
    if (
      /warm|keep_?alive|\bping\b|\.source\b|Records\b|triggerSource|['"]?detail-type/i.test(
        context.module.text(at.test),
      )
    )
      return true;
  }
  return false;
}

/** An async handler whose end can be reached without a return, or that returns nothing on purpose. */
function checkEnd(context: JavaScriptContext, handler: Handler): void {
  const { fn } = handler;
  if (!fn.async || fn.body.type !== 'BlockStatement' || fn.params.length > 2) return;
  const data = { handler: handler.name };
  walkOwn(fn, (node) => {
    if (node.type === 'ReturnStatement' && node.argument === null && !isWarmUp(context, node)) {
      context.report({ at: node, message: 'noAnswer', data, handler: handler.name });
    }
    return undefined;
  });
  const last = fn.body.body.at(-1);
  if (last !== undefined && canEnd(fn.body))
    context.report({ at: last, message: 'noAnswer', data, handler: handler.name });
}

interface Body {
  readonly at: Node;
  readonly what: string;
}

/** Bodies of answers that are visibly no text. */
function bodiesIn(context: JavaScriptContext, fn: FunctionNode): Body[] {
  const found: Body[] = [];
  walk(fn.body, (node) => {
    if (node.type !== 'ObjectExpression') return undefined;
    const own = node.properties.filter((each) => each.type === 'Property');
    if (!own.some((each) => keyName(each) === 'statusCode')) return undefined;
    const body = own.find((each) => keyName(each) === 'body');
    const what = body === undefined ? undefined : noText(context, body.value);
    if (body !== undefined && what !== undefined) found.push({ at: body.value, what });
    return undefined;
  });
  return found;
}

function noText(context: JavaScriptContext, value: Node): string | undefined {
  const node = unwrap(value);
  if (node.type === 'ObjectExpression') return 'an object';
  if (node.type === 'ArrayExpression') return 'a list';
  if (node.type !== 'Identifier') return undefined;
  if (context.module.origins.variable(node)?.defs[0]?.type === 'CatchClause') return 'an error';
  const made = context.module.origins.valueOf(node);
  return made !== node && made.type === 'ObjectExpression' ? 'an object' : undefined;
}

function reportBody(context: JavaScriptContext, handler: Handler, { at, what }: Body): void {
  const [start, end] = at.range;
  const text = context.module.text(at);
  const shorthand = parentOf(at)?.type === 'Property' && (parentOf(at) as TSESTree.Property).shorthand;
  const written = `${shorthand ? `${text}: ` : ''}JSON.stringify(${text})`;
  context.report({
    at,
    message: 'bodyIsObject',
    data: { what },
    fixes:
      what === 'an error' ? [] : [fix('Write it as text with `JSON.stringify`', false, { start, end, text: written })],
    handler: handler.name,
  });
}
