import type { Fault } from '../../emulator/contract/faults.js';
import type { InvocationRecord } from '../../emulator/contract/records.js';
import type {
  FunctionSnapshot,
  InstanceSnapshot,
  Problem,
  QueueSnapshot,
  ScheduleSnapshot,
  Snapshot,
} from '../../emulator/contract/snapshot.js';
import type { CommandId, ItemContext } from '../contributions.js';
import type { Failure } from '../failure.js';

/** A tree as data: what a node says and which nodes are below it, without the editor. */

/** What all nodes are drawn from. */
export interface Scene {
  readonly snapshot: Snapshot | undefined;
  readonly failure: Failure | undefined;
  /** Epoch ms. */
  readonly now: number;
}

export interface Icon {
  /** A ThemeIcon's id. */
  readonly id: string;
  /** A ThemeColor's id. */
  readonly color?: string;
}

export interface ItemModel {
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  readonly icon: Icon;
  readonly context?: ItemContext;
  readonly command?: { readonly id: CommandId; readonly title: string; readonly arguments?: readonly unknown[] };
  readonly checked?: boolean;
  /** Absent: nothing can be below it. */
  readonly expand?: 'collapsed' | 'expanded';
}

/** A problem of a function or of the config; without a code, a mistake that kept the emulator from starting. */
export type ShownProblem = Pick<Problem, 'message' | 'hint' | 'place' | 'lastGoodServes'> &
  Partial<Pick<Problem, 'code'>>;

/** What each kind of node holds. */
export interface NodeValues {
  function: FunctionSnapshot;
  instance: { readonly function: FunctionSnapshot; readonly instance: InstanceSnapshot };
  invocation: { readonly parent: string; readonly record: InvocationRecord };
  problem: {
    readonly parent: string;
    readonly problem: ShownProblem;
  };
  /** A fault in its own view. */
  fault: Fault;
  /** A fault below a function that it applies to. */
  appliedFault: { readonly parent: string; readonly fault: Fault };
  queue: QueueSnapshot;
  schedule: { readonly parent: string; readonly schedule: ScheduleSnapshot };
  /** A next step where there is nothing to show. */
  step: { readonly command: CommandId; readonly title: string; readonly icon: string };
}
export type NodeKindName = keyof NodeValues;

export type TreeNode = {
  [Kind in NodeKindName]: { readonly kind: Kind; readonly value: NodeValues[Kind] };
}[NodeKindName];

/** One kind of node: one file, one line in `nodes.ts`. */
export interface NodeKind<Value> {
  /** Unique in the tree and the same from snapshot to snapshot. */
  id(value: Value): string;
  item(value: Value, scene: Scene): ItemModel;
  children?(value: Value, scene: Scene): TreeNode[];
}

/** What the editor hands to a command that was called on a node. */
export class TreeElement {
  constructor(
    readonly id: string,
    public node: TreeNode,
  ) {}
}
