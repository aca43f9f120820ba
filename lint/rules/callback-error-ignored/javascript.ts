import type { TSESTree } from '@typescript-eslint/types';
import { isFunction, keyName, outer, unwrap, walk } from '../../analysis/javascript/ast.js';
import type { CallLike, FunctionNode } from '../../analysis/javascript/ast.js';
import { callbackOf, isErrorName } from '../../analysis/javascript/callbacks.js';
import { handlerAround } from '../../analysis/javascript/handlers.js';
import { roleOf } from '../../analysis/javascript/role.js';
import { nodeCallback } from '../../knowledge/callbacks.js';
import { dependencyOf } from '../../knowledge/dependency.js';
import { cleanupName } from '../../knowledge/io.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';

export const javascript: JavaScriptRule = {
  create(context) {
    const check = (fn: FunctionNode): void => {
      const error = ignoredError(context, fn);
      if (error === undefined || /^(test|script|page)$/.test(roleOf(context.module))) return;
      const callback = callbackOf(context.module, fn);
      if (callback?.use !== 'node' || !isIo(context, callback.call, fn)) return;
      report(context, error, callback.call);
    };
    return { FunctionExpression: check, ArrowFunctionExpression: check, FunctionDeclaration: check };
  },
};

/** The first parameter, where nothing reads it. */
function ignoredError(context: JavaScriptContext, fn: FunctionNode): TSESTree.Identifier | undefined {
  const first = fn.params[0];
  if (first?.type !== 'Identifier') return undefined;
  const variable = context.sourceCode.scopeManager
    .getDeclaredVariables(fn as never)
    .find((each) => each.name === first.name);
  if (variable === undefined || variable.references.some((each) => each.isRead())) return undefined;
  return usesArguments(fn) ? undefined : first;
}

function usesArguments(fn: FunctionNode): boolean {
  let uses = false;
  walk(fn.body, (node) => {
    if (node.type === 'Identifier' && node.name === 'arguments') uses = true;
    return !uses && !(isFunction(node) && node.type !== 'ArrowFunctionExpression');
  });
  return uses;
}

/** A known API; or an unknown one with `(err, result)`, since one parameter alone may be an event. */
function isIo(context: JavaScriptContext, call: CallLike, fn: FunctionNode): boolean {
  const callee = unwrap(call.callee);
  const name = callee.type === 'MemberExpression' ? keyName(callee) : callee.type === 'Identifier' ? callee.name : '';
  if (name === undefined || cleanupName.test(name) || fn.body.type !== 'BlockStatement') return false;
  // Whether a file is there is told by the error alone, so who ignores it does not ask.
  if (fn.body.body.length === 0)
    return !/^(unlink|rm|mkdir|access|utimes|log|track|emit)/i.test(name) && isKnown(context, call);
  if (isKnown(context, call)) return true;
  const [first, second] = fn.params;
  return first?.type === 'Identifier' && isErrorName(first.name) && second !== undefined && isAsked(name);
}

function isKnown(context: JavaScriptContext, call: CallLike): boolean {
  return nodeCallback.test(context.module.origins.path(call.callee));
}

/** Methods of clients that other files make. */
function isAsked(name: string): boolean {
  return /^(query|execute|get|put|post|delete|update|insert\w*|find\w*|save|scan|send\w*|publish|invoke|request|read\w*|write\w*|upload|download|fetch\w*|load\w*|set|hget|hset|connect|getConnection|getObject|putObject|describe\w*|list\w*|create\w*|remove|aggregate|count|toArray|exec|run|all)$/.test(
    name,
  );
}

function report(context: JavaScriptContext, error: TSESTree.Identifier, call: CallLike): void {
  const text = context.module.text(outer(call.callee)).replace(/\s+/g, '');
  const handler = handlerAround(context.module, error);
  const dependency = dependencyOf(context.module.origins.path(call.callee));
  context.report({
    at: error,
    message: 'ignored',
    data: { name: error.name, call: text.length > 50 ? 'the call' : `\`${text}\`` },
    ...(handler === undefined ? {} : { handler: handler.name }),
    ...(dependency === undefined ? {} : { dependency }),
  });
}
