import { transparentMiddleware, transparentWrapper } from '../../knowledge/handlers.js';
import { isFunction, keyName, unwrap, walk } from './ast.js';
import type { FunctionNode, Node } from './ast.js';
import type { JavaScriptModule } from './module.js';

/** The function inside its wrappers. */
export interface Unwrapped {
  readonly fn: FunctionNode;
  /** A wrapper answers errors, or may. */
  readonly guarded: boolean;
  /** Type annotations met on the way. */
  readonly types: readonly string[];
}

type Call = Extract<Node, { type: 'CallExpression' }>;

/** Follows `middy(fn).use(…)`, `wrap(fn)`, `object.method.bind(object)` and names to the function of this file. */
export function unwrapHandler(module: JavaScriptModule, value: Node, depth = 0): Unwrapped | undefined {
  const node = unwrap(value);
  if (depth > 8) return undefined;
  if (isFunction(node)) return { fn: node, guarded: false, types: [] };
  if (node.type === 'Identifier') return named(module, node, depth);
  if (node.type === 'MemberExpression') return method(module, node);
  if (node.type === 'CallExpression') return called(module, node, depth);
  return undefined;
}

function named(module: JavaScriptModule, node: Node, depth: number): Unwrapped | undefined {
  const place = module.origins.variable(node)?.defs[0]?.node as Node | undefined;
  if (place?.type === 'FunctionDeclaration') return { fn: place, guarded: false, types: [] };
  if (place?.type !== 'VariableDeclarator' || place.id.type !== 'Identifier' || !place.init) return undefined;
  const inner = unwrapHandler(module, place.init, depth + 1);
  const type = place.id.typeAnnotation;
  if (inner === undefined || type === undefined) return inner;
  return { ...inner, types: [...inner.types, module.text(type)] };
}

/** `instance.handler` of a class of this file. */
function method(module: JavaScriptModule, node: Extract<Node, { type: 'MemberExpression' }>): Unwrapped | undefined {
  const name = keyName(node);
  let found: Unwrapped | undefined;
  if (name === undefined || unwrap(node.object).type !== 'Identifier') return undefined;
  walk(module.program, (each) => {
    const named = each.type === 'MethodDefinition' && each.key.type === 'Identifier' && each.key.name === name;
    if (named && isFunction(each.value)) found ??= { fn: each.value, guarded: false, types: [] };
    return found === undefined;
  });
  return found;
}

function called(module: JavaScriptModule, node: Call, depth: number): Unwrapped | undefined {
  const callee = unwrap(node.callee);
  if (callee.type === 'MemberExpression') {
    const name = keyName(callee);
    if (name === 'bind') return unwrapHandler(module, callee.object, depth + 1);
    if (name !== undefined && /^(use|before|after|onError|handler)$/.test(name)) {
      return chained(module, node, callee.object, name, depth);
    }
  }
  const inner = firstFunction(module, node.arguments, depth);
  return inner && { ...inner, guarded: inner.guarded || !isTransparent(module, callee) };
}

function chained(module: JavaScriptModule, node: Call, base: Node, name: string, depth: number): Unwrapped | undefined {
  const fromBase = unwrapHandler(module, base, depth + 1);
  const inner = name === 'handler' ? firstFunction(module, node.arguments, depth) : fromBase;
  if (inner === undefined) return undefined;
  const answers = name === 'onError' || (name === 'use' && node.arguments.some((each) => mayAnswer(module, each)));
  return { ...inner, guarded: inner.guarded || answers || (name === 'handler' && baseAnswers(module, base)) };
}

/** In `middy().use(a).handler(fn)` the middlewares stand before the function. */
function baseAnswers(module: JavaScriptModule, base: Node): boolean {
  const node = unwrap(base);
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  const name = keyName(node.callee);
  if (name === 'onError') return true;
  const here = name === 'use' && node.arguments.some((each) => mayAnswer(module, each));
  return here || baseAnswers(module, node.callee.object);
}

function firstFunction(module: JavaScriptModule, values: readonly Node[], depth: number): Unwrapped | undefined {
  for (const value of values) {
    const inner = unwrapHandler(module, value, depth + 1);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function mayAnswer(module: JavaScriptModule, middleware: Node): boolean {
  const node = unwrap(middleware);
  if (node.type === 'ArrayExpression') return node.elements.some((each) => each !== null && mayAnswer(module, each));
  const path = node.type === 'CallExpression' ? module.origins.path(node.callee) : module.origins.path(node);
  return !transparentMiddleware.test(path);
}

/** True for wrappers known to hand errors on: by name, or because their code is here and catches nothing. */
function isTransparent(module: JavaScriptModule, callee: Node): boolean {
  if (transparentWrapper.test(module.origins.path(callee))) return true;
  const local = module.origins.functionOf(callee);
  if (local === undefined) return false;
  let catches = false;
  walk(local, (node) => {
    if (node.type === 'TryStatement' && node.handler) catches = true;
    if (node.type === 'MemberExpression' && /^(catch|onError|use)$/.test(keyName(node) ?? '')) catches = true;
    return !catches;
  });
  return !catches;
}
