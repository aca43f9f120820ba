import { callText, indentationOf, positionalOf } from '../../analysis/python/calls.js';
import { alwaysRaises, exceptClauses, exceptionNames } from '../../analysis/python/flow.js';
import type { PyHandler } from '../../analysis/python/handlers.js';
import type { PythonModule } from '../../analysis/python/module.js';
import { calledFunction } from '../../analysis/python/reach.js';
import { ancestor, child, childOfType, named, walkOwnPython } from '../../analysis/python/tree.js';
import type { PyNode } from '../../analysis/python/tree.js';
import type { Fix } from '../../../emulator/contract/findings.js';
import { fix } from '../../rule.js';
import type { PythonContext, PythonRule } from '../../rule.js';

/** Looks at what parses the body of the event in handlers that answer HTTP, and in the helpers they give the event to. */
export const python: PythonRule = {
  create(context) {
    return {
      module() {
        const seen = new Set<PyNode>();
        for (const handler of context.module.handlers) {
          if (handler.kind !== 'http' || handler.contract !== 'lambda' || handler.guarded || handler.event === '')
            continue;
          visit(context, handler, handler.fn, { event: handler.event }, seen);
        }
      },
    };
  },
};

/** The names that a function knows the event, or its body, by. */
interface Names {
  readonly event?: string;
  readonly body?: string;
}

function visit(context: PythonContext, handler: PyHandler, fn: PyNode, names: Names, seen: Set<PyNode>): void {
  const { module } = context;
  if (seen.has(fn)) return;
  seen.add(fn);
  walkOwnPython(fn, (node) => {
    if (node.type !== 'call' || isGuarded(module, node, fn)) return undefined;
    const callee = child(node, 'function');
    const given = positionalOf(node);
    if (/^(json|simplejson|ujson|orjson)\.loads$/.test(module.origins.path(callee))) {
      if (given[0] !== undefined && isBody(module, given[0], names, fn)) report(context, handler, fn, node);
      return undefined;
    }
    const helper = calledFunction(module, callee);
    const parameters = named(child(helper, 'parameters'));
    if (helper === undefined || helper.parent?.type === 'decorated_definition') return undefined;
    const shift = callee?.type === 'attribute' && /^(self|cls)$/.test(module.text(parameters[0])) ? 1 : 0;
    given.forEach((each, index) => {
      const parameter = parameters[index + shift];
      const name = module.text(
        parameter?.type === 'identifier' ? parameter : (child(parameter, 'name') ?? named(parameter)[0]),
      );
      if (module.text(each) === names.event) visit(context, handler, helper, { event: name }, seen);
      else if (isBody(module, each, names, fn)) visit(context, handler, helper, { body: name }, seen);
    });
    return undefined;
  });
}

/** `event["body"]`, `event.get("body", "{}")`, a variable with it, `… or "{}"`, or it decoded. */
function isBody(module: PythonModule, node: PyNode, names: Names, fn: PyNode, depth = 0): boolean {
  if (depth > 5) return false;
  const next = (each: PyNode | undefined): boolean => each !== undefined && isBody(module, each, names, fn, depth + 1);
  const event = names.event ?? '';
  switch (node.type) {
    case 'identifier':
      return (
        module.text(node) === names.body ||
        (ancestor(node, 'function_definition') === fn && module.origins.allAssigned(node).some(next))
      );
    case 'subscript':
      return event !== '' && new RegExp(`^${event}\\s*\\[\\s*["']body["']\\s*\\]$`).test(module.text(node));
    case 'attribute':
      return event !== '' && module.text(node) === `${event}.body`;
    case 'parenthesized_expression':
      return next(named(node)[0]);
    case 'boolean_operator':
      return next(named(node)[0]);
    case 'conditional_expression':
      return next(named(node)[0]) || next(named(node)[2]);
    case 'call': {
      const text = module.text(child(node, 'function'));
      if (event !== '' && text === `${event}.get`) return /^["']body["']$/.test(module.text(positionalOf(node)[0]));
      if (/(^|\.)(b64decode|str|unquote|unquote_plus|urlsafe_b64decode)$/.test(text))
        return next(positionalOf(node)[0]);
      const callee = child(node, 'function');
      return (
        callee?.type === 'attribute' && /\.(decode|strip|replace|encode)$/.test(text) && next(child(callee, 'object'))
      );
    }
    default:
      return false;
  }
}

/** Exceptions of parsing; what catches one of them answers. */
const parseErrors = /^(\w+\.)*(Exception|BaseException|ValueError|JSONDecodeError|\w*DecodeError)$/;

function isGuarded(module: PythonModule, node: PyNode, fn: PyNode): boolean {
  for (let at = node, parent = node.parent; parent !== undefined && at !== fn; at = parent, parent = parent.parent) {
    if (/^(except_clause|finally_clause)$/.test(parent.type)) return true;
    if (parent.type === 'with_statement' && /\bsuppress\(/.test(module.text(childOfType(parent, 'with_clause'))))
      return true;
    if (parent.type !== 'try_statement' || at.field !== 'body') continue;
    const catches = exceptClauses(parent).some((each) => {
      const names = exceptionNames(module, each);
      return (
        !alwaysRaises(each) && (names.length === 0 || names.some((name) => parseErrors.test(name) || / or /.test(name)))
      );
    });
    if (catches) return true;
  }
  return false;
}

function report(context: PythonContext, handler: PyHandler, fn: PyNode, call: PyNode): void {
  const { module } = context;
  context.report({
    at: call,
    message: 'body',
    data: { call: callText(module, call), handler: handler.name },
    handler: handler.name,
    fixes: fn === handler.fn ? answer400(module, call) : [],
  });
}

/** `try` around the statement, with a 400 of the shape that handlers answer. */
function answer400(module: PythonModule, call: PyNode): Fix[] {
  const assignment = call.parent?.type === 'assignment' ? call.parent : undefined;
  const statement = assignment?.parent?.type === 'expression_statement' ? assignment.parent : undefined;
  if (statement?.parent?.type !== 'block') return [];
  const indent = indentationOf(module, statement);
  const step = indent.includes('\t') ? '\t' : '    ';
  const text = module.text(statement);
  if (text.includes('\n')) return [];
  const lines = [
    'try:',
    `${indent}${step}${text}`,
    `${indent}except (TypeError, ValueError):`,
    `${indent}${step}return {"statusCode": 400, "body": "The body is not valid JSON"}`,
  ];
  // Malformed bodies get another answer than before.
  return [
    fix('Answer 400 when it does not parse', false, {
      start: statement.start,
      end: statement.end,
      text: lines.join('\n'),
    }),
  ];
}
