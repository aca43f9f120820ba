import type { FunctionConfig } from '../contract/config.js';
import { platformType } from '../contract/records.js';

/** Lambda: an environment has 10 s to start its process and load the handler [D]. */
export const INIT_LIMIT_MS = 10_000;
/** One that is provisioned ahead has 130 s, or the function's timeout when that is longer [D]. */
const PROVISIONED_LIMIT_MS = 130_000;

/**
 * What a start is for. `init` happens before an invocation; `invoke` is its second try, within the invocation that waits,
 * and on that one's time; `provisioned` is ahead of all invocations.
 */
export type InitKind = 'init' | 'invoke' | 'provisioned';

/** ms until the handler must be loaded, the delay of a cold start not counted. */
export function initLimitMs(kind: InitKind, timeoutMs: number): number {
  if (kind === 'invoke') return timeoutMs;
  return kind === 'provisioned' ? Math.max(PROVISIONED_LIMIT_MS, timeoutMs) : INIT_LIMIT_MS;
}

/** ms by which a start is held up, as configured: once for an environment, so not when its init is tried again. */
export function initDelayMs(kind: InitKind, { coldStartMs }: FunctionConfig): number {
  return kind === 'invoke' ? 0 : coldStartMs;
}

/** How an init ended: well, with an error of this type, or with the time that it has. */
export type InitOutcome = 'success' | 'timeout' | { readonly errorType: string };

/**
 * The platform's line about an init. Only failed ones have it, and provisioned instances [D].
 * [R] `INIT_REPORT Init Duration: 150.79 ms\tPhase: init\tStatus: error\tError Type: Runtime.UserCodeSyntaxError` and
 * `INIT_REPORT Init Duration: 9999.79 ms\tPhase: init\tStatus: timeout`.
 */
export function initReport(kind: InitKind, durationMs: number, outcome: InitOutcome): string {
  const fields = [
    `INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms`,
    `Phase: ${kind === 'invoke' ? 'invoke' : 'init'}`,
  ];
  return [...fields, ...status(kind, outcome)].join('\t');
}

function status(kind: InitKind, outcome: InitOutcome): readonly string[] {
  if (outcome === 'success') return [];
  // [R] A second try that runs out of time is an error of unknown type.
  if (outcome === 'timeout' && kind !== 'invoke') return ['Status: timeout'];
  const errorType = outcome === 'timeout' ? 'Runtime.Unknown' : platformType(outcome.errorType);
  return ['Status: error', `Error Type: ${errorType}`];
}
