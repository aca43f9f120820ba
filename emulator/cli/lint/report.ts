import { maxBytes } from '../../../lint/files.js';
import type { FileList } from '../../../lint/files.js';
import type { LintReport } from '../../../lint/reporters/index.js';
import { relativePath } from '../../../lint/reporters/reporter.js';
import type { CliIo } from '../types.js';
import { readVersion } from '../version.js';
import type { FileResult } from './result.js';
import type { Run } from './run.js';
import type { Verdict } from './verdict.js';

/** What was read and what was left out, counted. */

export interface ReportParts {
  readonly list: FileList;
  readonly run: Run;
  /** The results that are reported. */
  readonly seen: ReadonlyMap<string, FileResult>;
  readonly verdict: Verdict;
  readonly ignored: number;
  readonly io: CliIo;
}

export function reportOf(parts: ReportParts): { readonly problems: readonly string[]; make(): Promise<LintReport> } {
  const { list, run, seen, verdict, io } = parts;
  const results = [...seen];
  const unreadable = results.flatMap(([file, { problem }]) => (problem === undefined ? [] : [`${file}: ${problem}`]));
  const problems = [...list.problems, ...unreadable].map((each) => relativePath(each, io.cwd));
  const left = (why: FileResult['left']): number => results.filter(([, each]) => each.left === why).length;
  return {
    problems,
    async make() {
      const { ruleMetas } = await import('../../../lint/index.js');
      return {
        findings: verdict.findings,
        rules: ruleMetas,
        cwd: io.cwd,
        filesLinted: results.length - unreadable.length - left('generated') - left('minified'),
        known: verdict.known,
        skipped: {
          [`over ${String(maxBytes / 1024 / 1024)} MB`]: list.skipped.tooLarge,
          minified: list.skipped.minified + left('minified'),
          generated: left('generated'),
          declarations: list.skipped.declarations,
          tests: list.skipped.tests,
          'by lint.ignore': parts.ignored,
          'not JavaScript, TypeScript or Python': run.unsupported,
          unreadable: problems.length,
        },
        version: readVersion(),
        color: io.color,
      };
    },
  };
}
