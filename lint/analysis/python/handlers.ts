import { httpKeys, otherKeys, transparentDecorator } from '../../knowledge/handlers.js';
import { kindOf as deployedKind } from '../../deployment.js';
import type { DeployedFunction, HandlerKind } from '../../deployment.js';
import { stringValue } from './calls.js';
import type { PythonModule } from './module.js';
import { child, childOfType, named, walkOwnPython, walkPython } from './tree.js';
import type { PyNode } from './tree.js';

/** A function of a Python file that the platform calls. */
export interface PyHandler {
  readonly name: string;
  readonly fn: PyNode;
  readonly kind: HandlerKind;
  /** What it is in the configuration. */
  readonly deployed: DeployedFunction | undefined;
  /** A decorator answers errors, or may. */
  readonly guarded: boolean;
}

/** The handlers of a file: top-level functions that take `(event, context)` or have a handler's name. */
export function findPythonHandlers(module: PythonModule): PyHandler[] {
  return module.root.children.flatMap((statement) => {
    const decorated = statement.type === 'decorated_definition';
    const fn = decorated ? childOfType(statement, 'function_definition') : statement;
    if (fn?.type !== 'function_definition') return [];
    const name = module.text(child(fn, 'name'));
    const parameters = named(child(fn, 'parameters')).map((each) => parameterName(module, each));
    const deployed = module.functions.find((each) => each.export === name);
    if (deployed === undefined && !isHandler(name, parameters)) return [];
    const kind = deployedKind(deployed) ?? kindOf(module, fn, parameters[0] ?? '');
    return [{ name, fn, kind, guarded: decorated && isGuarded(module, statement), deployed }];
  });
}

function parameterName(module: PythonModule, node: PyNode): string {
  return module.text(node.type === 'identifier' ? node : (child(node, 'name') ?? named(node)[0]));
}

function isHandler(name: string, parameters: readonly string[]): boolean {
  const takesEvent = /^_?_?(event|evt|input_event)$/.test(parameters[0] ?? '');
  const takesContext = /^_?_?(context|ctx|lambda_context|_|__)$/.test(parameters[1] ?? '');
  if (parameters.length === 2 && takesEvent && takesContext) return true;
  return parameters.length >= 1 && takesEvent && /^(lambda_)?handler$|_handler$|^main$/.test(name);
}

function isGuarded(module: PythonModule, statement: PyNode): boolean {
  return statement.children
    .filter((each) => each.type === 'decorator')
    .some((each) => {
      const expression = named(each)[0];
      const callee = expression?.type === 'call' ? child(expression, 'function') : expression;
      return !transparentDecorator.test(module.text(callee));
    });
}

function kindOf(module: PythonModule, fn: PyNode, event: string): HandlerKind {
  const keys = eventKeys(module, fn, event);
  if (keys.some((key) => otherKeys.has(key))) return 'event';
  if (keys.some((key) => httpKeys.has(key))) return 'http';
  let answers = false;
  walkOwnPython(fn, (node) => {
    if (node.type === 'return_statement') answers ||= statusOf(module, named(node)[0]) !== undefined;
    return !answers;
  });
  return answers ? 'http' : 'unknown';
}

/** `event["key"]`, `event.get("key")`. */
function eventKeys(module: PythonModule, fn: PyNode, event: string): string[] {
  const keys: string[] = [];
  walkPython(fn, (node) => {
    if (node.type === 'subscript' && module.text(child(node, 'value')) === event) {
      keys.push(stringValue(module, child(node, 'subscript')) ?? '');
    }
    if (node.type === 'call' && module.text(child(node, 'function')) === `${event}.get`) {
      keys.push(stringValue(module, named(child(node, 'arguments'))[0]) ?? '');
    }
    if (node.type === 'comparison_operator' && module.text(node.children.at(-1)) === event) {
      keys.push(stringValue(module, node.children[0]) ?? '');
    }
    return undefined;
  });
  return keys;
}

/** The HTTP status that an expression answers: a number, or `unknown` where only the shape shows. */
export function statusOf(module: PythonModule, node: PyNode | undefined, depth = 0): number | 'unknown' | undefined {
  if (node === undefined || depth > 3) return undefined;
  if (node.type === 'dictionary') {
    for (const pair of named(node)) {
      if (pair.type !== 'pair' || stringValue(module, child(pair, 'key')) !== 'statusCode') continue;
      return numberOf(module, child(pair, 'value')) ?? 'unknown';
    }
    return undefined;
  }
  if (node.type === 'identifier') {
    const values = module.origins.allAssigned(node).map((each) => statusOf(module, each, depth + 1));
    const statuses = new Set(values.filter((each) => each !== undefined));
    return statuses.size > 1 ? 'unknown' : [...statuses][0];
  }
  if (node.type !== 'call') return undefined;
  const callee = child(node, 'function');
  const made = callee?.type === 'identifier' ? module.origins.functionNamed(module.text(callee)) : undefined;
  const given = argumentNumber(module, node);
  if (made === undefined) return given;
  let status: number | 'unknown' | undefined;
  walkOwnPython(made, (each) => {
    if (each.type === 'return_statement') status ??= statusOf(module, named(each)[0], depth + 1);
    return undefined;
  });
  return status === undefined ? undefined : (given ?? status);
}

function argumentNumber(module: PythonModule, call: PyNode): number | undefined {
  for (const argument of named(child(call, 'arguments'))) {
    const value = argument.type === 'keyword_argument' ? child(argument, 'value') : argument;
    const status = numberOf(module, value);
    if (status !== undefined) return status;
  }
  return undefined;
}

function numberOf(module: PythonModule, node: PyNode | undefined): number | undefined {
  const text = node?.type === 'string' ? stringValue(module, node) : module.text(node);
  const found = /^(?:HTTPStatus\.)?([1-5]\d\d)$/.exec(text ?? '');
  return found === null ? undefined : Number(found[1]);
}

export function pythonHandlerAround(module: PythonModule, node: PyNode): PyHandler | undefined {
  for (let at: PyNode | undefined = node; at !== undefined; at = at.parent) {
    const handler = module.handlers.find((each) => each.fn === at);
    if (handler !== undefined) return handler;
  }
  return undefined;
}
