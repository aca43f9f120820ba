import { stringValue } from './calls.js';
import type { PyContract } from './handlers.js';
import type { PythonModule } from './module.js';
import { ancestor, child, named, walkOwnPython } from './tree.js';
import type { PyNode } from './tree.js';

/** The HTTP status that an expression answers: a number, or `unknown` where only the shape shows. */
export type PyAnswer = number | 'unknown' | undefined;

/** What a Lambda handler answers with an expression: the `statusCode` of a dictionary, of a variable, or of a helper's. */
export function statusOf(module: PythonModule, node: PyNode | undefined, depth = 0): PyAnswer {
  if (node === undefined || depth > 3) return undefined;
  if (node.type === 'parenthesized_expression') return statusOf(module, named(node)[0], depth);
  if (node.type === 'dictionary') return ofDictionary(module, node);
  if (node.type === 'identifier') return ofVariable(module, node, depth);
  if (node.type === 'conditional_expression') {
    const [first, , last] = named(node);
    return merged([statusOf(module, first, depth + 1), statusOf(module, last, depth + 1)]);
  }
  return node.type === 'call' ? ofCall(module, node, depth) : undefined;
}

function ofDictionary(module: PythonModule, node: PyNode): PyAnswer {
  for (const pair of named(node)) {
    if (pair.type !== 'pair' || stringValue(module, child(pair, 'key')) !== 'statusCode') continue;
    return numberOf(module, child(pair, 'value')) ?? 'unknown';
  }
  return undefined;
}

function ofVariable(module: PythonModule, node: PyNode, depth: number): PyAnswer {
  const values = module.origins.allAssigned(node).map((each) => statusOf(module, each, depth + 1));
  const known = merged(values.filter((each) => each !== undefined));
  return setsStatus(module, node) ? 'unknown' : known;
}

/** `response["statusCode"] = 500` anywhere in the function. */
function setsStatus(module: PythonModule, node: PyNode): boolean {
  const fn = ancestor(node, 'function_definition');
  if (fn === undefined) return false;
  const name = module.text(node);
  let sets = false;
  walkOwnPython(fn, (each) => {
    const target = each.type === 'assignment' ? child(each, 'left') : undefined;
    if (target?.type === 'subscript' && module.text(child(target, 'value')) === name) {
      sets ||= stringValue(module, child(target, 'subscript')) === 'statusCode';
    }
    return !sets;
  });
  return sets;
}

function ofCall(module: PythonModule, node: PyNode, depth: number): PyAnswer {
  const callee = child(node, 'function');
  const called = module.text(callee);
  const pairs = named(child(node, 'arguments')).filter((each) => each.type === 'keyword_argument');
  if (called === 'dict') {
    const pair = pairs.find((each) => module.text(child(each, 'name')) === 'statusCode');
    return pair === undefined ? undefined : (numberOf(module, child(pair, 'value')) ?? 'unknown');
  }
  const made = callee?.type === 'identifier' ? module.origins.functionNamed(called) : undefined;
  const given = argumentNumber(module, node);
  if (made === undefined) return given;
  let status: PyAnswer;
  walkOwnPython(made, (each) => {
    if (each.type === 'return_statement') status ??= statusOf(module, named(each)[0], depth + 1);
    return undefined;
  });
  return status === undefined ? undefined : (given ?? status);
}

function merged(answers: readonly PyAnswer[]): PyAnswer {
  const different = new Set(answers);
  return different.size > 1 ? 'unknown' : [...different][0];
}

function argumentNumber(module: PythonModule, call: PyNode): number | undefined {
  for (const argument of named(child(call, 'arguments'))) {
    const value = argument.type === 'keyword_argument' ? child(argument, 'value') : argument;
    const status = numberOf(module, value);
    if (status !== undefined) return status;
  }
  return undefined;
}

const namedStatuses: Readonly<Record<string, number>> = {
  OK: 200,
  CREATED: 201,
  ACCEPTED: 202,
  NO_CONTENT: 204,
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  UNPROCESSABLE_ENTITY: 422,
  TOO_MANY_REQUESTS: 429,
  INTERNAL_SERVER_ERROR: 500,
  BAD_GATEWAY: 502,
  SERVICE_UNAVAILABLE: 503,
  GATEWAY_TIMEOUT: 504,
};

function numberOf(module: PythonModule, node: PyNode | undefined): number | undefined {
  const text = node?.type === 'string' ? stringValue(module, node) : module.text(node);
  const found = /^(?:HTTPStatus\.)?([1-5]\d\d)$/.exec(text ?? '');
  if (found !== null) return Number(found[1]);
  const name = /(?:^|\.)HTTPStatus\.([A-Z_]+)(?:\.value)?$/.exec(text ?? '')?.[1];
  return name === undefined ? undefined : namedStatuses[name];
}

/**
 * What a view of Flask, Cloud Functions, or a resolver of Powertools answers: a plain value is 200, `(value, status)` and
 * `Response(…, status=…)` say another.
 */
export function webStatusOf(module: PythonModule, node: PyNode | undefined): PyAnswer {
  if (node === undefined || node.type === 'none') return undefined;
  if (node.type === 'parenthesized_expression') return webStatusOf(module, named(node)[0]);
  if (node.type === 'tuple' || node.type === 'expression_list') {
    return (
      named(node)
        .map((each) => numberOf(module, each))
        .find((each) => each !== undefined) ?? 'unknown'
    );
  }
  if (node.type === 'dictionary') return 200;
  if (node.type !== 'call') return node.type === 'string' ? 200 : 'unknown';
  const given = argumentNumber(module, node);
  if (given !== undefined) return given;
  return /(^|\.)jsonify$/.test(module.text(child(node, 'function'))) ? 200 : 'unknown';
}

/** The status that a handler answers with an expression, as its contract has it. */
export function answerOf(module: PythonModule, handler: { contract: PyContract }, value: PyNode | undefined): PyAnswer {
  return handler.contract === 'lambda' ? statusOf(module, value) : webStatusOf(module, value);
}
