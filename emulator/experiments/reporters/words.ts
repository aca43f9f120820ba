import path from 'node:path';
import type { Check, ExperimentResult, FaultOutcome, Load, Phase } from '../../contract/experiment.js';
import { fired } from '../draft.js';

/** Words that more than one reporter needs. */

export const PHASE_TITLES: Readonly<Record<Phase, string>> = {
  steadyState: 'steady state',
  during: 'during the faults',
  after: 'after the faults',
};

/** `faults: p95 ≤ 500 ms`, unique enough to name a test case. */
export function checkTitle({ phase, expectation }: Check): string {
  return `${PHASE_TITLES[phase]}: ${expectation}`;
}

/** On one line and without control characters: no text of a file may steer a terminal or start a workflow command. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** Relative to `cwd` where it is below it, with forward slashes: what terminals and CI link. */
export function shownPath(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  const shown = relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
  return shown.split(path.sep).join('/');
}

/** The command that repeats one result exactly. */
export function replayCommand({ file, seed }: Pick<ExperimentResult, 'file' | 'seed'>, cwd: string): string {
  const quote = (text: string): string => (/^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
  return `faultline test ${quote(shownPath(file, cwd))} --seed ${quote(seed)}`;
}

/** Why a fault that never fired takes the verdict away. */
export const NEVER_FIRED = 'never fired: what passed without it proves nothing';

/**
 * Why a fault of a run that was broken proves nothing.
 * @returns undefined when it fired, or is switched off in a file that has others
 */
export function notFired(fault: FaultOutcome, all: readonly FaultOutcome[]): string | undefined {
  if (fired(fault)) return undefined;
  if (fault.off) return all.every(({ off }) => off) ? `${fault.id} is switched off: nothing was broken` : undefined;
  if (fault.dryRun)
    return `${fault.id} only counts (dryRun), ${fault.injected} ${calls(fault.injected)}: nothing was broken by it`;
  return `${fault.id} ${NEVER_FIRED}`;
}

export const calls = (n: number): string => (n === 1 ? 'call' : 'calls');

/** `20 requests/s for 5.0 s`, `8 users for 30.0 s, in 3 stages`. */
export function loadInWords({ rate, users, stages, for: ms }: Load): string {
  const level = users !== undefined ? `${users} users` : rate !== undefined ? `${rate} requests/s` : undefined;
  if (!stages) return `${level ?? ''} for ${seconds(ms)} a phase`;
  const peak = Math.max(...stages.map((stage) => stage.users ?? stage.rate ?? 0));
  const unit = stages[0]?.users !== undefined ? 'users' : 'requests/s';
  return `up to ${peak} ${unit} in ${stages.length} ${stages.length === 1 ? 'stage' : 'stages'}, ${seconds(ms)} a phase`;
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** `2 passed, 1 failed`, leaving out what there is none of. */
export function countVerdicts(results: readonly ExperimentResult[]): string {
  const order = ['passed', 'failed', 'vacuous', 'aborted', 'error'] as const;
  const counts = order.map((verdict) => ({
    verdict,
    n: results.filter((result) => result.verdict === verdict).length,
  }));
  const words = counts.filter(({ n }) => n > 0).map(({ verdict, n }) => `${n} ${verdict}`);
  const flaky = results.filter((result) => result.flaky).length;
  if (flaky > 0) words.push(`${flaky} flaky`);
  return words.length === 0 ? 'nothing ran' : words.join(', ');
}
