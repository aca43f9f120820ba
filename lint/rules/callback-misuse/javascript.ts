import type { TSESTree } from '@typescript-eslint/types';
import { enclosingFunction, isFunction, keyName, parentOf, unwrap, walk } from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import { callbackOf, isErrorName } from '../../analysis/javascript/callbacks.js';
import { completionPaths } from '../../analysis/javascript/completion-paths.js';
import type { Answering, Assumption, Twice } from '../../analysis/javascript/completion-paths.js';
import { callbackParameter, completionsOf, parameterVariable } from '../../analysis/javascript/completions.js';
import type { Completion } from '../../analysis/javascript/completions.js';
import type { Handler } from '../../analysis/javascript/handlers.js';
import { fix } from '../../rule.js';
import type { JavaScriptContext, JavaScriptRule } from '../../rule.js';
import { callsInLoop } from './loops.js';

interface Case {
  readonly context: JavaScriptContext;
  readonly handler: Handler;
  readonly fn: FunctionNode;
  readonly completions: readonly Completion[];
  /** The callback as the handler calls it; undefined where only the context's functions are used. */
  readonly callback: TSESTree.Identifier | undefined;
}

export const javascript: JavaScriptRule = {
  create(context) {
    return {
      Program() {
        for (const handler of context.module.handlers) {
          if (handler.convention === 'request-response' || handler.convention === 'web') continue;
          const { fn } = handler;
          if (context.module.ownerOf(fn) !== context.module) continue;
          check({
            context,
            handler,
            fn,
            completions: completionsOf(context.module, fn),
            callback: callbackParameter(fn),
          });
        }
      },
    };
  },
};

function check(each: Case): void {
  const { fn, handler, completions, callback, context } = each;
  const at = callback ?? fn;
  const said = { handler: handler.name };
  const [first] = completions;
  if (fn.async) {
    if (first === undefined) return;
    const data = { handler: handler.name, call: `\`${context.module.text(first.call.callee)}\`` };
    return context.report({ at: first.via === 'callback' ? at : first.call, message: 'mixed', data, ...said });
  }
  const name = callback?.name ?? '';
  const runtime = handler.deployed?.runtime ?? '';
  if (first?.via === 'callback' && Number(/^nodejs(\d+)\.x$/.exec(runtime)?.[1] ?? 0) >= 24) {
    return context.report({ at, message: 'runtime', data: { runtime, callback: name }, ...said });
  }
  if (isNeverCalled(each)) {
    return context.report({ at, message: 'never', data: { handler: handler.name, callback: name }, ...said });
  }
  if (completions.length > 0) checkPaths(each);
}

/** A declared callback that nothing uses, in a handler that has work under way when it returns, and returns nothing. */
function isNeverCalled({ context, fn, completions, callback, handler }: Case): boolean {
  if (callback === undefined || completions.length > 0) return false;
  if (!/^_?(callback|cb|done|next)$/i.test(callback.name)) return false;
  const uses = parameterVariable(context.module, fn, callback)?.references ?? [];
  if (uses.length > 0 || fn.body.type !== 'BlockStatement') return false;
  let answers = false;
  let later = false;
  walk(fn.body, (node) => {
    if (node.type === 'ReturnStatement' && node.argument !== null && enclosingFunction(node) === fn) answers = true;
    if (node.type === 'Identifier' && node.name === 'arguments') answers = true;
    if (isFunction(node) && /^(node|event|timer|promise)$/.test(callbackOf(context.module, node)?.use ?? ''))
      later = true;
    return true;
  });
  const ends = fn.body.body.at(-1)?.type === 'ThrowStatement';
  return !answers && !ends && (later || handler.kind === 'http');
}

function checkPaths(each: Case): void {
  const { context, fn, completions, callback, handler } = each;
  const answering = answeringOf(each);
  const said = { handler: handler.name };
  const name = callback?.name ?? 'context';
  const looped = callsInLoop(context.module, fn, completions);
  for (const call of looped)
    context.report({ at: call, message: 'loop', data: { callback: context.module.text(call.callee) }, ...said });
  for (const part of partsOf(fn, completions)) {
    const { twice } = completionPaths(part, answering);
    const [first] = twice.filter(({ second }) => !looped.some((call) => call === second));
    if (first !== undefined) reportTwice(each, first);
    if (part !== fn) checkBranches(each, part, answering, name);
  }
  if (handler.kind !== 'http' || handler.guarded) return;
  const silent = completionPaths(fn, answering).exits.find(
    ({ progress, at }) => progress === 'open' && at?.type === 'ReturnStatement' && at.argument === null,
  );
  if (silent?.at !== undefined) context.report({ at: silent.at, message: 'path', data: { callback: name }, ...said });
}

function answeringOf({ context, fn, completions, callback }: Case): Answering {
  const variables = [callback, fn.params[1] === callback ? undefined : fn.params[1]].map((each) =>
    parameterVariable(context.module, fn, each),
  );
  const [first, second] = variables;
  const handed = (second?.references ?? [])
    .map((each) => each.identifier as Node)
    .filter((use) => parentOf(use)?.type !== 'MemberExpression');
  return {
    calls: new Set<Node>(completions.map((each) => each.call)),
    uses: [
      ...(first?.references ?? []).map((each) => each.identifier as Node),
      ...completions.map((each) => each.call),
      ...handed,
    ],
    functionOf: (callee) => context.module.origins.functionOf(callee),
  };
}

/** The functions that answer by themselves: the handler and the callbacks in it. */
function partsOf(fn: FunctionNode, completions: readonly Completion[]): Set<FunctionNode> {
  const parts = new Set<FunctionNode>([fn]);
  for (const { call } of completions) {
    const around = enclosingFunction(call);
    if (around !== undefined) parts.add(around);
  }
  return parts;
}

/** A callback of I/O that answers when it worked and not when it failed, or the other way round. */
function checkBranches(each: Case, part: FunctionNode, answering: Answering, callback: string): void {
  const { context, handler } = each;
  const error = part.params[0];
  if (error?.type !== 'Identifier' || !isErrorName(error.name)) return;
  if (callbackOf(context.module, part)?.use !== 'node') return;
  let tested: Node | undefined;
  for (const failed of [true, false]) {
    const assume: Assumption = (test) => {
      const known = isSet(unwrap(test), error.name);
      if (known !== undefined) tested ??= test;
      return known === undefined ? undefined : known === failed;
    };
    const { exits } = completionPaths(part, answering, assume);
    if (tested === undefined || exits.length === 0 || exits.some(({ progress }) => progress !== 'open')) continue;
    const write = failed ? `${callback}(${error.name})` : `${callback}(null, …)`;
    const data = { name: error.name, state: failed ? 'set' : 'not set', callback, write };
    context.report({ at: tested, message: 'branch', data, handler: handler.name });
    return;
  }
}

/** What a test says of an error: true where it passes when there is one. */
function isSet(test: Node, name: string): boolean | undefined {
  if (test.type === 'Identifier') return test.name === name ? true : undefined;
  if (test.type === 'UnaryExpression' && test.operator === '!') {
    const inner = isSet(unwrap(test.argument), name);
    return inner === undefined ? undefined : !inner;
  }
  if (test.type !== 'BinaryExpression' || !/^[!=]==?$/.test(test.operator)) return undefined;
  const nothing = (node: Node): boolean =>
    (node.type === 'Literal' && node.value === null) || (node.type === 'Identifier' && node.name === 'undefined');
  const left = unwrap(test.left);
  if (left.type !== 'Identifier' || left.name !== name || !nothing(unwrap(test.right))) return undefined;
  return test.operator.startsWith('!');
}

function reportTwice({ context, handler }: Case, { first, second }: Twice): void {
  const statement = parentOf(first);
  const call = second as TSESTree.CallExpression;
  const fixable = statement?.type === 'ExpressionStatement' && first !== second;
  const callee = unwrap(call.callee);
  const name = callee.type === 'MemberExpression' ? `context.${keyName(callee) ?? ''}` : context.module.text(callee);
  context.report({
    at: second,
    message: 'twice',
    data: { callback: name, line: String(first.loc.start.line) },
    fixes: fixable
      ? [fix('Return after the first call', false, { start: first.range[0], end: first.range[0], text: 'return ' })]
      : [],
    handler: handler.name,
  });
}
