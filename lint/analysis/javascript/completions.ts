import type { TSESTree } from '@typescript-eslint/types';
import type { Scope } from 'eslint';
import { keyName, outer, parentOf } from './ast.js';
import type { FunctionNode, Node } from './ast.js';
import type { JavaScriptModule } from './module.js';

/** One call that ends an invocation: of the callback, or of the context's older functions. */
export interface Completion {
  readonly call: TSESTree.CallExpression;
  readonly via: 'callback' | 'succeed' | 'fail' | 'done';
  /** What is passed as the error; undefined where nothing is, or where the call takes none. */
  readonly error: Node | undefined;
}

/** The callback that a handler takes: its third parameter, or the second of the older `(event, callback)`. */
export function callbackParameter(fn: FunctionNode): TSESTree.Identifier | undefined {
  const third = fn.params[2];
  if (third?.type === 'Identifier') return third;
  const second = fn.params.length === 2 ? fn.params[1] : undefined;
  return second?.type === 'Identifier' && /^(callback|cb|done)$/.test(second.name) ? second : undefined;
}

/** The variable that a parameter of a function declares. */
export function parameterVariable(
  module: JavaScriptModule,
  fn: FunctionNode,
  parameter: Node | undefined,
): Scope.Variable | undefined {
  if (parameter?.type !== 'Identifier') return undefined;
  const variables = module.ownerOf(fn).sourceCode.scopeManager.getDeclaredVariables(fn as never);
  return variables.find((each) => each.name === parameter.name);
}

/** Every place in a handler, nested functions included, that ends the invocation. */
export function completionsOf(module: JavaScriptModule, fn: FunctionNode): Completion[] {
  const callback = callbackParameter(fn);
  const called = references(module, fn, callback).flatMap((use): Completion[] => {
    const call = callOf(use);
    return call === undefined ? [] : [{ call, via: 'callback', error: call.arguments[0] }];
  });
  const context = fn.params[1] === callback ? undefined : fn.params[1];
  const ended = references(module, fn, context).flatMap((use): Completion[] => {
    const member = parentOf(outer(use));
    if (member?.type !== 'MemberExpression' || member.object !== outer(use)) return [];
    const via = keyName(member);
    const call = callOf(member);
    if (call === undefined || (via !== 'succeed' && via !== 'fail' && via !== 'done')) return [];
    return [{ call, via, error: via === 'succeed' ? undefined : call.arguments[0] }];
  });
  return [...called, ...ended];
}

function references(module: JavaScriptModule, fn: FunctionNode, parameter: Node | undefined): Node[] {
  const variable = parameterVariable(module, fn, parameter);
  return (variable?.references ?? []).filter((each) => each.isRead()).map((each) => each.identifier as Node);
}

function callOf(callee: Node): TSESTree.CallExpression | undefined {
  const at = outer(callee);
  const parent = parentOf(at);
  return parent?.type === 'CallExpression' && parent.callee === at ? parent : undefined;
}
