import type { TSESTree } from '@typescript-eslint/types';
import { answersOf, answerOf } from '../../analysis/javascript/answers.js';
import {
  enclosingFunction,
  isFunction,
  keyName,
  parentOf,
  unwrap,
  walk,
  walkOwn,
} from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import { escapes, isRejectionHandled, localFunction, takesCallback } from '../../analysis/javascript/flow.js';
import type { Handler } from '../../analysis/javascript/handlers.js';
import { isAsynchronous } from '../../deployment.js';
import { cleanupName, isJavaScriptIo } from '../../knowledge/io.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';
import { describeCatch } from './catch.js';

type Call = TSESTree.CallExpression;

/** Looks at every catch clause, and at `.catch(() => {})`, whose block does known I/O. */
export const javascript: JavaScriptRule = {
  create(context) {
    return {
      TryStatement(node: TSESTree.TryStatement) {
        if (node.handler) checkClause(context, node, node.handler);
      },
      CallExpression(node: Call) {
        checkRejectionHandler(context, node);
      },
    };
  },
};

function checkClause(context: JavaScriptContext, statement: TSESTree.TryStatement, clause: TSESTree.CatchClause): void {
  const io = ioWithin(context, statement.block);
  if (io === undefined) return;
  const facts = describeCatch(context, clause.body);
  if (facts.usesFailure) return;
  const call = callText(context, io);
  const owner = enclosingFunction(statement);
  const handler = context.module.handlers.find((each) => each.fn === owner);
  const success = handler === undefined ? undefined : successIn(context, clause.body, handler);
  if (success !== undefined) {
    context.report({ at: clause, message: 'successAnswer', data: { call, status: String(success) } });
    return;
  }
  if (facts.returns) return;
  if (!facts.logs && !facts.explained) {
    context.report({ at: clause, message: 'silent', data: { call } });
    return;
  }
  if (handler === undefined || owner === undefined || !facts.logs || facts.explained) return;
  const ending = endingAfter(context, statement, owner, handler);
  if (ending !== undefined) context.report({ at: clause, message: ending, data: { call, handler: handler.name } });
}

/** The status of a success that a catch clause of a handler answers. */
function successIn(context: JavaScriptContext, body: Node, handler: Handler): number | undefined {
  if (isAsynchronous(handler.kind)) return undefined;
  const statuses: number[] = [];
  let failures = 0;
  walkOwn(body, (node) => {
    const value = node.type === 'ReturnStatement' ? node.argument : callbackAnswer(node, handler.fn);
    const answer = value ? answerOf(context.module, value) : undefined;
    if (typeof answer === 'number' && answer >= 200 && answer < 300) statuses.push(answer);
    else if (answer !== undefined) failures++;
    return undefined;
  });
  return failures === 0 ? statuses[0] : undefined;
}

function callbackAnswer(node: Node, fn: FunctionNode): Node | undefined {
  const callback = fn.params[2];
  if (node.type !== 'CallExpression' || callback?.type !== 'Identifier') return undefined;
  if (node.callee.type !== 'Identifier' || node.callee.name !== callback.name) return undefined;
  return node.arguments[1];
}

/** What a handler ends with after a catch that only logs; undefined when that is not visibly a success. */
function endingAfter(
  context: JavaScriptContext,
  statement: TSESTree.TryStatement,
  owner: FunctionNode,
  handler: Handler,
): 'loggedOnly' | 'lostEvent' | undefined {
  const later = answersOf(context.module, owner).filter((each) => each.at.range[0] > statement.range[1]);
  if (handler.kind === 'http') {
    const good = later.length > 0 && later.every((each) => typeof each.answer === 'number' && each.answer < 300);
    return good ? 'loggedOnly' : undefined;
  }
  if (handler.kind === 'unknown' && answersAnything(owner)) return undefined;
  let acts = false;
  walk(owner, (node) => {
    if (node.range[0] > statement.range[1] && /^(ThrowStatement|ReturnStatement)$/.test(node.type)) acts = true;
    return !acts;
  });
  return acts ? undefined : 'lostEvent';
}

/** A handler that nowhere returns a value has nobody to answer: its event comes from a queue, a schedule or a bucket. */
function answersAnything(fn: FunctionNode): boolean {
  if (fn.body.type !== 'BlockStatement' || fn.params.length > 2) return true;
  let answers = false;
  walkOwn(fn, (node) => {
    if (node.type === 'ReturnStatement' && node.argument) answers = true;
    return !answers;
  });
  return answers;
}

/** The first known I/O that a block waits for; cleanup does not count. */
function ioWithin(context: JavaScriptContext, block: Node): Call | undefined {
  let found: Call | undefined;
  walkOwn(block, (node) => {
    if (found === undefined && node.type === 'CallExpression' && !isCleanup(node) && isFailing(context, node))
      found = node;
    return found === undefined;
  });
  return found;
}

function isFailing(context: JavaScriptContext, node: Call): boolean {
  const path = context.module.origins.path(node.callee);
  if (isJavaScriptIo(path)) return !takesCallback(node) && !isOptional(path) && !catchesItself(node);
  const helper = localFunction(context.module, node.callee);
  if (helper === undefined || !isAwaited(node) || isCleanup(node)) return false;
  return escapes(context.module, helper).length > 0;
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
  const parent = parentOf(node);
  return parent?.type === 'AwaitExpression' || parent?.type === 'ReturnStatement';
}

function isCleanup(node: Call): boolean {
  const callee = unwrap(node.callee);
  const name = callee.type === 'MemberExpression' ? keyName(callee) : callee.type === 'Identifier' ? callee.name : '';
  return cleanupName.test(name ?? '');
}

/** Deleting with `.catch(() => {})`: "in case it is still there". */
function isDeletion(node: Call): boolean {
  const callee = unwrap(node.callee);
  const name = callee.type === 'MemberExpression' ? keyName(callee) : '';
  const command = node.arguments[0];
  const made = command?.type === 'NewExpression' && command.callee.type === 'Identifier' ? command.callee.name : '';
  return /^(admin)?(delete|remove|destroy|abort|terminate)/i.test(name ?? '') || /^(Delete|Abort|Terminate)/.test(made);
}

/** `await io().catch(() => {})`. */
function checkRejectionHandler(context: JavaScriptContext, node: Call): void {
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || keyName(callee) !== 'catch') return;
  const handler = node.arguments[0];
  const source = unwrap(callee.object);
  if (handler === undefined || !isFunction(handler) || handler.body.type !== 'BlockStatement') return;
  if (source.type !== 'CallExpression' || isCleanup(source) || isDeletion(source)) return;
  const path = context.module.origins.path(source.callee);
  if (!isJavaScriptIo(path) || isOptional(path) || handler.body.body.length > 0) return;
  const comments = context.sourceCode.getCommentsInside(handler.body as never);
  if (comments.length > 0) return;
  context.report({ at: handler, message: 'silent', data: { call: callText(context, source) } });
}

function callText(context: JavaScriptContext, node: Call): string {
  const text = context.sourceCode.text.slice(node.callee.range[0], node.callee.range[1]).replace(/\s+/g, '');
  return `\`${text.length > 60 ? `${text.slice(0, 57)}…` : text}\``;
}
