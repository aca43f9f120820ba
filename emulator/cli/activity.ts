import type { LogEvent } from '../contract/control.js';
import type { Fault } from '../contract/faults.js';
import type { InvocationRecord } from '../contract/records.js';
import type { FunctionSnapshot, Problem, Snapshot } from '../contract/snapshot.js';

/** What happened between two snapshots: the lines of `faultline start`, and of `start --json` as they are. */
export type Activity =
  | { readonly type: 'invocation'; readonly record: InvocationRecord }
  /** More invocations than a snapshot carries. */
  | { readonly type: 'skipped'; readonly function: string; readonly count: number }
  | { readonly type: 'version'; readonly function: string; readonly version: number }
  /** Without a function it is the workspace's. */
  | { readonly type: 'problem'; readonly function?: string; readonly problem: Problem }
  | { readonly type: 'solved'; readonly function?: string }
  | { readonly type: 'fault'; readonly change: 'on' | 'off' | 'cleared'; readonly fault: Fault }
  | ({ readonly type: 'log' } & LogEvent);

/** @returns in the order in which they should be told */
export function activityBetween(before: Snapshot | undefined, after: Snapshot): Activity[] {
  return [
    ...problemChange(before?.problem, after.problem),
    ...faultChanges(before?.faults ?? [], after.faults),
    ...after.functions.flatMap((fn) => functionChanges(find(before, fn.name), fn)),
    ...after.functions.flatMap((fn) => skippedBetween(find(before, fn.name), fn)),
    ...after.functions
      .flatMap((fn) => endedBetween(find(before, fn.name), fn))
      .sort((a, b) => endOf(a) - endOf(b))
      .map((record) => ({ type: 'invocation', record }) as const),
  ];
}

/** How many invocations a function has ended since. */
export function endedCount(before: FunctionSnapshot | undefined, after: FunctionSnapshot): number {
  return Math.max(0, after.totals.invocations - (before?.totals.invocations ?? 0));
}

function find(snapshot: Snapshot | undefined, name: string): FunctionSnapshot | undefined {
  return snapshot?.functions.find((fn) => fn.name === name);
}

function functionChanges(before: FunctionSnapshot | undefined, after: FunctionSnapshot): Activity[] {
  const { name: fn, version } = after;
  const reloaded = before !== undefined && before.version > 0 && version > before.version;
  return [
    ...problemChange(before?.problem, after.problem, fn),
    ...(reloaded ? [{ type: 'version', function: fn, version } as const] : []),
  ];
}

/** The newest `recent` are the last that ended; what the totals grew by beyond them is only a number. */
function endedBetween(before: FunctionSnapshot | undefined, after: FunctionSnapshot): InvocationRecord[] {
  return after.recent.slice(0, endedCount(before, after)).reverse();
}

function skippedBetween(before: FunctionSnapshot | undefined, after: FunctionSnapshot): Activity[] {
  const count = endedCount(before, after) - after.recent.length;
  return count > 0 ? [{ type: 'skipped', function: after.name, count }] : [];
}

/** Epoch ms, nearly: enough to put invocations of several functions in order. */
function endOf(record: InvocationRecord): number {
  return record.at + record.queueMs + record.durationMs;
}

function problemChange(before: Problem | undefined, after: Problem | undefined, fn?: string): Activity[] {
  const of = fn === undefined ? {} : { function: fn };
  if (!after) return before ? [{ type: 'solved', ...of }] : [];
  const same = before?.since === after.since && before.message === after.message;
  return same ? [] : [{ type: 'problem', ...of, problem: after }];
}

function faultChanges(before: readonly Fault[], after: readonly Fault[]): Activity[] {
  const gone = before.filter((old) => !after.some((fault) => fault.id === old.id));
  return [
    ...gone.map((fault) => ({ type: 'fault', change: 'cleared', fault }) as const),
    ...after.flatMap((fault): Activity[] => {
      const old = before.find(({ id }) => id === fault.id);
      if (old?.enabled === fault.enabled) return [];
      return [{ type: 'fault', change: fault.enabled ? 'on' : 'off', fault }];
    }),
  ];
}
