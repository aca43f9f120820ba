import { appliedFaultNode } from './applied-fault.js';
import { faultNode } from './fault.js';
import { functionNode } from './function.js';
import { instanceNode } from './instance.js';
import { invocationNode } from './invocation.js';
import type { ItemModel, NodeKind, NodeKindName, NodeValues, Scene, TreeNode } from './model.js';
import { problemNode } from './problem.js';
import { queueNode } from './queue.js';
import { scheduleNode } from './schedule.js';
import { stepNode } from './step.js';

/** Every kind of node. */
export const nodes = {
  function: functionNode,
  instance: instanceNode,
  invocation: invocationNode,
  problem: problemNode,
  fault: faultNode,
  appliedFault: appliedFaultNode,
  queue: queueNode,
  schedule: scheduleNode,
  step: stepNode,
} as const satisfies { readonly [Kind in NodeKindName]: NodeKind<NodeValues[Kind]> };

/** The table's entry is made for the node's kind; TypeScript cannot follow the pair through the union. */
const kindOf = (node: TreeNode): NodeKind<unknown> => nodes[node.kind] as NodeKind<unknown>;

export const nodeId = (node: TreeNode): string => kindOf(node).id(node.value);
export const nodeItem = (node: TreeNode, scene: Scene): ItemModel => kindOf(node).item(node.value, scene);
export const nodeChildren = (node: TreeNode, scene: Scene): TreeNode[] =>
  kindOf(node).children?.(node.value, scene) ?? [];
