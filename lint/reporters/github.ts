import type { Severity } from '../../emulator/contract/findings.js';
import { proofText } from './proof.js';
import { count, relativePath, tally } from './reporter.js';
import type { Reporter } from './reporter.js';

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/** Workflow commands of GitHub Actions, which show as annotations on the changed lines. */
export const github: Reporter = (report) => {
  const lines = report.findings.map((finding) => {
    const { start, end } = finding.range;
    const properties: [string, string][] = [
      ['file', relativePath(finding.file, report.cwd)],
      ['line', String(start.line)],
      ['endLine', String(end.line)],
      ['col', String(start.column)],
      // Columns of different lines make GitHub drop the annotation.
      ...(start.line === end.line ? [['endColumn', String(end.column)] as [string, string]] : []),
      ['title', finding.rule],
    ];
    const text = properties.map(([key, value]) => `${key}=${escapeProperty(value)}`).join(',');
    return `::${commands[finding.severity]} ${text}::${escapeData([finding.message, proofText(finding), finding.url].filter(Boolean).join(' '))}`;
  });
  const total = report.findings.length === 0 ? 'No findings' : tally(report.findings);
  return [...lines, `${total} in ${count(report.filesLinted, 'file')}.`, ''].join('\n');
};

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
