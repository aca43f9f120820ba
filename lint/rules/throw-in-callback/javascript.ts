import type { TSESTree } from '@typescript-eslint/types';
import type { Fix } from '../../../emulator/contract/findings.js';
import { enclosingFunction, outer, parentOf } from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import { callbackOf, isCalledInPlace, isInTry, rejectAt } from '../../analysis/javascript/callbacks.js';
import type { Callback } from '../../analysis/javascript/callbacks.js';
import { handlerAround } from '../../analysis/javascript/handlers.js';
import { roleOf } from '../../analysis/javascript/role.js';
import { dependencyOf } from '../../knowledge/dependency.js';
import { fix } from '../../rule.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';

/** Looks outward from every throw: to a try, to a function whose throw is somebody's, or to the event loop. */
export const javascript: JavaScriptRule = {
  create(context) {
    return {
      ThrowStatement(node: TSESTree.ThrowStatement) {
        const thrown = throwingCallback(context, node);
        if (thrown !== undefined) report(context, node, thrown, 'thrown');
      },
      CallExpression(node: TSESTree.CallExpression) {
        if (!/^assert(\/strict)?(\.\w+)?$/.test(context.module.origins.path(node.callee))) return;
        if (/(rejects|doesNotReject)$/.test(context.module.origins.path(node.callee))) return;
        const thrown = throwingCallback(context, node);
        if (thrown !== undefined) report(context, node, thrown, 'asserted');
      },
    };
  },
};

/** The callback that what is thrown at `node` leaves; undefined where somebody can catch it. */
function throwingCallback(context: JavaScriptContext, node: Node): Callback | undefined {
  if (/^(test|script|page)$/.test(roleOf(context.module))) return undefined;
  let at: Node = node;
  for (;;) {
    const fn = enclosingFunction(at);
    if (fn === undefined || fn.async || fn.generator || isInTry(at, fn)) return undefined;
    const callback = callbackOf(context.module, fn);
    if (callback === undefined ? isCalledInPlace(fn) : callback.use === 'sync') {
      at = fn;
      continue;
    }
    if (callback === undefined || callback.use === 'promise' || callback.use === 'unknown') return undefined;
    return isStart(context, callback, fn) ? undefined : callback;
  }
}

/** `connect(url, (err) => { if (err) throw err; })` while the module loads: an instance that cannot start should end. */
function isStart(context: JavaScriptContext, callback: Callback, fn: FunctionNode): boolean {
  if (callback.use !== 'node' || enclosingFunction(callback.call) !== undefined) return false;
  return callbackOf(context.module, fn)?.call === callback.call;
}

function report(context: JavaScriptContext, node: Node, callback: Callback, message: 'thrown' | 'asserted'): void {
  const handler = handlerAround(context.module, node);
  const dependency = dependencyOf(context.module.origins.path(callback.call.callee));
  const reject = rejectAt(context.module, node);
  const third = handler?.fn.async === false ? handler.fn.params[2] : undefined;
  const done = third?.type === 'Identifier' && handler?.kind !== 'http' ? third.name : undefined;
  const pass = reject ?? done;
  context.report({
    at: node,
    message,
    data: { where: describe(context, callback), write: advice(pass, handler?.kind === 'http' && third !== undefined) },
    fixes: node.type === 'ThrowStatement' && pass !== undefined ? passOn(context, node, pass) : [],
    ...(handler === undefined ? {} : { handler: handler.name }),
    ...(dependency === undefined ? {} : { dependency }),
  });
}

function describe(context: JavaScriptContext, { use, call }: Callback): string {
  const callee = outer(call.callee);
  const text = context.module.text(callee).replace(/\s+/g, '');
  const name = text.length > 40 ? `…${/\.\w+$/.exec(text)?.[0] ?? ''}` : text;
  if (use === 'timer') return `a timer (\`${name}\`)`;
  return `${use === 'event' ? 'a listener' : 'the callback'} of \`${name}\``;
}

function advice(pass: string | undefined, answers: boolean): string {
  if (pass !== undefined) return `\`return ${pass}(error)\``;
  if (answers) return 'answer an error with the callback';
  return 'wrap the call in a promise and `reject(error)`, or use its promise version';
}

function passOn(context: JavaScriptContext, node: TSESTree.ThrowStatement, pass: string): Fix[] {
  const error = context.module.text(node.argument);
  const semicolon = context.module.text(node).endsWith(';') ? ';' : '';
  // The name must reach the throw: a nested function may have a parameter of the same name.
  for (let at = parentOf(node); at !== undefined; at = parentOf(at)) {
    if (at.type === 'VariableDeclaration' && at.declarations.some((each) => context.module.text(each.id) === pass))
      return [];
  }
  const [start, end] = node.range;
  return [fix(`Pass the error to \`${pass}\``, false, { start, end, text: `return ${pass}(${error})${semicolon}` })];
}
