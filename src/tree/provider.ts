import * as vscode from 'vscode';
import { TreeElements } from './elements.js';
import type { Icon, ItemModel, Scene, TreeElement, TreeNode } from './model.js';

/** Draws a tree of nodes in the editor. */

function themeIcon({ id, color }: Icon): vscode.ThemeIcon {
  return new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
}

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

function treeItem(id: string, model: ItemModel): vscode.TreeItem {
  const expand = { collapsed: Collapsed, expanded: Expanded };
  const item = new vscode.TreeItem(model.label, model.expand === undefined ? None : expand[model.expand]);
  item.id = id;
  item.iconPath = themeIcon(model.icon);
  if (model.description !== undefined) item.description = model.description;
  if (model.tooltip !== undefined) item.tooltip = model.tooltip;
  if (model.context !== undefined) item.contextValue = model.context;
  if (model.command)
    item.command = {
      command: model.command.id,
      title: model.command.title,
      arguments: [...(model.command.arguments ?? [])],
    };
  if (model.checked !== undefined)
    item.checkboxState = model.checked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked;
  return item;
}

export class TreeProvider implements vscode.TreeDataProvider<TreeElement> {
  readonly #elements: TreeElements;
  readonly #scene: () => Scene;
  readonly #changed = new vscode.EventEmitter<TreeElement[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(roots: (scene: Scene) => TreeNode[], scene: () => Scene) {
    this.#elements = new TreeElements(roots);
    this.#scene = scene;
  }

  getTreeItem(element: TreeElement): vscode.TreeItem {
    return treeItem(element.id, this.#elements.item(element, this.#scene()));
  }

  getChildren(element?: TreeElement): TreeElement[] {
    return this.#elements.children(element, this.#scene());
  }

  /** Draws what reads differently now. */
  refresh(): void {
    const changes = this.#elements.changes(this.#scene());
    if (changes === 'all') this.#changed.fire(undefined);
    else if (changes.length > 0) this.#changed.fire(changes);
  }
}
