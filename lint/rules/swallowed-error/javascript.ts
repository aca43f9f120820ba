import type { TSESTree } from '@typescript-eslint/types';
import { answerOf, answersOf } from '../../analysis/javascript/answers.js';
import { walk, walkOwn } from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import type { Convention, Handler } from '../../analysis/javascript/handlers.js';
import { routesOf } from '../../analysis/javascript/routes.js';
import { isAsynchronous } from '../../deployment.js';
import type { HandlerKind } from '../../deployment.js';
import { dependencyOf } from '../../knowledge/dependency.js';
import { fix } from '../../rule.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';
import { checkErrorCallback, checkErrorListener, checkRejectionHandler } from './callbacks.js';
import { describeCatch, isExplainedAround } from './catch.js';
import { isSent, successIn } from './success.js';
import { callText, functionName, isBestEffort, isWatched, responsibleFor, workIn } from './failing.js';
import type { Work } from './failing.js';

/** Looks at every catch clause, `.catch(…)`, callback and error listener whose failure somebody should learn of. */
export const javascript: JavaScriptRule = {
  create(context) {
    return {
      TryStatement(node: TSESTree.TryStatement) {
        if (node.handler) checkClause(context, node, node.handler);
      },
      CallExpression(node: TSESTree.CallExpression) {
        checkRejectionHandler(context, node);
        checkErrorListener(context, node);
        checkErrorCallback(context, node);
      },
    };
  },
};

/** Whose failure it is: the handler's or the route's that a catch clause stands in. */
export interface Owner {
  readonly name: string;
  readonly fn: FunctionNode;
  readonly kind: HandlerKind;
  readonly convention: Convention;
}

export function ownerOf(context: JavaScriptContext, node: Node): Owner | undefined {
  const fn = responsibleFor(node);
  if (fn === undefined) return undefined;
  const handler: Handler | undefined = context.module.handlers.find((each) => each.fn === fn);
  if (handler !== undefined) return handler;
  const route = routesOf(context.module).find((each) => each.fn === fn);
  return route && { name: route.name, fn, kind: 'http', convention: 'request-response' };
}

function checkClause(context: JavaScriptContext, statement: TSESTree.TryStatement, clause: TSESTree.CatchClause): void {
  const owner = ownerOf(context, statement);
  const work = workIn(context, statement.block) ?? wholeOf(statement, owner);
  if (work === undefined) return;
  const facts = describeCatch(context, clause.body);
  const status = owner === undefined ? undefined : successIn(context, clause.body, owner);
  if (status !== undefined) {
    return report(context, clause, 'successAnswer', work, owner, { status: String(status) });
  }
  if (facts.usesFailure || facts.explained || isExplainedAround(context, statement)) return;
  if (owner !== undefined && isAsynchronous(owner.kind)) {
    // A status that nobody reads is `status-from-async-source`.
    if (answersIn(context, clause.body)) return;
    if (!restores(context, owner.fn, statement))
      report(context, clause, facts.logs ? 'lostEvent' : 'silent', work, owner);
    return;
  }
  if (facts.returns) return;
  if (!facts.logs) {
    if (work.certain) report(context, clause, 'silent', work, owner);
    return;
  }
  const message = owner === undefined ? unnoticed(context, statement, work) : endingAfter(context, statement, owner);
  if (message !== undefined) report(context, clause, message, work, owner);
}

function answersIn(context: JavaScriptContext, body: Node): boolean {
  let answers = false;
  walkOwn(body, (node) => {
    const value = node.type === 'ReturnStatement' ? node.argument : undefined;
    if (value && answerOf(context.module, value) !== undefined) answers = true;
    return !answers;
  });
  return answers;
}

/** A handler of events that is one try with a log: whatever fails there, nobody learns of it. */
function wholeOf(statement: TSESTree.TryStatement, owner: Owner | undefined): Work | undefined {
  if (owner === undefined || statement.parent !== owner.fn.body || owner.fn.body.type !== 'BlockStatement')
    return undefined;
  if (owner.fn.body.body.length > 1 || (owner.kind !== 'unknown' && !isAsynchronous(owner.kind))) return undefined;
  let call: TSESTree.CallExpression | undefined;
  walkOwn(statement.block, (node) => {
    if (node.type === 'CallExpression') call ??= node;
    return call === undefined;
  });
  return call && { call, certain: false };
}

/** True where what failed is told later: a throw behind the catch, a list of failed records. */
function restores(context: JavaScriptContext, fn: FunctionNode, statement: Node): boolean {
  if (/\bbatchItemFailures\b/.test(context.module.text(fn))) return true;
  let throws = false;
  walk(fn, (node) => {
    if (node.range[0] > statement.range[1] && node.type === 'ThrowStatement') throws = true;
    return !throws;
  });
  return throws;
}

/** A helper that logs and goes on: its callers take a failure for a result, or for work that is done. */
function unnoticed(
  context: JavaScriptContext,
  statement: TSESTree.TryStatement,
  work: Work,
): 'noResult' | 'unnoticed' | undefined {
  const fn = responsibleFor(statement);
  if (fn === undefined || isBestEffort(fn) || isWatched(context)) return undefined;
  if (fn.body.type !== 'BlockStatement' || functionName(fn) === '') return undefined;
  let returns = false;
  let later = false;
  walkOwn(fn, (node) => {
    const value = node.type === 'ReturnStatement' && node.argument !== null;
    if (value && node.range[0] > statement.range[1]) later = true;
    if (value && node.range[1] < statement.range[1]) returns = true;
    if (node.type === 'ThrowStatement' && node.range[0] > statement.range[1]) later = true;
    return undefined;
  });
  if (later || statement.finalizer) return undefined;
  if (returns) return 'noResult';
  return work.certain || fn.async ? 'unnoticed' : undefined;
}

/** What a handler ends with after a catch that only logs; undefined when that is not visibly a success. */
function endingAfter(
  context: JavaScriptContext,
  statement: TSESTree.TryStatement,
  owner: Owner,
): 'loggedOnly' | 'lostEvent' | 'noAnswer' | undefined {
  const { fn, kind, convention } = owner;
  if (convention === 'request-response') return sentAfter(context, statement, owner);
  if (kind === 'http') {
    const later = answersOf(context.module, fn).filter((each) => each.at.range[0] > statement.range[1]);
    if (later.length > 0) {
      return later.every((each) => typeof each.answer === 'number' && each.answer < 300) ? 'loggedOnly' : undefined;
    }
    return convention === 'lambda' && !hasLater(fn, statement) ? 'noAnswer' : undefined;
  }
  if (kind !== 'unknown' || answersAnything(fn)) return undefined;
  return hasLater(fn, statement) ? undefined : 'lostEvent';
}

function hasLater(fn: FunctionNode, statement: Node): boolean {
  let acts = false;
  walk(fn, (node) => {
    if (node.range[0] > statement.range[1] && /^(ThrowStatement|ReturnStatement)$/.test(node.type)) acts = true;
    return !acts;
  });
  return acts || fn.params.length > 2;
}

/** `(req, res)`: what is sent behind the catch is a success, and nothing sent means that nobody is answered. */
function sentAfter(
  context: JavaScriptContext,
  statement: TSESTree.TryStatement,
  { fn }: Owner,
): 'loggedOnly' | 'noAnswer' | undefined {
  let sends = false;
  let depends = false;
  walk(fn, (node) => {
    if (node.range[0] < statement.range[1]) return undefined;
    if (/^(IfStatement|ConditionalExpression|ThrowStatement)$/.test(node.type)) depends = true;
    if (isSent(node, fn)) sends = true;
    return undefined;
  });
  if (depends || context.module.text(fn).includes('headersSent')) return undefined;
  return sends ? 'loggedOnly' : 'noAnswer';
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

function report(
  context: JavaScriptContext,
  clause: TSESTree.CatchClause,
  message: string,
  work: Work,
  owner: Owner | undefined,
  data: Readonly<Record<string, string>> = {},
): void {
  const dependency = dependencyOf(context.module.origins.path(work.call.callee));
  const named = owner?.name ?? functionName(responsibleFor(clause) as FunctionNode);
  context.report({
    at: clause,
    message,
    data: { call: callText(context, work.call), handler: named, ...data },
    fixes: message === 'lostEvent' ? rethrow(context, clause) : [],
    ...(owner === undefined ? {} : { handler: owner.name }),
    ...(dependency === undefined ? {} : { dependency }),
  });
}

/** The suggestion to throw on, where the catch names the error and ends with a log. */
function rethrow(context: JavaScriptContext, clause: TSESTree.CatchClause) {
  const last = clause.body.body.at(-1);
  if (clause.param?.type !== 'Identifier' || last?.type !== 'ExpressionStatement') return [];
  const indent = /[^\n]*$/.exec(context.sourceCode.text.slice(0, last.range[0]))?.[0] ?? '';
  const break_ = /^\s*$/.test(indent) ? `\n${indent}` : ' ';
  const end = last.range[1];
  return [fix('Throw the error on', false, { start: end, end, text: `${break_}throw ${clause.param.name};` })];
}
