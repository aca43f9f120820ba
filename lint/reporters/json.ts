import { relativePath } from './reporter.js';
import type { Reporter } from './reporter.js';

/** For programs: the findings as the contract has them, with relative paths, and the counts. */
export const json: Reporter = (report) => {
  const findings = report.findings.map((each) => ({ ...each, file: relativePath(each.file, report.cwd) }));
  const document = {
    version: 1,
    filesLinted: report.filesLinted,
    skipped: report.skipped,
    known: report.known ?? 0,
    findings,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
};
