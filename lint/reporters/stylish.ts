import type { Finding, Severity } from '../../emulator/contract/findings.js';
import { count, relativePath, tally } from './reporter.js';
import { proofText } from './proof.js';
import type { LintReport, Reporter } from './reporter.js';

const colors: Readonly<Record<Severity | 'dim' | 'bold', string>> = {
  error: '31',
  warning: '33',
  info: '36',
  dim: '2',
  bold: '1',
};

/** For people: findings by file, then one line that says how much was read and what was left out. */
export const stylish: Reporter = (report) => {
  const paint = (style: keyof typeof colors, text: string): string =>
    report.color ? `\u001b[${colors[style]}m${text}\u001b[0m` : text;
  const lines: string[] = [];
  for (const [file, findings] of byFile(report.findings)) {
    lines.push(paint('bold', relativePath(file, report.cwd)));
    for (const finding of findings) {
      const { line, column } = finding.range.start;
      const place = `${String(line)}:${String(column)}`.padEnd(7);
      const severity = paint(finding.severity, finding.severity.padEnd(7));
      lines.push(`  ${paint('dim', place)} ${severity}  ${finding.message}  ${paint('dim', finding.rule)}`);
      const proof = proofText(finding);
      if (proof !== undefined) lines.push(`          ${paint('dim', proof)}`);
    }
    lines.push('');
  }
  lines.push(summary(report), '');
  return lines.join('\n');
};

function byFile(findings: readonly Finding[]): Map<string, Finding[]> {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) files.set(finding.file, [...(files.get(finding.file) ?? []), finding]);
  return files;
}

function summary(report: LintReport): string {
  const files = count(report.filesLinted, 'file');
  const skipped = Object.entries(report.skipped)
    .filter(([, number]) => number > 0)
    .map(([reason, number]) => `${String(number)} ${reason}`);
  const left = skipped.length === 0 ? '' : ` Skipped: ${skipped.join(', ')}.`;
  const known = report.known ?? 0;
  const baseline = known === 0 ? '' : ` In the baseline: ${count(known, 'finding')}.`;
  const none = known === 0 ? 'No findings' : 'No new findings';
  return `${report.findings.length === 0 ? none : tally(report.findings)} in ${files}.${baseline}${left}`;
}
