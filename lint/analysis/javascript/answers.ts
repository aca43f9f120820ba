import type { TSESTree } from '@typescript-eslint/types';
import { keyName, unwrap, walk, walkOwn } from './ast.js';
import type { FunctionNode, Node } from './ast.js';
import type { JavaScriptModule } from './module.js';

/** What an expression answers over HTTP: a status where it is visible, `unknown` where only the shape is. */
export type Answer = number | 'unknown';

/** The HTTP answer that an expression makes; undefined when it does not look like one. */
export function answerOf(module: JavaScriptModule, expression: Node, depth = 0): Answer | undefined {
  const node = unwrap(expression);
  switch (node.type) {
    case 'ObjectExpression':
      return statusIn(module, node);
    case 'Identifier':
      return depth > 3 ? undefined : answerOfVariable(module, node, depth);
    case 'ConditionalExpression':
      return answerOf(module, node.consequent, depth + 1) ?? answerOf(module, node.alternate, depth + 1);
    case 'AwaitExpression':
      return answerOf(module, node.argument, depth);
    case 'CallExpression':
      return depth > 3 ? undefined : answerOfCall(module, node, depth);
    default:
      return undefined;
  }
}

function answerOfCall(module: JavaScriptModule, node: TSESTree.CallExpression, depth: number): Answer | undefined {
  const status = node.arguments.map(statusNumber).find((each) => each !== undefined);
  const made = module.origins.functionOf(node.callee);
  if (made === undefined) return status;
  const answers = answersOf(module, made, depth + 1);
  if (answers.length === 0) return undefined;
  if (status !== undefined) return status;
  const certain = answers.map((each) => each.answer).filter((each) => each !== 'unknown');
  return certain.length === answers.length ? certain[0] : 'unknown';
}

/** What a variable answers: one status when all its values agree, `unknown` when they differ. */
function answerOfVariable(module: JavaScriptModule, node: Node, depth: number): Answer | undefined {
  const variable = module.origins.variable(node);
  const place = variable?.defs[0]?.node as Node | undefined;
  if (variable === undefined || place?.type !== 'VariableDeclarator' || place.id.type !== 'Identifier')
    return undefined;
  const values = variable.references.flatMap((each) => (each.writeExpr ? [each.writeExpr as Node] : []));
  const answers = values.map((value) => answerOf(module, value, depth + 1)).filter((each) => each !== undefined);
  return new Set(answers).size > 1 ? 'unknown' : answers[0];
}

function statusIn(module: JavaScriptModule, node: TSESTree.ObjectExpression): Answer | undefined {
  for (const property of node.properties) {
    if (property.type !== 'Property' || keyName(property) !== 'statusCode') continue;
    const value = unwrap(property.value);
    return statusNumber(value) ?? 'unknown';
  }
  const spreads = node.properties.filter((each) => each.type === 'SpreadElement');
  return spreads.map((each) => answerOf(module, each.argument, 3)).find((each) => each !== undefined);
}

function statusNumber(node: Node): number | undefined {
  if (node.type !== 'Literal') return undefined;
  const value = typeof node.value === 'string' && /^[1-5]\d\d$/.test(node.value) ? Number(node.value) : node.value;
  return typeof value === 'number' && value >= 100 && value < 600 ? value : undefined;
}

/** The HTTP answers that a function gives, by return and by callback. */
export function answersOf(module: JavaScriptModule, fn: FunctionNode, depth = 0): { at: Node; answer: Answer }[] {
  const found: { at: Node; answer: Answer }[] = [];
  const add = (node: Node): void => {
    const answer = answerOf(module, node, depth);
    if (answer !== undefined) found.push({ at: node, answer });
  };
  if (fn.body.type !== 'BlockStatement') add(fn.body);
  walkOwn(fn, (node) => {
    if (node.type === 'ReturnStatement' && node.argument) add(node.argument);
    return undefined;
  });
  for (const answer of callbackAnswers(fn)) add(answer);
  return found;
}

/** What a handler passes to its third parameter, also from callbacks nested in it. */
function callbackAnswers(fn: FunctionNode): Node[] {
  const callback = fn.params[2];
  if (callback?.type !== 'Identifier') return [];
  const answers: Node[] = [];
  walk(fn.body, (node) => {
    if (node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === callback.name) {
      const answer = node.arguments[1];
      if (answer !== undefined) answers.push(answer);
    }
    return undefined;
  });
  return answers;
}
