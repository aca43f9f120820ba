import type { TSESTree } from '@typescript-eslint/types';
import {
  enclosingFunction,
  isFunction,
  keyName,
  parentOf,
  stringOf,
  unwrap,
  walkOwn,
} from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import { isRejectionHandled, localFunction, takesCallback } from '../../analysis/javascript/flow.js';
import type { Fix } from '../../../emulator/contract/findings.js';
import { roleOf } from '../../analysis/javascript/role.js';
import { returnsPromise } from '../../knowledge/io.js';
import { fix } from '../../rule.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';

type Call = TSESTree.CallExpression;

/** Looks at statements whose value is dropped; types are not needed for what a file shows by itself. */
export const javascript: JavaScriptRule = {
  create(context) {
    return {
      ExpressionStatement(node: TSESTree.ExpressionStatement) {
        for (const dropped of droppedValues(node.expression)) check(context, dropped, 'floating');
      },
      VariableDeclarator(node: TSESTree.VariableDeclarator) {
        if (node.init && isNeverRead(context, node)) check(context, node.init, 'floating');
      },
    };
  },
};

/** The expressions whose value a statement drops: both sides of `a && b()`, `a ? b() : c()`, `a(), b()`. */
function droppedValues(expression: Node): Node[] {
  const node = unwrap(expression);
  if (node.type === 'LogicalExpression') return droppedValues(node.right);
  if (node.type === 'ConditionalExpression')
    return [...droppedValues(node.consequent), ...droppedValues(node.alternate)];
  if (node.type === 'SequenceExpression') return node.expressions.flatMap(droppedValues);
  return [node];
}

function isNeverRead(context: JavaScriptContext, node: TSESTree.VariableDeclarator): boolean {
  if (node.id.type !== 'Identifier' || parentOf(node)?.parent?.type === 'ExportNamedDeclaration') return false;
  const variable = context.module.origins.variable(node.id);
  return variable !== undefined && variable.references.every((each) => each.init === true);
}

function check(context: JavaScriptContext, node: Node, message: 'floating' | 'voided'): void {
  if (node.type === 'UnaryExpression' && node.operator === 'void') {
    if (context.options['allowVoid'] === true) return;
    for (const dropped of droppedValues(node.argument)) check(context, dropped, 'voided');
    return;
  }
  if (isMadePromise(context, node) && !context.module.isBrowser) {
    return context.report({ at: node, message, data: { call: 'this promise' }, fixes: awaitFix(node as Call) });
  }
  if (node.type !== 'CallExpression' || context.module.isBrowser || isScriptStart(context, node)) return;
  const callee = unwrap(node.callee);
  const method = callee.type === 'MemberExpression' ? keyName(callee) : undefined;
  if (callee.type === 'MemberExpression' && method === 'forEach' && isAsyncFunction(context, node.arguments[0])) {
    context.report({ at: node, message: 'forEach', fixes: forEachFix(node, callee) });
    return;
  }
  if (callee.type === 'MemberExpression' && method === 'map' && isAsyncFunction(context, node.arguments[0])) {
    if (handlesAll(context, node.arguments[0])) return;
    context.report({ at: node, message: 'map', fixes: forEachFix(node, callee) });
    return;
  }
  if (method === 'then' || method === 'finally') return checkChain(context, node, message);
  if (!isPromise(context, node)) return;
  context.report({ at: node, message, data: { call: callText(context, node) }, fixes: awaitFix(node) });
}

/**
 * `main();` at the top of a script, or what such a `main` starts: there a rejection should end the process. In a file
 * with a handler it must not, since the instance would die while it starts.
 */
function isScriptStart(context: JavaScriptContext, node: Node): boolean {
  if (context.module.handlers.length > 0) return false;
  const role = roleOf(context.module);
  if (role === 'test') return true;
  if (/\bprocess\.on\(\s*['"]unhandledRejection/.test(context.sourceCode.text)) return true;
  const owner = enclosingFunction(node);
  // A library that starts something while it loads cannot tell its importers that it failed.
  if (owner === undefined) return role !== 'library' || !startsInPlace(node);
  if (enclosingFunction(owner) !== undefined) return false;
  const name = owner.type === 'FunctionDeclaration' ? owner.id?.name : undefined;
  return name === 'main' || context.module.program.body.some((each) => startsFunction(context, each, owner));
}

/** `(async () => { … })();` in a file that others import. */
function startsInPlace(node: Node): boolean {
  return node.type === 'CallExpression' && isFunction(unwrap(node.callee));
}

function startsFunction(context: JavaScriptContext, statement: Node, owner: FunctionNode): boolean {
  if (statement.type !== 'ExpressionStatement') return false;
  const call = unwrap(statement.expression);
  return call.type === 'CallExpression' && context.module.origins.functionOf(call.callee) === owner;
}

function isPromise(context: JavaScriptContext, node: Call): boolean {
  const callee = unwrap(node.callee);
  const path = context.module.origins.path(callee);
  if (returnsPromise(path)) return !takesCallback(node);
  if (isFunction(callee)) return callee.async && !callee.generator && !catchesAll(callee);
  if (isRequestOfSdk(context, node, callee)) return true;
  const called = localFunction(context.module, callee);
  return called !== undefined && givesPromise(context, called, 0);
}

/** `….promise()` of SDK v2, and `client.send(new PutCommand(…))`, whoever made the client. */
function isRequestOfSdk(context: JavaScriptContext, node: Call, callee: Node): boolean {
  if (callee.type !== 'MemberExpression') return false;
  if (keyName(callee) === 'promise')
    return node.arguments.length === 0 && unwrap(callee.object).type === 'CallExpression';
  // A method that only topics of Pub/Sub have, however they were got.
  if (keyName(callee) === 'publishMessage') return !takesCallback(node);
  const [command, ...others] = node.arguments;
  if (keyName(callee) !== 'send' || command === undefined || others.length > 0) return false;
  const made = context.module.origins.valueOf(command);
  return made.type === 'NewExpression' && /^@aws-sdk\/.*Command$/.test(context.module.origins.path(made.callee));
}

/** An async function of the project, or one whose every answer is a promise that it makes or gets. */
function givesPromise(context: JavaScriptContext, fn: FunctionNode, depth: number): boolean {
  if (fn.generator) return false;
  if (fn.async) return true;
  if (depth > 3) return false;
  const answers: Node[] = fn.body.type === 'BlockStatement' ? [] : [fn.body];
  let bare = false;
  walkOwn(fn, (node) => {
    if (node.type === 'ReturnStatement' && node.argument) answers.push(node.argument);
    else if (node.type === 'ReturnStatement') bare = true;
    return undefined;
  });
  return answers.length > 0 && !bare && answers.every((each) => isPromiseValue(context, unwrap(each), depth));
}

function isPromiseValue(context: JavaScriptContext, node: Node, depth: number): boolean {
  if (node.type === 'NewExpression') return context.module.origins.path(node.callee) === 'global.Promise';
  if (node.type !== 'CallExpression') return false;
  const callee = unwrap(node.callee);
  const path = context.module.origins.path(callee);
  if (/^global\.Promise\.\w+$/.test(path) || (returnsPromise(path) && !takesCallback(node))) return true;
  if (isRequestOfSdk(context, node, callee)) return true;
  if (callee.type === 'MemberExpression' && /^(then|catch|finally)$/.test(keyName(callee) ?? '')) {
    // One that handles its own failure may be dropped.
    return !isRejectionHandled(node) && isPromiseValue(context, unwrap(callee.object), depth);
  }
  const called = localFunction(context.module, callee);
  return called !== undefined && givesPromise(context, called, depth + 1);
}

/** `new Promise(…)` whose value nobody takes. */
function isMadePromise(context: JavaScriptContext, node: Node): boolean {
  return (
    node.type === 'NewExpression' &&
    context.module.origins.path(node.callee) === 'global.Promise' &&
    context.module.handlers.length > 0
  );
}

function handlesAll(context: JavaScriptContext, callback: Node | undefined): boolean {
  const fn = callback === undefined ? undefined : context.module.origins.functionOf(callback);
  return (
    fn !== undefined && fn.body.type === 'BlockStatement' && context.module.handlers.length === 0 && catchesAll(fn)
  );
}

/** An async function called where it stands, whose whole body is one try/catch, can wait for itself. */
function catchesAll(fn: FunctionNode): boolean {
  const [only, ...others] = fn.body.type === 'BlockStatement' ? fn.body.body : [];
  return others.length === 0 && only?.type === 'TryStatement' && only.handler !== null;
}

function checkChain(context: JavaScriptContext, node: Call, message: 'floating' | 'voided'): void {
  let known = false;
  for (let at: Node = node; at.type === 'CallExpression';) {
    if (isRejectionHandled(at)) return;
    const callee = unwrap(at.callee);
    if (callee.type !== 'MemberExpression') {
      known ||= isPromise(context, at);
      break;
    }
    known ||= isPromise(context, at);
    at = unwrap(callee.object);
  }
  // Other things have a `then` of their own (test runners' chains); a promise of this file or of an API has a source.
  if (!known && !handlesFunction(node)) return;
  context.report({
    at: node,
    message: message === 'voided' ? 'voided' : 'unhandledThen',
    data: { call: 'this chain' },
  });
}

function handlesFunction(node: Call): boolean {
  const first = node.arguments[0];
  return first !== undefined && isFunction(unwrap(first)) && !startsTestChain(node);
}

function startsTestChain(node: Call): boolean {
  let at: Node = node;
  while (at.type === 'CallExpression' || at.type === 'MemberExpression') {
    at = unwrap(at.type === 'CallExpression' ? at.callee : at.object);
  }
  return at.type === 'Identifier' && /^(cy|browser|page|expect)$/.test(at.name);
}

function isAsyncFunction(context: JavaScriptContext, node: Node | undefined): boolean {
  if (node === undefined) return false;
  return context.module.origins.functionOf(node)?.async === true;
}

function callText(context: JavaScriptContext, node: Call): string {
  const text = context.sourceCode.text.slice(node.callee.range[0], node.callee.range[1]).replace(/\s+/g, '');
  return isFunction(unwrap(node.callee))
    ? 'this async function'
    : `\`${text.length > 60 ? `${text.slice(0, 57)}…` : text}\``;
}

function awaitFix(node: Call): Fix[] {
  if (enclosingFunction(node)?.async !== true) return [];
  const parent = parentOf(node);
  const statement = parent?.type === 'UnaryExpression' ? parent : node;
  // Waiting takes time and lets the error through, which is the point, but is no longer the same behaviour.
  if (statement.parent?.type !== 'ExpressionStatement' && statement.parent?.type !== 'VariableDeclarator') return [];
  return [fix('Await it', false, { start: statement.range[0], end: node.range[0], text: 'await ' })];
}

function forEachFix(node: Call, callee: TSESTree.MemberExpression): Fix[] {
  if (enclosingFunction(node)?.async !== true || callee.optional || stringOf(callee.property) !== undefined) return [];
  if (parentOf(node)?.type !== 'ExpressionStatement') return [];
  const { start, end } = { start: callee.property.range[0], end: callee.property.range[1] };
  return [
    fix(
      'Wait for all with Promise.all',
      false,
      { start: node.range[0], end: node.range[0], text: 'await Promise.all(' },
      { start, end, text: 'map' },
      { start: node.range[1], end: node.range[1], text: ')' },
    ),
  ];
}
