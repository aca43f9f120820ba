import type { Dependency, TextEdit } from '../../../../emulator/contract/findings.js';
import type { KnownClient } from '../../../knowledge/clients/index.js';
import type { CallLike, Node } from '../ast.js';

/** One outbound call, or the client that calls are made on, and what bounds it. */
export interface Outbound {
  readonly node: CallLike;
  readonly path: string;
  readonly known: KnownClient;
  readonly state: OutboundState;
  readonly dependency: Dependency;
}

/** A limit that the code shows, in milliseconds. */
export interface Bound {
  /** Of one attempt. */
  readonly ms: number;
  readonly attempts: number;
  readonly backoffMs: number;
  /** The expression that says it. */
  readonly value?: Node;
}

/** Why a limit that is set does nothing. */
export type Reason =
  | 'awsWarnsOnly'
  | 'noListener'
  | 'idleListener'
  | 'ignoredOption'
  | 'zero'
  | 'gotNumber'
  | 'mongoTimeout'
  | 'neverAborted'
  | 'neverRejects';

export interface Mend {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

export type OutboundState =
  /** Nothing bounds it. */
  | { readonly kind: 'unbounded' }
  /** Something is set, and does nothing. */
  | {
      readonly kind: 'ineffective';
      readonly reason: Reason;
      readonly option: string;
      readonly value?: Node;
      readonly mend?: Mend;
    }
  /** It ends; `bound` where the code shows when. */
  | { readonly kind: 'bounded'; readonly bound?: Bound }
  /** The code does not show it. */
  | { readonly kind: 'unknown' };

export const unbounded: OutboundState = { kind: 'unbounded' };
export const bounded: OutboundState = { kind: 'bounded' };
export const unknown: OutboundState = { kind: 'unknown' };
