import { isFunction, keyName, parentOf, unwrap, walk, walkOwn } from './ast.js';
import type { Node } from './ast.js';
import { argumentsFor } from './callers.js';
import type { Origins } from './origins.js';

/** Whether an options value has one of some keys: `unknown` where the file does not show it. */
export type OptionState =
  { readonly state: 'absent' | 'unknown' } | { readonly state: 'present'; readonly value: Node | undefined };

const absent: OptionState = { state: 'absent' };
const unknown: OptionState = { state: 'unknown' };

/**
 * Looks for one of `names` in an options argument, through constants and spreads; `a.b` looks for `b` within `a`. A value
 * that sets no bound (0, null, undefined, Infinity) counts as absent.
 */
export function findOption(
  origins: Origins,
  options: Node | undefined,
  names: readonly string[],
  depth = 0,
): OptionState {
  if (names.some((each) => each.includes('.'))) return first(...names.map((each) => within(origins, options, each)));
  if (options === undefined) return absent;
  if (depth > 6) return unknown;
  const node = unwrap(options);
  switch (node.type) {
    case 'ObjectExpression':
      return inObject(origins, node, names, depth);
    case 'Identifier':
      return node.name === 'undefined' ? absent : inVariable(origins, node, names, depth);
    case 'Literal':
    case 'TemplateLiteral':
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return absent;
    case 'MemberExpression':
      // A text from the environment, such as a connection string.
      return origins.path(node).startsWith('global.process.env.') ? absent : inValue(origins, node, names, depth);
    case 'AwaitExpression':
      return findOption(origins, node.argument, names, depth);
    case 'CallExpression':
      return inCall(origins, node, names, depth);
    case 'LogicalExpression':
      return first(findOption(origins, node.left, names, depth + 1), findOption(origins, node.right, names, depth + 1));
    case 'ConditionalExpression':
      return first(
        findOption(origins, node.consequent, names, depth + 1),
        findOption(origins, node.alternate, names, depth + 1),
      );
    default:
      return unknown;
  }
}

function first(...states: OptionState[]): OptionState {
  return states.find((each) => each.state === 'present') ?? states.find((each) => each.state === 'unknown') ?? absent;
}

function within(origins: Origins, options: Node | undefined, name: string): OptionState {
  const [head = '', ...rest] = name.split('.');
  const found = findOption(origins, options, [head]);
  if (found.state !== 'present' || rest.length === 0) return found;
  return found.value === undefined ? unknown : findOption(origins, found.value, [rest.join('.')]);
}

function inObject(
  origins: Origins,
  node: Extract<Node, { type: 'ObjectExpression' }>,
  names: readonly string[],
  depth: number,
): OptionState {
  let rest: OptionState = absent;
  for (const property of [...node.properties].reverse()) {
    if (property.type === 'SpreadElement') {
      const spread = findOption(origins, property.argument, names, depth + 1);
      if (spread.state === 'present') return spread;
      rest = first(rest, spread);
      continue;
    }
    const key = keyName(property);
    if (key === undefined) rest = unknown;
    else if (names.includes(key))
      return isNoBound(property.value) ? absent : { state: 'present', value: property.value };
  }
  return rest;
}

function inVariable(origins: Origins, node: Node, names: readonly string[], depth: number): OptionState {
  const variable = origins.variable(node);
  const def = variable?.defs[0];
  const place = def?.node as Node | undefined;
  if (variable === undefined || place === undefined) return unknown;
  if (def?.type === 'ImportBinding') return inValue(origins, node, names, depth);
  for (const reference of variable.references) {
    const written = writtenKey(reference.identifier as Node);
    if (written !== undefined && (written === '*' || names.includes(written))) {
      return { state: 'present', value: undefined };
    }
  }
  if (def?.type === 'Parameter') return inArguments(origins, node, names, depth);
  if (place.type !== 'VariableDeclarator') return unknown;
  if (place.id.type !== 'Identifier') return inValue(origins, node, names, depth);
  const values = variable.references.flatMap((each) => (each.writeExpr ? [each.writeExpr as Node] : []));
  if (values.length === 0 || values.some((each) => unwrap(each) === node)) return unknown;
  return first(...values.map((each) => findOption(origins, each, names, depth + 1)));
}

/** What a name of another file, or a member of something that is visible, stands for. */
function inValue(origins: Origins, node: Node, names: readonly string[], depth: number): OptionState {
  const value = origins.valueOf(node);
  return value.type === 'ObjectExpression' ? findOption(origins, value, names, depth + 1) : unknown;
}

/** A parameter, by what the calls in the file give it: only what they all give is there. */
function inArguments(origins: Origins, node: Node, names: readonly string[], depth: number): OptionState {
  const given = argumentsFor(origins.module, node);
  if (given === undefined || given.includes(node)) return unknown;
  const states = given.map((each) => findOption(origins, each, names, depth + 1));
  return (
    states.find((each) => each.state === 'unknown') ??
    states.find((each) => each.state === 'absent') ??
    states[0] ??
    unknown
  );
}

/** Calls that hand on what they are given, say nothing about limits, or make the options in the file. */
function inCall(
  origins: Origins,
  node: Extract<Node, { type: 'CallExpression' }>,
  names: readonly string[],
  depth: number,
): OptionState {
  const path = origins.path(node.callee);
  if (path === 'global.Object.assign')
    return first(...node.arguments.map((each) => findOption(origins, each, names, depth + 1)));
  if (path === 'aws4.sign') return findOption(origins, node.arguments[0], names, depth + 1);
  if (path === 'url.parse') return absent;
  const made = origins.functionOf(node.callee);
  if (made === undefined) return unknown;
  const values: Node[] = [];
  if (made.body.type !== 'BlockStatement') values.push(made.body);
  walkOwn(made, (each) => {
    if (each.type === 'ReturnStatement' && each.argument) values.push(each.argument);
    return undefined;
  });
  return values.length === 0 ? unknown : first(...values.map((each) => findOption(origins, each, names, depth + 1)));
}

/** The key that `options.key = …` or `Object.assign(options, …)` sets; `*` when it could be any. */
function writtenKey(node: Node): string | undefined {
  const parent = parentOf(node);
  if (parent?.type === 'MemberExpression' && parent.object === node) {
    const target = parentOf(parent);
    if (target?.type !== 'AssignmentExpression' || target.left !== parent) return undefined;
    return keyName(parent) ?? '*';
  }
  if (parent?.type !== 'CallExpression' || parent.callee.type !== 'MemberExpression') return undefined;
  return parent.arguments[0] === node && keyName(parent.callee) === 'assign' ? '*' : undefined;
}

/** True for a value that switches a limit off. */
export function isNoBound(value: Node): boolean {
  const node = unwrap(value);
  if (node.type === 'Literal') return node.value === 0 || node.value === null || node.value === false;
  return node.type === 'Identifier' && (node.name === 'undefined' || node.name === 'Infinity');
}

/** The source text of an expression, and of what the names in it stand for: enough to see where a URL points. */
export function visibleText(origins: Origins, text: string, node: Node, depth = 0): string {
  const parts = [text.slice(node.range[0], node.range[1])];
  if (depth > 3) return parts[0] ?? '';
  walk(node, (each) => {
    if (each.type !== 'Identifier') return undefined;
    for (const def of origins.variable(each)?.defs ?? []) {
      const place = def.node as Node;
      if (place.type !== 'VariableDeclarator' || !place.init || place.init === node || isFunction(place.init)) continue;
      parts.push(visibleText(origins, text, place.init, depth + 1));
    }
    return undefined;
  });
  return parts.join(' ');
}
