import { z } from 'zod';
import { duration } from './config.js';

/**
 * Faults as they cross the boundary. Match, share, end and counting are here, once for every kind; what a kind needs
 * beyond that is its `params`, under the schema that the catalog serves.
 */

/** A fault always ends: without `for` it lasts this long, in ms. */
export const DEFAULT_FAULT_MS = 600_000;
export const MAX_FAULT_MS = 86_400_000;

export const faultSpecSchema = z.strictObject({
  kind: z.string().min(1).describe('The kind, for example latency; `faultline fault kinds` lists them'),
  function: z.string().min(1).optional().describe('Name of the function it hits; * matches any part; all when absent'),
  params: z.record(z.string(), z.unknown()).default({}).describe('Parameters of the kind'),
  rate: z.number().gt(0).max(100).default(100).describe('Share of invocations in percent'),
  for: duration.default(DEFAULT_FAULT_MS).describe('How long it lasts, for example 30s'),
  enabled: z.boolean().default(true).describe('false adds it switched off'),
});

/** What a user gives to add a fault. */
export type FaultSpec = z.input<typeof faultSpecSchema>;

/** A fault that has been added, as every view shows it. */
export interface Fault {
  /** Stable within a run and the same on a replay: `latency-1`. */
  readonly id: string;
  readonly kind: string;
  /** Function name or pattern; absent: all functions. */
  readonly function?: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Percent of invocations, (0, 100]. */
  readonly rate: number;
  readonly enabled: boolean;
  /** Epoch ms when it was last switched on. */
  readonly since: number;
  /** Epoch ms when it ends; while it is off, absent. */
  readonly until?: number;
  /** Its lease in ms. */
  readonly durationMs: number;
  /** Invocations that matched while it was on. */
  readonly matched: number;
  /** Invocations that it hit. */
  readonly injected: number;
  /** One line for people, from the kind: `+800 ms before the handler`. */
  readonly summary: string;
}

/** That a fault hit an invocation. */
export interface FaultHit {
  readonly fault: string;
  readonly kind: string;
}

/** A stretch of time in which a fault was on; panels shade it. */
export interface FaultPeriod {
  readonly fault: string;
  readonly kind: string;
  readonly function?: string;
  readonly from: number;
  /** Absent while it is still on. */
  readonly to?: number;
}

/**
 * What a runtime is told to do to one invocation, beside running its handler. The bootstraps of both languages
 * implement each; `media` and the CLI never see them.
 */
export type RuntimeEffect =
  | { readonly type: 'throw'; readonly when: 'before' | 'after'; readonly errorType: string; readonly message: string }
  | { readonly type: 'hang'; readonly mode: 'idle' | 'busy'; readonly when: 'before' | 'after' }
  | {
      readonly type: 'crash';
      readonly when: 'before' | 'after';
      /** SIGKILL itself, or exit with this status. */
      readonly how: { readonly signal: 'SIGKILL' } | { readonly exitCode: number };
    }
  | {
      readonly type: 'network';
      readonly fault: string;
      readonly mode: 'refused' | 'reset' | 'timeout';
      /** Host patterns (`*` any part), `host` or `host:port`; empty: every host. */
      readonly hosts: readonly string[];
    };
