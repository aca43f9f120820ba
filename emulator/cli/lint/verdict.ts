import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../../contract/findings.js';
import type { CliIo } from '../types.js';
import type { LintOptions } from './options.js';

/** What is left to report when the baseline has had its say. */

export interface Verdict {
  readonly findings: readonly Finding[];
  /** Findings that the baseline knows. */
  readonly known: number;
  /** Lines for people, beside the report. */
  readonly notes: readonly string[];
}

const DEFAULT_FILE = '.faultline-lint-baseline.json';

/** @param linted the files that the findings are of, and those without any */
export async function judge(
  findings: readonly Finding[],
  linted: readonly string[],
  options: LintOptions,
  io: CliIo,
): Promise<Verdict> {
  const update = options.updateBaseline === true;
  if (!update && options.baseline === undefined && !existsSync(path.join(io.cwd, DEFAULT_FILE))) {
    return { findings, known: 0, notes: [] };
  }
  const { compare, openBaseline, updateBaseline } = await import('./baseline.js');
  const baseline = await openBaseline(options.baseline ?? DEFAULT_FILE, io.cwd, update);
  if (update) {
    const number = await updateBaseline(baseline, findings, linted);
    const left = findings.filter((each) => each.rule === 'internal-error');
    const name = path.relative(io.cwd, baseline.file) || baseline.file;
    const what = number === 1 ? '1 finding' : `${String(number)} findings`;
    return { findings: left, known: findings.length - left.length, notes: [`Wrote ${name}: ${what}.`] };
  }
  const { fresh, known, fixed } = compare(baseline, findings, linted);
  const gone = fixed === 1 ? '1 finding of the baseline is' : `${String(fixed)} findings of the baseline are`;
  const notes = fixed === 0 ? [] : [`${gone} fixed; --update-baseline removes what is not needed any more.`];
  return { findings: fresh, known, notes };
}
