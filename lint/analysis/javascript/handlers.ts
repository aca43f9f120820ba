import { handlerName, httpKeys, httpType, otherKeys, otherType, eventName } from '../../knowledge/handlers.js';
import { kindOf as deployedKind } from '../../deployment.js';
import type { DeployedFunction, HandlerKind } from '../../deployment.js';
import { answersOf } from './answers.js';
import { isFunction, keyName, parentOf, unwrap } from './ast.js';
import type { FunctionNode, Node } from './ast.js';
import { findExports } from './exports.js';
import type { JavaScriptModule } from './module.js';
import { unwrapHandler } from './wrappers.js';

/** One exported function that the platform calls. */
export interface Handler {
  readonly name: string;
  readonly fn: FunctionNode;
  readonly kind: HandlerKind;
  /** What it is in the configuration. */
  readonly deployed: DeployedFunction | undefined;
  /** True when a wrapper around it answers errors, or might: then nothing is claimed about escaping ones. */
  readonly guarded: boolean;
}

/** The handlers of a file: exported functions with a handler's name, an event parameter or an event's type. */
export function findHandlers(module: JavaScriptModule): Handler[] {
  const found: Handler[] = [];
  for (const { name, value } of findExports(module.program)) {
    const unwrapped = unwrapHandler(module, value);
    if (unwrapped === undefined || found.some((each) => each.fn === unwrapped.fn)) continue;
    const types = [...unwrapped.types, ...annotations(module, unwrapped.fn)].join(' ');
    const deployed = module.functions.find((each) => each.export === name);
    if (deployed === undefined && !isHandler(name, unwrapped.fn, types)) continue;
    const kind = deployedKind(deployed) ?? kindOf(module, unwrapped.fn, types);
    found.push({ name, fn: unwrapped.fn, kind, guarded: unwrapped.guarded, deployed });
  }
  return found;
}

function isHandler(name: string, fn: FunctionNode, types: string): boolean {
  if (httpType.test(types) || otherType.test(types)) return true;
  const first = fn.params[0];
  // (req, res) is Express or Cloud Functions: another contract.
  if (first?.type === 'Identifier' && /^_?req(uest)?$/.test(first.name)) return false;
  if (first?.type === 'Identifier' && eventName.test(first.name)) return true;
  return handlerName.test(name) && (first === undefined || first.type === 'ObjectPattern' || fn.params.length <= 3);
}

function annotations(module: JavaScriptModule, fn: FunctionNode): string[] {
  const nodes = [fn.params[0], fn.returnType];
  return nodes.flatMap((node) => {
    const annotated = node?.type === 'AssignmentPattern' ? node.left : node;
    if (!annotated) return [];
    if (annotated.type === 'TSTypeAnnotation') return [textOf(module, annotated)];
    const type = 'typeAnnotation' in annotated ? annotated.typeAnnotation : undefined;
    return type === undefined ? [] : [textOf(module, type)];
  });
}

function textOf(module: JavaScriptModule, node: Node): string {
  return module.text(node);
}

function kindOf(module: JavaScriptModule, fn: FunctionNode, types: string): HandlerKind {
  if (otherType.test(types)) return 'event';
  if (httpType.test(types)) return 'http';
  const keys = eventKeys(module, fn);
  if (keys.some((key) => otherKeys.has(key))) return 'event';
  if (keys.some((key) => httpKeys.has(key))) return 'http';
  return answersOf(module, fn).length > 0 ? 'http' : 'unknown';
}

/** The keys of the event that a handler reads. */
function eventKeys(module: JavaScriptModule, fn: FunctionNode): string[] {
  const parameter = fn.params[0];
  const event = parameter?.type === 'AssignmentPattern' ? parameter.left : parameter;
  if (event?.type === 'ObjectPattern') return patternKeys(event);
  if (event?.type !== 'Identifier') return [];
  const variable = module.sourceCode.scopeManager
    .getDeclaredVariables(fn as never)
    .find((each) => each.name === event.name);
  return (variable?.references ?? []).flatMap((reference) => {
    const use = reference.identifier as Node;
    let parent = parentOf(use);
    while (parent !== undefined && unwrap(parent) === use) parent = parentOf(parent);
    if (parent?.type === 'MemberExpression' && unwrap(parent.object) === use) return [keyName(parent) ?? ''];
    if (parent?.type === 'VariableDeclarator' && parent.id.type === 'ObjectPattern') return patternKeys(parent.id);
    return [];
  });
}

function patternKeys(pattern: Extract<Node, { type: 'ObjectPattern' }>): string[] {
  return pattern.properties.flatMap((each) => (each.type === 'Property' ? [keyName(each) ?? ''] : []));
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
