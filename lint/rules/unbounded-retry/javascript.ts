import type { TSESTree } from '@typescript-eslint/types';
import { enclosingFunction, isFunction, keyName, parentOf, unwrap, walkOwn } from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import { handlerAround } from '../../analysis/javascript/handlers.js';
import { roleOf } from '../../analysis/javascript/role.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';
import { isCounted, isFailureBranch, isPolling } from './bounds.js';

type Loop = TSESTree.WhileStatement | TSESTree.DoWhileStatement | TSESTree.ForStatement;

export const javascript: JavaScriptRule = {
  create(context) {
    if (/^(test|script|page)$/.test(roleOf(context.module))) return {};
    const loop = (node: Loop): void => {
      if (isEndless(node) && retries(context, node)) report(context, node, 'again');
    };
    return {
      WhileStatement: loop,
      DoWhileStatement: loop,
      ForStatement: loop,
      CallExpression(node: TSESTree.CallExpression) {
        const name = repeats(context, node);
        if (name !== undefined) report(context, node, 'itself', { name });
      },
      Property(node: TSESTree.Property) {
        if (isEndlessOption(context, node)) report(context, node, 'option', { option: context.module.text(node) });
      },
    };
  },
};

/** `while (true)`, `for (;;)`, and `while (!done)`, which only success ends. */
function isEndless(loop: Loop): boolean {
  if (loop.type === 'ForStatement') return loop.test === null && loop.update === null;
  const test = unwrap(loop.test);
  if (test.type === 'Literal') return test.value === true || test.value === 1;
  if (test.type === 'UnaryExpression') return test.operator === '!' && unwrap(test.argument).type === 'Identifier';
  return (
    test.type === 'Identifier' &&
    /^(retry|retrying|again|failed|failing|tryAgain|shouldRetry|keepTrying)$/i.test(test.name)
  );
}

/** A loop that waits for somebody, goes on after a failure, and counts nothing. */
function retries(context: JavaScriptContext, loop: Loop): boolean {
  if (isPolling(context.module.text(loop)) || isPolling(namesAround(context, loop))) return false;
  if (isCounted(loop)) return false;
  let goesOn = false;
  walkOwn(loop.body, (node) => {
    if (node.type === 'TryStatement' && node.handler !== null && waits(node.block))
      goesOn ||= continues(node.handler.body);
    return !goesOn;
  });
  return goesOn || asksAgain(loop);
}

function namesAround(context: JavaScriptContext, node: Node): string {
  const fn = enclosingFunction(node);
  const name = fn?.type === 'FunctionDeclaration' ? fn.id?.name : undefined;
  return `${name ?? ''} ${/2020-01-01\/extension|2018-06-01\/runtime/.exec(context.sourceCode.text)?.[0] ?? ''}`;
}

function waits(node: Node): boolean {
  let waits = false;
  walkOwn(node, (each) => {
    if (each.type === 'AwaitExpression') waits = true;
    return !waits;
  });
  return waits;
}

/** True when a catch clause can end without leaving the loop. */
function continues(body: TSESTree.BlockStatement): boolean {
  return !body.body.some((each) => leaves(each));
}

function leaves(statement: Node): boolean {
  if (/^(Throw|Return|Break)Statement$/.test(statement.type)) return true;
  if (statement.type === 'BlockStatement') return statement.body.some(leaves);
  if (statement.type !== 'IfStatement' || statement.alternate === null) return false;
  return leaves(statement.consequent) && leaves(statement.alternate);
}

/** `while (true) { const res = await fetch(url); if (res.ok) return res; }` */
function asksAgain(loop: Loop): boolean {
  if (loop.body.type !== 'BlockStatement' || !waits(loop.body)) return false;
  return loop.body.body.some((each) => {
    if (each.type !== 'IfStatement' || !leaves(each.consequent)) return false;
    const test = unwrap(each.test);
    if (test.type === 'MemberExpression') return keyName(test) === 'ok';
    if (test.type !== 'BinaryExpression' || test.operator !== '===') return false;
    const [left, right] = [unwrap(test.left), unwrap(test.right)];
    return (
      left.type === 'MemberExpression' &&
      /^status(Code)?$/.test(keyName(left) ?? '') &&
      right.type === 'Literal' &&
      right.value === 200
    );
  });
}

/** The name of a function that calls itself where a failure is handled, with nothing that counts. */
function repeats(context: JavaScriptContext, call: TSESTree.CallExpression): string | undefined {
  const callee = unwrap(call.callee);
  const name =
    callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? keyName(callee) : undefined;
  if (name === undefined) return undefined;
  const around = functionNamed(context, call, name);
  if (around === undefined || context.module.origins.functionOf(callee) !== around) return undefined;
  if (!isFailureBranch(context.module, call, around)) return undefined;
  const counts = call.arguments.some(
    (each) =>
      !/^(Identifier|MemberExpression|Literal|ArrowFunctionExpression|FunctionExpression)$/.test(unwrap(each).type),
  );
  const text = context.module.text(around);
  if (
    counts ||
    isCounted(around) ||
    isPolling(text) ||
    /attempt|retries|retryCount|tries|refresh|token|depth/i.test(text)
  )
    return undefined;
  return name;
}

/** The function around a call that has its name. */
function functionNamed(context: JavaScriptContext, call: Node, name: string): FunctionNode | undefined {
  for (let at = parentOf(call); at !== undefined; at = parentOf(at)) {
    if (!isFunction(at)) continue;
    if (at.type === 'FunctionDeclaration' && at.id?.name === name) return at;
    const holder = parentOf(at);
    if (holder?.type === 'VariableDeclarator' && context.module.text(holder.id) === name) return at;
    if (holder?.type === 'MethodDefinition' && context.module.text(holder.key) === name) return at;
  }
  return undefined;
}

const limits =
  /^(retries|maxRetries|max_retries|maxAttempts|numOfAttempts|maxRetryAttempts|maxTries|attempts|retryLimit|retryAttempts)$/;

/** `{ retries: Infinity }`, `{ forever: true }` of the libraries that retry. */
function isEndlessOption(context: JavaScriptContext, node: TSESTree.Property): boolean {
  const key = keyName(node);
  if (key === undefined || node.parent.type !== 'ObjectExpression') return false;
  if (key === 'forever') {
    const value = unwrap(node.value);
    return (
      value.type === 'Literal' &&
      value.value === true &&
      /['"](p-retry|async-retry|retry|promise-retry|@lifeomic\/attempt)['"]/.test(context.sourceCode.text)
    );
  }
  if (!limits.test(key)) return false;
  return /^global\.(Infinity|Number\.(POSITIVE_INFINITY|MAX_SAFE_INTEGER|MAX_VALUE))$/.test(
    context.module.origins.path(node.value),
  );
}

function report(context: JavaScriptContext, node: Node, message: string, data: Record<string, string> = {}): void {
  const handler = handlerAround(context.module, node);
  context.report({ at: node, message, data, ...(handler === undefined ? {} : { handler: handler.name }) });
}
