import type { TSESTree } from '@typescript-eslint/types';
import { isFunction, keyName, parentOf, unwrap, walk } from '../../analysis/javascript/ast.js';
import type { FunctionNode, Node } from '../../analysis/javascript/ast.js';
import { isCaught } from '../../analysis/javascript/flow.js';
import type { JavaScriptModule } from '../../analysis/javascript/module.js';

type Call = TSESTree.CallExpression;

/** What a value is, of what a caller sent: the whole event, its text, or neither. */
type Sent = 'event' | 'text' | undefined;

/** Parts of an HTTP event that the caller writes. */
const written = /^(body|rawBody|queryStringParameters|multiValueQueryStringParameters)$/;

/**
 * Where a handler parses what its caller sent and nothing answers a text that does not parse: its own calls of
 * `JSON.parse`, those of helpers of its file, and the calls of helpers of other files that do it.
 */
export function bodyParses(module: JavaScriptModule, fn: FunctionNode): Call[] {
  return parses(module, fn, ['event'], 0).filter((each) => module.ownerOf(each) === module);
}

function parses(module: JavaScriptModule, fn: FunctionNode, given: readonly Sent[], depth: number): Call[] {
  const found: Call[] = [];
  const owner = module.ownerOf(fn);
  // Who asks first whether it is JSON has thought of it.
  if (/\bis(Valid)?Json/i.test(owner.text(fn))) return [];
  walk(fn.body, (node) => {
    if (isFunction(node) && parentOf(node)?.type !== 'CallExpression') return false;
    if (node.type !== 'CallExpression' || isCaught(node, fn)) return undefined;
    const [first] = node.arguments;
    if (owner.origins.path(node.callee) === 'global.JSON.parse') {
      if (first !== undefined && sentIn(owner, fn, given, first) === 'text') found.push(node);
      return undefined;
    }
    const handed = node.arguments.map((each) => sentIn(owner, fn, given, each));
    if (depth > 2 || !handed.some((each) => each !== undefined)) return undefined;
    const helper = owner.origins.functionOf(node.callee);
    // A promise's failure is where it is awaited.
    if (helper === undefined || helper === fn) return undefined;
    const inner = parses(owner, helper, handed, depth + 1);
    if (inner.length > 0) found.push(inner.find((each) => owner.ownerOf(each) === owner) ?? node);
    return undefined;
  });
  return found;
}

function sentIn(module: JavaScriptModule, fn: FunctionNode, given: readonly Sent[], value: Node, depth = 0): Sent {
  const node = unwrap(value);
  const again = (next: Node): Sent => sentIn(module, fn, given, next, depth + 1);
  if (depth > 6) return undefined;
  switch (node.type) {
    case 'Identifier':
      return ofName(module, fn, given, node, depth);
    case 'MemberExpression':
      return ofMember(keyName(node) ?? '', again(node.object));
    case 'LogicalExpression':
      return again(node.left) ?? again(node.right);
    case 'ConditionalExpression':
      return again(node.consequent) ?? again(node.alternate);
    case 'CallExpression':
      return ofCall(module, node, again);
    default:
      return undefined;
  }
}

/** A member of the event, or of the query of one. */
function ofMember(key: string, object: Sent): Sent {
  if (object === 'event') return written.test(key) ? 'text' : undefined;
  return object;
}

/** `Buffer.from(event.body, 'base64').toString()`, `decodeURIComponent(event.body)`, `event.body.trim()`. */
function ofCall(module: JavaScriptModule, node: Call, again: (next: Node) => Sent): Sent {
  const [first] = node.arguments;
  const path = module.origins.path(node.callee);
  if (/^global\.(Buffer\.from|decodeURIComponent|atob|String|unescape)$/.test(path)) {
    return first === undefined || again(first) !== 'text' ? undefined : 'text';
  }
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression' || !/^(toString|trim|replace|replaceAll)$/.test(keyName(callee) ?? '')) {
    return undefined;
  }
  return again(callee.object) === 'text' ? 'text' : undefined;
}

function ofName(
  module: JavaScriptModule,
  fn: FunctionNode,
  given: readonly Sent[],
  node: Node & { name: string },
  depth: number,
): Sent {
  const variable = module.origins.variable(node);
  const def = variable?.defs[0];
  if (def?.type === 'Parameter' && def.node === fn) {
    const index = fn.params.findIndex((each) => named(each, node.name) !== undefined);
    const parameter = fn.params[index];
    const path = parameter === undefined ? undefined : named(parameter, node.name);
    return path?.reduce<Sent>((at, key) => ofMember(key, at), given[index]);
  }
  const place = def?.node as Node | undefined;
  if (place?.type !== 'VariableDeclarator') return undefined;
  if (place.id.type === 'ObjectPattern' && place.init) {
    const path = named(place.id, node.name);
    return path?.reduce<Sent>((at, key) => ofMember(key, at), sentIn(module, fn, given, place.init, depth + 1));
  }
  const values = variable?.references.flatMap((each) => (each.writeExpr ? [each.writeExpr as Node] : [])) ?? [];
  return values.map((each) => sentIn(module, fn, given, each, depth + 1)).find((each) => each !== undefined);
}

/** The way from a parameter to one of its names: none for the parameter itself. */
function named(parameter: Node, name: string): string[] | undefined {
  const node = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
  if (node.type === 'Identifier') return node.name === name ? [] : undefined;
  if (node.type !== 'ObjectPattern') return undefined;
  for (const property of node.properties) {
    const inner = property.type === 'Property' ? named(property.value, name) : undefined;
    if (property.type === 'Property' && inner !== undefined) return [keyName(property) ?? '', ...inner];
  }
  return undefined;
}
