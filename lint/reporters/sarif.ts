import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Finding, Severity } from '../../emulator/contract/findings.js';
import { compareText } from '../text.js';
import { proofProperties } from './proof.js';
import { relativePath } from './reporter.js';
import type { LintReport, Reporter } from './reporter.js';

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** SARIF 2.1.0, as code scanning takes it: relative URIs, rules with help, fingerprints that survive moved lines. */
export const sarif: Reporter = (report) => {
  const rules = ruleDescriptors(report);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Faultline', version: report.version, informationUri: DOCS_URL, rules } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { SRCROOT: { description: { text: 'The directory that was linted from.' } } },
        results: results(
          report,
          rules.map((each) => each.id),
        ),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
};

interface Descriptor {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: { readonly text: string };
  readonly helpUri: string;
  readonly defaultConfiguration: { readonly level: string };
}

/** All rules that ran, and the two ids that are no rules where they occur. */
function ruleDescriptors(report: LintReport): Descriptor[] {
  const known = report.rules.map((rule) => descriptor(rule.id, rule.summary, rule.url, rule.severity));
  const others = new Map<string, Finding>();
  for (const finding of report.findings) {
    if (!report.rules.some((rule) => rule.id === finding.rule)) others.set(finding.rule, finding);
  }
  const extra = [...others.values()].map((each) => descriptor(each.rule, words(each.rule), each.url, each.severity));
  return [...known, ...extra].sort((a, b) => compareText(a.id, b.id));
}

function descriptor(id: string, summary: string, helpUri: string, severity: Severity): Descriptor {
  const name = words(id).replace(/(^| )(\w)/g, (_, __, letter: string) => letter.toUpperCase());
  const level = levels[severity];
  return { id, name, shortDescription: { text: summary }, helpUri, defaultConfiguration: { level } };
}

function words(id: string): string {
  return id.replaceAll('-', ' ');
}

function results(report: LintReport, ids: readonly string[]): object[] {
  return report.findings.map((finding) => {
    const location = artifactLocation(relativePath(finding.file, report.cwd));
    const { start, end } = finding.range;
    const region = { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
    return {
      ruleId: finding.rule,
      ruleIndex: ids.indexOf(finding.rule),
      level: levels[finding.severity],
      message: { text: finding.message },
      locations: [{ physicalLocation: { artifactLocation: location, region } }],
      ...(finding.fingerprint === undefined ? {} : { partialFingerprints: { 'faultline/v2': finding.fingerprint } }),
      ...proofProperties(finding),
    };
  });
}

/** Relative where the file lies below the working directory; outside of it there is nothing to be relative to. */
function artifactLocation(file: string): { uri: string; uriBaseId?: string } {
  const path = file.split('/').map(encodeURIComponent).join('/');
  if (file.startsWith('/')) return { uri: `file://${path}` };
  return /^[A-Za-z]:/.test(file) ? { uri: `file:///${path}` } : { uri: path, uriBaseId: 'SRCROOT' };
}
