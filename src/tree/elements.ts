import { TreeElement, type ItemModel, type Scene, type TreeNode } from './model.js';
import { nodeChildren, nodeId, nodeItem } from './nodes.js';

/**
 * Keeps one element per id for as long as it exists, since the editor knows elements by identity, and tells which of the
 * elements that it has seen read differently now.
 */

interface Shown {
  readonly element: TreeElement;
  /** How it was drawn; absent until the editor asked. */
  item?: string;
  /** Ids of its children; absent until it was opened. */
  children?: string;
}

const idsOf = (nodes: readonly TreeNode[]): string => nodes.map(nodeId).join('\n');

export class TreeElements {
  readonly #roots: (scene: Scene) => TreeNode[];
  #shown = new Map<string, Shown>();
  #rootIds: string | undefined;

  constructor(roots: (scene: Scene) => TreeNode[]) {
    this.#roots = roots;
  }

  item(element: TreeElement, scene: Scene): ItemModel {
    const item = nodeItem(element.node, scene);
    const shown = this.#shown.get(element.id);
    if (shown) shown.item = JSON.stringify(item);
    return item;
  }

  children(element: TreeElement | undefined, scene: Scene): TreeElement[] {
    const nodes = element === undefined ? this.#roots(scene) : nodeChildren(element.node, scene);
    const shown = element && this.#shown.get(element.id);
    if (shown) shown.children = idsOf(nodes);
    else if (element === undefined) this.#rootIds = idsOf(nodes);
    return nodes.map((node) => this.#elementOf(node));
  }

  /** @returns the elements to draw again; 'all' when the top of the tree changed */
  changes(scene: Scene): 'all' | TreeElement[] {
    const roots = this.#roots(scene);
    const kept = new Map<string, Shown>();
    const changed: TreeElement[] = [];
    this.#compare(roots, scene, kept, changed);
    this.#shown = kept;
    // Nothing was drawn yet: the editor will ask by itself.
    if (this.#rootIds === undefined) return [];
    return this.#rootIds === idsOf(roots) ? changed : 'all';
  }

  #compare(nodes: readonly TreeNode[], scene: Scene, kept: Map<string, Shown>, changed: TreeElement[]): void {
    for (const node of nodes) {
      const id = nodeId(node);
      const shown = this.#shown.get(id);
      if (shown === undefined) continue;
      kept.set(id, shown);
      shown.element.node = node;
      const children = shown.children === undefined ? [] : nodeChildren(node, scene);
      const sameChildren = shown.children === undefined || shown.children === idsOf(children);
      const sameItem = shown.item === undefined || shown.item === JSON.stringify(nodeItem(node, scene));
      if (!sameChildren || !sameItem) changed.push(shown.element);
      this.#compare(children, scene, kept, changed);
    }
  }

  #elementOf(node: TreeNode): TreeElement {
    const id = nodeId(node);
    const shown = this.#shown.get(id) ?? { element: new TreeElement(id, node) };
    shown.element.node = node;
    this.#shown.set(id, shown);
    return shown.element;
  }
}
