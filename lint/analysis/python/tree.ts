import type { Tree } from 'web-tree-sitter';

/**
 * A Python syntax tree as plain objects: built once from tree-sitter's, which answers every question through WebAssembly
 * and must be freed. Offsets are UTF-16 units.
 */
export interface PyNode {
  readonly type: string;
  /** The name of the parent's field that this node fills. */
  readonly field: string | undefined;
  readonly named: boolean;
  readonly start: number;
  readonly end: number;
  readonly parent: PyNode | undefined;
  /** The node of the whole file. */
  readonly root: PyNode;
  readonly children: readonly PyNode[];
}

type Growing = PyNode & { readonly children: PyNode[] };

/** Copies a tree-sitter tree; the caller still frees the tree. A loop, since a file may nest deeper than a stack. */
export function copyTree(tree: Tree): PyNode {
  const cursor = tree.walk();
  const read = (parent: Growing | undefined): Growing => {
    const node = {
      type: cursor.nodeType,
      field: cursor.currentFieldName ?? undefined,
      named: cursor.nodeIsNamed,
      start: cursor.startIndex,
      end: cursor.endIndex,
      parent,
      children: [],
      root: parent?.root,
    };
    node.root ??= node as unknown as PyNode;
    parent?.children.push(node as Growing);
    return node as Growing;
  };
  const root = read(undefined);
  for (let at: Growing | undefined = root; at !== undefined;) {
    if (cursor.gotoFirstChild()) {
      at = read(at);
      continue;
    }
    while (at !== undefined && !cursor.gotoNextSibling()) {
      cursor.gotoParent();
      at = at.parent as Growing | undefined;
    }
    if (at !== undefined) at = read(at.parent as Growing | undefined);
  }
  cursor.delete();
  return root;
}

export function child(node: PyNode | undefined, field: string): PyNode | undefined {
  return node?.children.find((each) => each.field === field);
}

export function childOfType(node: PyNode | undefined, type: string): PyNode | undefined {
  return node?.children.find((each) => each.type === type);
}

export function named(node: PyNode | undefined): PyNode[] {
  return node?.children.filter((each) => each.named && each.type !== 'comment') ?? [];
}

/** Depth-first, in reading order; a visitor that returns false keeps out of that node's children. */
export function walkPython(node: PyNode, visit: (node: PyNode) => boolean | undefined): void {
  const waiting = [node];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (visit(at) === false) continue;
    for (let index = at.children.length - 1; index >= 0; index--) waiting.push(at.children[index] as PyNode);
  }
}

/** As `walkPython`, but does not enter functions, lambdas and classes nested in the given node. */
export function walkOwnPython(root: PyNode, visit: (node: PyNode) => boolean | undefined): void {
  walkPython(root, (node) => {
    if (node !== root && /^(function_definition|lambda|class_definition)$/.test(node.type)) return false;
    return visit(node);
  });
}

export function ancestor(node: PyNode | undefined, type: string): PyNode | undefined {
  for (let at = node?.parent; at !== undefined; at = at.parent) if (at.type === type) return at;
  return undefined;
}

export function isAsync(definition: PyNode): boolean {
  return definition.children.some((each) => each.type === 'async');
}
