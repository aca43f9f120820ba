import path from 'node:path';
import type { Check, ExperimentResult, Phase } from '../../contract/experiment.js';

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
  return words.length === 0 ? 'nothing ran' : words.join(', ');
}
