import type { Dependency, Finding, TextRange } from '../emulator/contract/findings.js';
import type { Report, Rule } from './rule.js';
import { fnv1a } from './text.js';

/** What a rule reported, as a finding. `message` stands in where the host has filled in the text already. */
export function findingOf(
  rule: Rule,
  report: Report<unknown>,
  place: { readonly file: string; readonly range: TextRange },
  message = filled(rule, report),
): Finding {
  return {
    rule: rule.meta.id,
    severity: rule.messages[report.message]?.severity ?? rule.meta.severity,
    message,
    file: place.file,
    range: place.range,
    url: rule.meta.url,
    ...(report.fixes === undefined || report.fixes.length === 0 ? {} : { fixes: report.fixes }),
    ...(report.handler === undefined ? {} : { handler: report.handler }),
    ...(report.dependency === undefined ? {} : { dependency: withoutUser(report.dependency) }),
  };
}

/** `user:password@host` of a connection string is nobody's to read. */
function withoutUser(dependency: Dependency): Dependency {
  return dependency.host === undefined ? dependency : { ...dependency, host: dependency.host.replace(/^.*@/, '') };
}

function filled(rule: Rule, report: Report<unknown>): string {
  const text = rule.messages[report.message]?.text ?? report.message;
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => report.data?.[name] ?? '');
}

/**
 * Gives each finding its fingerprint: the rule, the text of its first line without indentation, and how many equal ones
 * stand before it. No line numbers, so that code above may change without every finding becoming a new one.
 */
export function withFingerprints(findings: readonly Finding[], text: string): Finding[] {
  const lines = text.split(/\r\n|\n|\r/);
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const line = (lines[finding.range.start.line - 1] ?? '').trim().replace(/\s+/g, ' ');
    const key = `${finding.rule}\n${line}`;
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return { ...finding, fingerprint: fnv1a(`${key}\n${String(before)}`) };
  });
}
