import type { Finding, RuleMeta } from '../../emulator/contract/findings.js';

/** What a run of the linter gave. Files are absolute or as they were named; findings are in reporting order. */
export interface LintReport {
  readonly findings: readonly Finding[];
  readonly rules: readonly RuleMeta[];
  /** Paths are shown relative to this directory. */
  readonly cwd: string;
  /** How many files were linted, and what was left out, by reason. */
  readonly filesLinted: number;
  readonly skipped: Readonly<Record<string, number>>;
  /** How many findings a baseline knows; they are not among `findings`. */
  readonly known?: number;
  readonly version: string;
  readonly color: boolean;
}

/** Turns a report into text. Pure, and the same text for the same report on every machine. */
export type Reporter = (report: LintReport) => string;

/** A file as reports name it: relative to the working directory, with forward slashes, where it lies below it. */
export function relativePath(file: string, cwd: string): string {
  const path = file.replaceAll('\\', '/');
  const base = `${cwd.replaceAll('\\', '/').replace(/\/$/, '')}/`;
  return path.startsWith(base) ? path.slice(base.length) : path;
}

export function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** "3 errors, 1 warning" */
export function tally(findings: readonly Finding[]): string {
  const of = (severity: string): number => findings.filter((each) => each.severity === severity).length;
  const parts = [
    of('error') > 0 ? count(of('error'), 'error') : '',
    of('warning') > 0 ? count(of('warning'), 'warning') : '',
    of('info') > 0 ? count(of('info'), 'note') : '',
  ];
  return parts.filter((each) => each !== '').join(', ');
}
