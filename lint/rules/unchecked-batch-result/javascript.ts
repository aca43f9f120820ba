import type { TSESTree } from '@typescript-eslint/types';
import { isFunction, keyName, outer, parentOf, unwrap } from '../../analysis/javascript/ast.js';
import type { Node } from '../../analysis/javascript/ast.js';
import { handlerAround } from '../../analysis/javascript/handlers.js';
import { callbackResultUse, resultUse } from '../../analysis/javascript/results.js';
import type { ResultUse } from '../../analysis/javascript/results.js';
import { roleOf } from '../../analysis/javascript/role.js';
import { partialField } from '../../knowledge/batches.js';
import { dependencyOf } from '../../knowledge/dependency.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';

type Call = TSESTree.CallExpression;

export const javascript: JavaScriptRule = {
  create(context) {
    return {
      CallExpression(node: Call) {
        const batch = batchOf(context, node);
        if (batch === undefined || /^(test|script|page)$/.test(roleOf(context.module))) return;
        // Somewhere in the file it is read: who wrote that knows of it.
        if (reads(batch.field, context.sourceCode.text)) return;
        if (useOf(context, node, batch.field) === 'dropped') report(context, node, batch);
      },
    };
  },
};

/** As a member, in a pattern, or as a key: not as a word of a message. */
function reads(field: string, text: string): boolean {
  return new RegExp(`\\.${field}\\b|[{,]\\s*${field}\\s*[,}:=]|\\[['"\`]${field}['"\`]\\]`).test(text);
}

interface Batch {
  readonly name: string;
  readonly field: string;
}

/** `client.send(new PutEventsCommand(…))`, `client.putEvents(…)`. */
function batchOf(context: JavaScriptContext, node: Call): Batch | undefined {
  const callee = unwrap(node.callee);
  const method = callee.type === 'MemberExpression' ? keyName(callee) : undefined;
  if (callee.type !== 'MemberExpression' || method === undefined) return undefined;
  if (method === 'send' && node.arguments[0] !== undefined) return commandOf(context, node.arguments[0]);
  const field = partialField(method);
  if (field === undefined || /[A-Z]\w*Command$/.test(method)) return undefined;
  const path = context.module.origins.path(callee);
  const known = /^(@aws-sdk\/|aws-sdk[./])/.test(path);
  return known || isPromised(node) ? { name: method, field } : undefined;
}

function commandOf(context: JavaScriptContext, argument: Node): Batch | undefined {
  const command = context.module.origins.valueOf(argument);
  if (command.type !== 'NewExpression') return undefined;
  const callee = unwrap(command.callee);
  const path = context.module.origins.path(callee);
  const own =
    callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? keyName(callee) : undefined;
  const name = /^@aws-sdk\/.*\.(\w+)$/.exec(path)?.[1] ?? own;
  const field = name?.endsWith('Command') === true ? partialField(name) : undefined;
  return name === undefined || field === undefined ? undefined : { name, field };
}

/** `.promise()` behind a call is SDK v2, whoever made the client. */
function isPromised(node: Call): boolean {
  const member = parentOf(outer(node));
  return member?.type === 'MemberExpression' && keyName(member) === 'promise';
}

function useOf(context: JavaScriptContext, node: Call, field: string): ResultUse {
  const last = node.arguments.at(-1);
  const callback = last === undefined ? undefined : unwrap(last);
  if (node.arguments.length > 1 && isFunction(callback)) return callbackResultUse(context.module, callback, 1, [field]);
  const path = context.module.origins.path(node.callee);
  // A request of SDK v2 that is only made: `.send()` or `.promise()` follows, or nothing happens at all.
  if (/^aws-sdk[./]/.test(path) && !isPromised(node)) return 'unknown';
  return resultUse(context.module, node, [field]);
}

function report(context: JavaScriptContext, node: Call, { name, field }: Batch): void {
  const handler = handlerAround(context.module, node);
  const dependency = dependencyOf(context.module.origins.path(node.callee));
  context.report({
    at: node,
    message: 'unchecked',
    data: { call: `\`${name}\``, key: field },
    ...(handler === undefined ? {} : { handler: handler.name }),
    ...(dependency === undefined ? {} : { dependency }),
  });
}
