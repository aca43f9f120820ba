import { statusOf } from '../../analysis/python/answers.js';
import { stringValue } from '../../analysis/python/calls.js';
import { fallsThrough, isUnreachable } from '../../analysis/python/completion.js';
import type { PyHandler } from '../../analysis/python/handlers.js';
import type { PythonModule } from '../../analysis/python/module.js';
import { ancestor, child, childOfType, named, walkOwnPython } from '../../analysis/python/tree.js';
import type { PyNode } from '../../analysis/python/tree.js';
import { fix } from '../../rule.js';
import type { PythonContext, PythonRule } from '../../rule.js';

/** Looks at every way out of handlers that answer API Gateway themselves. */
export const python: PythonRule = {
  create(context) {
    return {
      module() {
        for (const handler of context.module.handlers) {
          if (handler.kind === 'http' && handler.contract === 'lambda' && !handler.guarded) check(context, handler);
        }
      },
    };
  },
};

function check(context: PythonContext, handler: PyHandler): void {
  const { module } = context;
  const returns: PyNode[] = [];
  let yields = false;
  walkOwnPython(handler.fn, (node) => {
    if (node.type === 'return_statement') returns.push(node);
    if (node.type === 'yield') yields = true;
    return undefined;
  });
  // What never answers with a status has another contract than we believe.
  if (yields || !returns.some((each) => statusOf(module, named(each)[0]) !== undefined)) return;
  for (const each of returns) checkReturn(context, handler, each);
  const open = fallsThrough(module, child(handler.fn, 'body'));
  if (open === undefined) return;
  const at = open.type === 'except_clause' ? open : (child(handler.fn, 'name') ?? open);
  context.report({ at, message: 'nothing', data: { handler: handler.name }, handler: handler.name });
}

function checkReturn(context: PythonContext, handler: PyHandler, node: PyNode): void {
  const { module } = context;
  if (isWarmup(module, node) || isUnreachable(module, node)) return;
  const value = named(node)[0];
  if (statusOf(module, value) !== undefined) {
    checkBody(context, handler, value);
    return;
  }
  const what = shapeOf(module, value);
  if (what === undefined) return;
  context.report({
    at: node,
    message: what === 'nothing' ? 'nothing' : 'noStatus',
    data: { handler: handler.name, what },
    handler: handler.name,
  });
}

/** `if event.get("source") == "warmup": return "warm"`: who keeps it warm reads no answer. */
function isWarmup(module: PythonModule, node: PyNode): boolean {
  for (let at = ancestor(node, 'if_statement'); at !== undefined; at = ancestor(at, 'if_statement')) {
    if (
      /warm|keep_?alive|ping|["'](source|Records|detail|detail-type|requestContext)["']|connect/i.test(
        module.text(child(at, 'condition')),
      )
    )
      return true;
  }
  return false;
}

/** What an expression visibly is instead of an answer; undefined where that cannot be told. */
function shapeOf(module: PythonModule, value: PyNode | undefined): string | undefined {
  switch (value?.type) {
    case undefined:
    case 'none':
      return 'nothing';
    case 'string':
    case 'concatenated_string':
      return 'text';
    case 'true':
    case 'false':
      return `\`${module.text(value)}\``;
    case 'integer':
    case 'float':
      return 'a number';
    case 'list':
    case 'list_comprehension':
      return 'a list';
    case 'dictionary':
      return isOtherAnswer(module, value) ? undefined : 'a dictionary';
    case 'call':
      return /^json\.dumps$/.test(module.text(child(value, 'function'))) ? 'text' : undefined;
    default:
      return undefined;
  }
}

/** Answers of other contracts, and dictionaries that take their keys from elsewhere. */
function isOtherAnswer(module: PythonModule, value: PyNode): boolean {
  return named(value).some((pair) => {
    if (pair.type !== 'pair') return true;
    const key = stringValue(module, child(pair, 'key'));
    return (
      key === undefined ||
      /^(batchItemFailures|policyDocument|principalId|isAuthorized|status_?code|dialogAction|sessionState|challenge|type)$/i.test(
        key,
      )
    );
  });
}

/** `"body": {"id": 1}` instead of its JSON. */
function checkBody(context: PythonContext, handler: PyHandler, value: PyNode | undefined): void {
  const { module } = context;
  if (value?.type !== 'dictionary' || !readsHttp(module, handler)) return;
  const pair = named(value).find((each) => stringValue(module, child(each, 'key')) === 'body');
  const body = child(pair, 'value');
  if (body === undefined || !/^(dictionary|list|list_comprehension|dictionary_comprehension)$/.test(body.type)) return;
  const imported = /^\s*import json\b/m.test(module.source);
  context.report({
    at: body,
    message: 'bodyIsNoText',
    data: { what: /^list/.test(body.type) ? 'a list' : 'a dictionary' },
    handler: handler.name,
    fixes: imported
      ? [
          fix(
            'Write it as JSON',
            false,
            { start: body.start, end: body.start, text: 'json.dumps(' },
            { start: body.end, end: body.end, text: ')' },
          ),
        ]
      : [],
  });
}

/** The event itself shows that API Gateway is in front, not only the answer. */
function readsHttp(module: PythonModule, handler: PyHandler): boolean {
  if (handler.deployed !== undefined && handler.deployed.kinds.length > 0) return true;
  const text = module.text(handler.fn);
  return (
    /["'](httpMethod|rawPath|pathParameters|queryStringParameters|requestContext|routeKey)["']|APIGateway/.test(text) ||
    childOfType(handler.fn, 'type') !== undefined
  );
}
