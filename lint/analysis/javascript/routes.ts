import { requestName, responseName } from '../../knowledge/handlers.js';
import { enclosingFunction, isCallLike, isFunction, keyName, stringOf, unwrap, walk } from './ast.js';
import type { FunctionNode, Node } from './ast.js';
import { parameterName } from './handlers.js';
import type { JavaScriptModule } from './module.js';

/** A function that a server of the file's own calls with `(req, res)`: a route of Express, or the listener of `node:http`. */
export interface Route {
  readonly name: string;
  readonly fn: FunctionNode;
  readonly server: 'express' | 'http';
}

const known = new WeakMap<JavaScriptModule, readonly Route[]>();
const verb = /^(get|post|put|patch|delete|all|options|head|use)$/;

/** The routes of a file. Servers that answer for a rejected promise themselves (Fastify, Koa, Hono) have none here. */
export function routesOf(module: JavaScriptModule): readonly Route[] {
  const before = known.get(module);
  if (before !== undefined) return before;
  const found: Route[] = [];
  // Most files have no server, so the tree is walked only where a word hints at one.
  if (/\b(express|router|Router|createServer)\b/.test(module.sourceCode.text)) {
    walk(module.program, (node) => {
      if (node.type === 'CallExpression') found.push(...routesAt(module, node));
      return undefined;
    });
  }
  known.set(module, found);
  return found;
}

function routesAt(module: JavaScriptModule, call: Extract<Node, { type: 'CallExpression' }>): Route[] {
  const callee = unwrap(call.callee);
  const path = module.origins.path(callee);
  if (/^https?\.createServer$/.test(path)) return ownFunctions(module, call.arguments, 'createServer', 'http');
  if (callee.type !== 'MemberExpression' || !verb.test(keyName(callee) ?? '')) return [];
  const object = unwrap(callee.object);
  const isExpress = /^express(\(\)|\.Router\(\))\.\w+$/.test(path);
  const looksLike = path === '' && object.type === 'Identifier' && /^(app|router)$/.test(object.name);
  if (!isExpress && !looksLike) return [];
  const name = `${(keyName(callee) ?? '').toUpperCase()} ${stringOf(call.arguments[0]) ?? ''}`.trim();
  return ownFunctions(module, call.arguments, name, 'express');
}

function ownFunctions(
  module: JavaScriptModule,
  values: readonly Node[],
  name: string,
  server: Route['server'],
): Route[] {
  return values.flatMap((value) => {
    const fn = isFunction(unwrap(value)) ? (unwrap(value) as FunctionNode) : module.origins.functionOf(value);
    if (fn === undefined || module.ownerOf(fn) !== module) return [];
    const [first = '', second = ''] = fn.params.map(parameterName);
    const answers = responseName.test(second) && (requestName.test(first) || /^_+$/.test(first) || first === '');
    return answers ? [{ name, fn, server }] : [];
  });
}

/** Functions in a handler that an emitter calls later: `stream.on('end', async () => …)`. Their failures are their own. */
export function listenersIn(fn: FunctionNode): FunctionNode[] {
  const found: FunctionNode[] = [];
  walk(fn.body, (node) => {
    if (!isFunction(node) || enclosingFunction(node) === undefined) return undefined;
    const call = node.parent;
    if (!isCallLike(call) || call.callee.type !== 'MemberExpression') return undefined;
    if (/^(on|once)$/.test(keyName(call.callee) ?? '')) found.push(node);
    return undefined;
  });
  return found;
}
