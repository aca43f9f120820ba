import type { Dependency } from '../../../../emulator/contract/findings.js';
import type { KnownClient } from '../../../knowledge/clients/index.js';
import type { PyNode } from '../tree.js';

/** One outbound call, or the client that calls are made on, and what bounds it. */
export interface PyOutbound {
  readonly node: PyNode;
  readonly path: string;
  readonly known: KnownClient;
  readonly state: PyOutboundState;
  readonly dependency: Dependency;
}

/** A limit that the code shows, in milliseconds. */
export interface PyBound {
  /** Of one attempt. */
  readonly ms: number;
  readonly attempts: number;
  readonly backoffMs: number;
  /** The expression that says it. */
  readonly value?: PyNode;
}

/** Why a limit that is set does nothing. */
export type PyReason = 'none' | 'noneForReading' | 'ignoredAttribute';

export type PyOutboundState =
  /** Nothing bounds it. */
  | { readonly kind: 'unbounded' }
  /** Something is set, and does nothing. */
  | { readonly kind: 'ineffective'; readonly reason: PyReason; readonly option: string; readonly value: PyNode }
  /** It ends; `bound` where the code shows when. */
  | { readonly kind: 'bounded'; readonly bound?: PyBound }
  /** The code does not show it. */
  | { readonly kind: 'unknown' };

export const unbounded: PyOutboundState = { kind: 'unbounded' };
export const bounded: PyOutboundState = { kind: 'bounded' };
export const unknown: PyOutboundState = { kind: 'unknown' };
