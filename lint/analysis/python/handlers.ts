import { transparentDecorator } from '../../knowledge/handlers.js';
import { kindDecorators, powertoolsResolver, webDecorator } from '../../knowledge/python-handlers.js';
import { kindOf as deployedKind } from '../../deployment.js';
import type { DeployedFunction, HandlerKind } from '../../deployment.js';
import { argumentsOf, positionalOf } from './calls.js';
import { kindInCode } from './events.js';
import type { PythonModule } from './module.js';
import { ancestor, child, childOfType, named, walkPython } from './tree.js';
import type { PyNode } from './tree.js';

/**
 * How a handler answers. `lambda`: a dictionary with `statusCode`, and an exception leaves it. `route`: a view of
 * Powertools' resolver, whose exceptions leave the handler. `web`: a view of a framework that answers 500 by itself.
 */
export type PyContract = 'lambda' | 'route' | 'web';

/** A function of a Python file that the platform calls. */
export interface PyHandler {
  readonly name: string;
  readonly fn: PyNode;
  readonly kind: HandlerKind;
  readonly contract: PyContract;
  /** The name of the parameter that has the event; empty where there is none. */
  readonly event: string;
  /** What it is in the configuration. */
  readonly deployed: DeployedFunction | undefined;
  /** A decorator, or the framework, answers errors, or may. */
  readonly guarded: boolean;
}

/** The handlers of a file: functions that the configuration names, or that look like what a platform calls. */
export function findPythonHandlers(module: PythonModule): PyHandler[] {
  const assigned = assignedHandlers(module);
  const records = recordHandlers(module);
  const found: PyHandler[] = [];
  walkPython(module.root, (node) => {
    if (node.type !== 'function_definition') return undefined;
    const handler = handlerOf(module, node, assigned, records);
    if (handler !== undefined) found.push(handler);
    return undefined;
  });
  return found;
}

function handlerOf(
  module: PythonModule,
  fn: PyNode,
  assigned: ReadonlyMap<string, boolean>,
  records: ReadonlySet<string>,
): PyHandler | undefined {
  const owner = ancestor(fn, 'function_definition') ?? ancestor(fn, 'class_definition');
  const name = module.text(child(fn, 'name'));
  const parameters = parametersOf(module, fn);
  if (owner?.type === 'class_definition' && /^(self|cls)$/.test(parameters[0] ?? '')) parameters.shift();
  const event = parameters[0] ?? '';
  const top = owner === undefined;
  const deployed = top ? module.functions.find((each) => each.export === name) : undefined;
  const decorators = decoratorsOf(module, fn);
  const base = { name, fn, event, deployed };
  if (top && records.has(name)) return { ...base, kind: recordKind(module), contract: 'lambda', guarded: true };
  if (owner !== undefined && isServer(module, owner) && /^do_[A-Z]+$/.test(name)) {
    return { ...base, kind: 'http', contract: 'web', guarded: true };
  }
  const web = webKind(module, fn, decorators, parameters, top);
  if (web !== undefined) return { ...base, ...web, kind: deployedKind(deployed) ?? web.kind };
  const wrapped = top ? assigned.get(name) : undefined;
  if (deployed === undefined && wrapped === undefined && !isHandler(name, parameters, owner)) return undefined;
  const kind = deployedKind(deployed) ?? kindInCode(module, fn, event);
  const guarded = wrapped === true || decorators.some((each) => !isTransparent(each));
  return { ...base, kind: isGoogle(module) && kind === 'unknown' ? 'event' : kind, contract: 'lambda', guarded };
}

function parametersOf(module: PythonModule, fn: PyNode): string[] {
  return named(child(fn, 'parameters'))
    .filter((each) => !/^(list_splat_pattern|dictionary_splat_pattern|keyword_separator)$/.test(each.type))
    .map((each) => module.text(each.type === 'identifier' ? each : (child(each, 'name') ?? named(each)[0])));
}

function isHandler(name: string, parameters: readonly string[], owner: PyNode | undefined): boolean {
  const takesEvent =
    /^_?_?(event|evt|input_event|lambda_event|event_data|data|message|payload|sqs_event|s3_event)$/.test(
      parameters[0] ?? '',
    );
  const takesContext = /^_?_?(context|ctx|lambda_context|_|__|_?lambda_?context|ctxt|contxt)$/i.test(
    parameters[1] ?? '',
  );
  const isNamed = /^(lambda_)?handler$|_handler$|^main$/.test(name);
  if (owner?.type === 'function_definition') return isNamed && takesEvent && takesContext;
  if (parameters.length >= 2 && takesEvent && takesContext) return true;
  if (owner !== undefined) return false;
  if (parameters.length === 2 && takesContext && isNamed) return true;
  return parameters.length >= 1 && /^_?_?(event|evt|input_event)$/.test(parameters[0] ?? '') && isNamed;
}

/** Google's background functions take `(event, context)` or `(data, context)` as Lambda's handlers do. */
function isGoogle(module: PythonModule): boolean {
  return /^\s*(import|from)\s+(google\.(cloud|api_core|auth)|googleapiclient|functions_framework|firebase_admin)\b/m.test(
    module.source,
  );
}

/** `handler = wrap(other)`: true where the wrapper may answer errors. `Mangum(app)` and the like are other people's. */
function assignedHandlers(module: PythonModule): ReadonlyMap<string, boolean> {
  const found = new Map<string, boolean>();
  for (const statement of module.root.children) {
    const assignment = statement.type === 'expression_statement' ? childOfType(statement, 'assignment') : undefined;
    const value = child(assignment, 'right');
    if (value === undefined || !/^(lambda_)?handler$|_handler$/.test(module.text(child(assignment, 'left')))) continue;
    if (value.type === 'identifier') found.set(module.text(value), false);
    if (value.type !== 'call') continue;
    const inner = positionalOf(value)[0];
    if (inner?.type !== 'identifier' || module.origins.functionNamed(module.text(inner)) === undefined) continue;
    found.set(module.text(inner), !transparentDecorator.test(module.text(child(value, 'function'))));
  }
  return found;
}

/** The functions that Powertools' batch utilities call with each record: raising there fails that record alone. */
function recordHandlers(module: PythonModule): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [, name] of module.source.matchAll(/\b(?:async_)?record_handler\s*=\s*(\w+)/g)) found.add(name ?? '');
  for (const [, name] of module.source.matchAll(/\bprocessor\([^)\n]*\bhandler\s*=\s*(\w+)/g)) found.add(name ?? '');
  return found;
}

function recordKind(module: PythonModule): HandlerKind {
  return /EventType\.(KinesisDataStreams|DynamoDBStreams)/.test(module.source) ? 'stream' : 'queue';
}

/** `class Listener(BaseHTTPRequestHandler)`. */
function isServer(module: PythonModule, owner: PyNode): boolean {
  return owner.type === 'class_definition' && /HTTPRequestHandler\b/.test(module.text(child(owner, 'superclasses')));
}

interface Decorator {
  readonly path: string;
  readonly text: string;
}

function decoratorsOf(module: PythonModule, fn: PyNode): Decorator[] {
  if (fn.parent?.type !== 'decorated_definition') return [];
  return fn.parent.children
    .filter((each) => each.type === 'decorator')
    .map((each) => {
      const expression = named(each)[0];
      const callee = expression?.type === 'call' ? child(expression, 'function') : expression;
      return { path: module.origins.path(callee), text: module.text(callee) };
    });
}

function isTransparent({ text, path }: Decorator): boolean {
  if (/^(staticmethod|classmethod|(functools\.)?lru_cache)$/.test(text)) return true;
  if (/^aws_lambda_powertools\./.test(path) && !/idempoten|middleware_factory/.test(path)) return true;
  return transparentDecorator.test(text) || /^(tenacity|backoff)\./.test(path);
}

type Web = Pick<PyHandler, 'kind' | 'contract' | 'guarded'>;

function webKind(
  module: PythonModule,
  fn: PyNode,
  decorators: readonly Decorator[],
  parameters: readonly string[],
  top: boolean,
): Web | undefined {
  for (const { path } of decorators) {
    const method = /\.(get|post|put|patch|delete|route)$/.test(path);
    if (powertoolsResolver.test(path) && method)
      return { kind: 'http', contract: 'route', guarded: hasExceptionHandler(module) };
    if (webDecorator.test(path)) return { kind: 'http', contract: 'web', guarded: true };
    const kind = kindDecorators.find(([pattern]) => pattern.test(path))?.[1];
    if (kind !== undefined) return { kind, contract: kind === 'http' ? 'web' : 'lambda', guarded: true };
  }
  if (!top) return undefined;
  const hint = module.text(named(child(fn, 'parameters'))[0]);
  if (/\b(HttpRequest|flask\.Request|Request)$/.test(hint)) return { kind: 'http', contract: 'web', guarded: true };
  if (decorators.length === 0 && parameters.length === 1 && /^_?(request|req)$/.test(parameters[0] ?? '')) {
    const reads = new RegExp(`\\b${parameters[0] ?? ''}\\.(get_json|args|method|headers|form|data|files|path|json)\\b`);
    if (reads.test(module.text(fn))) return { kind: 'http', contract: 'web', guarded: true };
  }
  if (parameters.length === 1 && /^cloud_?event$/.test(parameters[0] ?? ''))
    return { kind: 'event', contract: 'lambda', guarded: true };
  return isFlaskView(module, fn, parameters) ? { kind: 'http', contract: 'web', guarded: true } : undefined;
}

/** A function that reads Flask's `request` and answers with `jsonify`: its route is registered somewhere else. */
function isFlaskView(module: PythonModule, fn: PyNode, parameters: readonly string[]): boolean {
  if (parameters.length > 0) return false;
  const text = module.text(fn);
  if (!/\breturn (jsonify|Response|make_response)\(/.test(text) || !/\brequest\./.test(text)) return false;
  return /^\s*from flask import\b/m.test(module.source);
}

/** `@app.exception_handler(…)`, a `try` around `app.resolve(…)`, or a resolver that other files may give handlers. */
function hasExceptionHandler(module: PythonModule): boolean {
  if (/\.exception_handler\b|\.include_router\(/.test(module.source)) return true;
  let guarded = false;
  walkPython(module.root, (node) => {
    if (node.type !== 'call' || !/\.resolve$/.test(module.text(child(node, 'function')))) return !guarded;
    guarded ||= ancestor(node, 'try_statement') !== undefined && argumentsOf(node).length > 0;
    return !guarded;
  });
  return guarded;
}

export function pythonHandlerAround(module: PythonModule, node: PyNode): PyHandler | undefined {
  for (let at: PyNode | undefined = node; at !== undefined; at = at.parent) {
    const handler = module.handlers.find((each) => each.fn === at);
    if (handler !== undefined) return handler;
  }
  return undefined;
}

/** The handler that a place is about: the one around it, or the only one of the file. */
export function pythonHandlerNameFor(module: PythonModule, node: PyNode): string | undefined {
  const around = pythonHandlerAround(module, node);
  return around?.name ?? (module.handlers.length === 1 ? module.handlers[0]?.name : undefined);
}
