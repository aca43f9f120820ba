import { kindOf as deployedKind } from '../../deployment.js';
import type { DeployedFunction, HandlerKind } from '../../deployment.js';
import { backgroundName, eventName, handlerName, requestName, responseName } from '../../knowledge/handlers.js';
import type { Convention } from '../../knowledge/handlers.js';
import { answersOf } from './answers.js';
import { isFunction, parentOf, walkOwn } from './ast.js';
import type { FunctionNode, Node } from './ast.js';
import { findExports } from './exports.js';
import { kindOfEvent, kindOfTypes } from './handler-kind.js';
import type { JavaScriptModule } from './module.js';
import { registered, unwrapHandler } from './wrappers.js';
import type { Unwrapped } from './wrappers.js';

export type { Convention } from '../../knowledge/handlers.js';

/** One function that the platform calls. */
export interface Handler {
  readonly name: string;
  readonly fn: FunctionNode;
  readonly kind: HandlerKind;
  /** How it is called and answers. */
  readonly convention: Convention;
  /** What it is in the configuration. */
  readonly deployed: DeployedFunction | undefined;
  /** True when a wrapper around it answers errors, or might: then nothing is claimed about escaping ones. */
  readonly guarded: boolean;
  /** True when a wrapper around it may shape its answer or its event: what it returns is not what is answered. */
  readonly shaped: boolean;
}

/** How a function is recognised as a handler. */
interface Contract {
  readonly kind: HandlerKind;
  readonly convention: Convention;
}

/** The handlers of a file: what it exports, and what it registers with a platform's library. */
export function findHandlers(module: JavaScriptModule): Handler[] {
  const found: Handler[] = [];
  const exported = findExports(module.program);
  for (const { name, value } of exported) {
    const unwrapped = unwrapHandler(module, value);
    if (unwrapped === undefined) continue;
    const same = found.findIndex((each) => each.fn === unwrapped.fn);
    // Exported bare for its tests, and wrapped for the platform: the wrapped one is called.
    if (same !== -1 && !(unwrapped.guarded && found[same]?.guarded === false)) continue;
    const deployed = module.functions.find((each) => each.export === name);
    const only = exported.length === 1;
    const contract =
      contractOf(module, name, unwrapped, only) ?? (deployed && { kind: 'unknown', convention: 'lambda' });
    if (contract === undefined) continue;
    const kind = deployedKind(deployed) ?? contract.kind;
    found.splice(same === -1 ? found.length : same, 1, asHandler(name, unwrapped, { ...contract, kind }, deployed));
  }
  for (const { name, ...unwrapped } of registered(module)) {
    if (found.some((each) => each.fn === unwrapped.fn) || unwrapped.contract === undefined) continue;
    found.push(asHandler(name, unwrapped, unwrapped.contract, undefined));
  }
  return found;
}

function asHandler(name: string, unwrapped: Unwrapped, contract: Contract, deployed?: DeployedFunction): Handler {
  const { fn, guarded, shaped } = unwrapped;
  return { name, fn, kind: contract.kind, convention: contract.convention, deployed, guarded, shaped };
}

function contractOf(module: JavaScriptModule, name: string, unwrapped: Unwrapped, only: boolean): Contract | undefined {
  const { fn } = unwrapped;
  if (unwrapped.contract !== undefined) return unwrapped.contract;
  const types = [...unwrapped.types, ...annotations(module, fn)].join(' ');
  const typed = kindOfTypes(module, types);
  const asked = requestContract(module, name, fn, typed);
  if (asked !== undefined || typed !== undefined)
    return asked ?? { kind: typed ?? 'unknown', convention: conventionOf(types) };
  const names = fn.params.map(parameterName);
  const [first = '', second = ''] = names;
  if (first === 'context' && name === 'default' && names.length >= 2) return azure(second);
  if (isGoogle(module) && isBackground(first, second, only)) return { kind: 'event', convention: 'background' };
  if (!isLambda(module, name, fn, only)) return undefined;
  return { kind: kindOfEvent(module, fn), convention: 'lambda' };
}

/** `CloudEvent` and the functions that take one answer nothing. */
function conventionOf(types: string): Convention {
  return /\bCloudEvent|\bEventFunction/.test(types) ? 'background' : 'lambda';
}

/** Functions that are given a request: `(req, res)`, and `(request) => new Response()`. */
function requestContract(
  module: JavaScriptModule,
  name: string,
  fn: FunctionNode,
  typed: HandlerKind | undefined,
): Contract | undefined {
  const [first = '', second = '', third] = fn.params.map(parameterName);
  if (third !== undefined && /^_?next$/.test(third)) return undefined;
  if (responseName.test(second) && (requestName.test(first) || /^_+$/.test(first))) {
    return { kind: 'http', convention: 'request-response' };
  }
  if (fn.params.length > 2 || !(requestName.test(first) || /^(GET|POST|PUT|PATCH|DELETE)$/.test(name)))
    return undefined;
  if (makesResponse(fn)) return { kind: 'http', convention: 'web' };
  // Architect gives what the gateway sends a name of its own.
  const answers = typed === undefined && answersOf(module, fn).length > 0 && isExportedHandler(name);
  return answers ? { kind: 'http', convention: 'lambda' } : undefined;
}

function isExportedHandler(name: string): boolean {
  return handlerName.test(name) || name === 'default';
}

/** `new Response(…)`, `Response.json(…)`, `NextResponse.json(…)`. */
function makesResponse(fn: FunctionNode): boolean {
  let found = false;
  walkOwn(fn, (node) => {
    const made =
      node.type === 'NewExpression' ? node.callee : node.type === 'MemberExpression' ? node.object : undefined;
    if (made?.type === 'Identifier' && /^(Next)?Response$/.test(made.name)) found = true;
    return !found;
  });
  return found;
}

function azure(second: string): Contract {
  if (requestName.test(second)) return { kind: 'http', convention: 'background' };
  return { kind: /timer/i.test(second) ? 'schedule' : 'event', convention: 'background' };
}

/** Cloud functions of Google that nobody waits for: `(event, context)`, `(message, context, callback)`, `(cloudEvent)`. */
function isBackground(first: string, second: string, only: boolean): boolean {
  if (!backgroundName.test(first)) return false;
  return (
    /^_?(context|ctx|metadata|callback|cb|_+)$/.test(second) ||
    (second === '' && only && !/^(data|object)$/.test(first))
  );
}

const google = /['"](@google-cloud\/|firebase-|googleapis|gcp-metadata)/;

function isGoogle(module: JavaScriptModule): boolean {
  return google.test(module.sourceCode.text);
}

/** Folders of code that handlers share: a function there that takes the event is a helper. */
const shared = /\/(libs?|utils?|helpers?|shared|common|middlewares?|services?|models?|validators?)\/[^/]*$/i;

function isLambda(module: JavaScriptModule, name: string, fn: FunctionNode, only: boolean): boolean {
  const [first, second] = fn.params.map(parameterName);
  const takesEvent = eventName.test(first ?? '');
  const pattern = fn.params[0]?.type === 'ObjectPattern';
  if (first !== undefined && requestName.test(first)) return false;
  if (handlerName.test(name)) return first === undefined || takesEvent || pattern || fn.params.length <= 3;
  const takesContext = /^_?_?(context|ctx|_|__)$/.test(second ?? '') || fn.params.length === 3;
  if (takesEvent && takesContext) return true;
  if (name === 'default' && (takesEvent || (first === undefined && fn.async))) return takesEvent || !module.isBrowser;
  if (!takesEvent && first !== undefined) return false;
  const answers = answersOf(module, fn).some((each) => typeof each.answer === 'number');
  if (answers && fn.async) return true;
  if (!takesEvent || shared.test(module.file)) return false;
  return fn.async || answers || (only && !returnsValue(fn));
}

function returnsValue(fn: FunctionNode): boolean {
  let returns = fn.body.type !== 'BlockStatement';
  walkOwn(fn, (node) => {
    if (node.type === 'ReturnStatement' && node.argument) returns = true;
    return !returns;
  });
  return returns;
}

export function parameterName(parameter: Node | undefined): string {
  const node = parameter?.type === 'AssignmentPattern' ? parameter.left : parameter;
  return node?.type === 'Identifier' ? node.name : '';
}

function annotations(module: JavaScriptModule, fn: FunctionNode): string[] {
  const nodes = [fn.params[0], fn.params[1], fn.returnType];
  return nodes.flatMap((node) => {
    const annotated = node?.type === 'AssignmentPattern' ? node.left : node;
    if (!annotated) return [];
    if (annotated.type === 'TSTypeAnnotation') return [module.text(annotated)];
    const type = 'typeAnnotation' in annotated ? annotated.typeAnnotation : undefined;
    return type === undefined ? [] : [module.text(type)];
  });
}

/** The handler that a node lies in, nested functions included. */
export function handlerAround(module: JavaScriptModule, node: Node): Handler | undefined {
  for (let at: Node | undefined = node; at !== undefined; at = parentOf(at)) {
    if (!isFunction(at)) continue;
    const handler = module.handlers.find((each) => each.fn === at);
    if (handler !== undefined) return handler;
  }
  return undefined;
}

/** The export of the handler that a node belongs to: the one around it, else the only one of the file. */
export function handlerNameFor(module: JavaScriptModule, node: Node): string | undefined {
  const around = handlerAround(module, node);
  return around?.name ?? (module.handlers.length === 1 ? module.handlers[0]?.name : undefined);
}
