import type { TSESTree } from '@typescript-eslint/types';

export type Node = TSESTree.Node;
export type FunctionNode =
  TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;
export type CallLike = TSESTree.CallExpression | TSESTree.NewExpression;

export function isFunction(node: Node | null | undefined): node is FunctionNode {
  return (
    node?.type === 'FunctionDeclaration' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'ArrowFunctionExpression'
  );
}

export function isCallLike(node: Node | null | undefined): node is CallLike {
  return node?.type === 'CallExpression' || node?.type === 'NewExpression';
}

/** The expression itself, without `as T`, `!`, `satisfies T` and optional-chain wrappers. */
export function unwrap(node: Node): Node {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
    case 'ChainExpression':
      return unwrap(node.expression);
    default:
      return node;
  }
}

/** The nearest parent that is not a mere wrapper of the kind `unwrap` removes. */
export function outer(node: Node): Node {
  let at = node;
  while (at.parent !== undefined && at.parent !== null && unwrap(at.parent) !== at.parent) at = at.parent;
  return at;
}

/** The static name of a member or property, or undefined when it is computed. */
export function keyName(node: TSESTree.MemberExpression | TSESTree.Property): string | undefined {
  const key = node.type === 'MemberExpression' ? node.property : node.key;
  if (!node.computed && (key.type === 'Identifier' || key.type === 'PrivateIdentifier')) return key.name;
  return stringOf(key);
}

/** The text of a string literal or of a template without holes. */
export function stringOf(node: Node | null | undefined): string | undefined {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node?.type === 'TemplateLiteral' && node.quasis.length === 1) return node.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** Keys that hold no code: places, the way back up, and types. */
const notCode: ReadonlySet<string> = new Set(
  'parent loc range type tokens comments typeAnnotation typeArguments returnType'.split(' '),
);

/**
 * Depth-first, in source order, over a node and its descendants without type annotations; a visitor that returns false
 * keeps out of that node's children. Allocates nothing, since rules walk every file many times.
 */
export function walk(node: Node, visit: (node: Node) => boolean | undefined): void {
  if (visit(node) === false) return;
  for (const key in node) {
    if (notCode.has(key)) continue;
    const value: unknown = node[key as keyof Node];
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const each of value as unknown[]) if (isNode(each)) walk(each, visit);
    } else if (isNode(value)) {
      walk(value, visit);
    }
  }
}

/** As `walk`, but does not enter functions nested in the given one. */
export function walkOwn(root: Node, visit: (node: Node) => boolean | undefined): void {
  walk(root, (node) => {
    if (node !== root && isFunction(node)) return false;
    return visit(node);
  });
}

export function parentOf(node: Node): Node | undefined {
  return node.parent ?? undefined;
}

export function enclosingFunction(node: Node): FunctionNode | undefined {
  for (let at = parentOf(node); at !== undefined; at = parentOf(at)) if (isFunction(at)) return at;
  return undefined;
}

/** True when `node` is `ancestor` or lies within it. */
export function isWithin(node: Node, ancestor: Node): boolean {
  return node.range[0] >= ancestor.range[0] && node.range[1] <= ancestor.range[1];
}
