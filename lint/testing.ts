import { beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../emulator/contract/findings.js';
import { applyEdits, createLinter } from './index.js';
import type { FaultlineLinter } from './index.js';

/** Code that a rule must stay silent about; `why` is the reason, and the test's name. */
export interface Valid {
  readonly why: string;
  /** Its ending chooses the language; `handler.ts` and the like. */
  readonly file?: string;
  readonly code: string;
}

/** Code that a rule must report: one entry a finding, `line: text that the message contains`. */
export interface Invalid extends Valid {
  readonly finds: readonly string[];
  readonly severity?: Finding['severity'];
  /** The text after the first fix of the first finding. */
  readonly fixed?: string;
}

/** A table test of one rule. Every fix offered is applied: the result must parse and the finding must be gone. */
export function ruleTests(rule: string, table: { valid: readonly Valid[]; invalid: readonly Invalid[] }): void {
  let linter: FaultlineLinter;
  beforeAll(async () => {
    linter = await createLinter();
  });
  const run = (each: Valid): Finding[] => linter.lintText(each.code, { file: each.file ?? 'handler.mjs' });
  const own = (each: Valid): Finding[] => run(each).filter((finding) => finding.rule === rule);
  const broken = (found: readonly Finding[]): Finding[] =>
    found.filter((finding) => /^(syntax|internal)-error$/.test(finding.rule));

  describe(`${rule}: silent`, () => {
    test.each(table.valid.map((each) => [named(each), each] as const))('%s', (_, each) => {
      expect(broken(run(each))).toEqual([]);
      expect(own(each).map(shown)).toEqual([]);
    });
  });

  describe(`${rule}: reports`, () => {
    test.each(table.invalid.map((each) => [named(each), each] as const))('%s', (_, each) => {
      expect(broken(run(each))).toEqual([]);
      const found = own(each);
      expect(found.map(shown)).toEqual(each.finds.map((text) => expect.stringContaining(text.replace(/^\d+: /, ''))));
      expect(found.map((finding) => `${String(finding.range.start.line)}:`)).toEqual(
        each.finds.map((text) => text.split(' ')[0]),
      );
      if (each.severity !== undefined)
        expect(new Set(found.map((one) => one.severity))).toEqual(new Set([each.severity]));
      checkFixes(each, found);
    });
  });

  function checkFixes(each: Invalid, found: readonly Finding[]): void {
    const first = found[0]?.fixes?.[0];
    if (each.fixed !== undefined) expect(first && applyEdits(each.code, first.edits)).toBe(each.fixed);
    for (const fix of found.flatMap((finding) => finding.fixes ?? [])) {
      const after = { ...each, code: applyEdits(each.code, fix.edits) };
      expect(broken(run(after)), `"${fix.title}" must leave code that parses:\n${after.code}`).toEqual([]);
      expect(own(after).length, `"${fix.title}" must mend its finding:\n${after.code}`).toBe(found.length - 1);
    }
  }
}

function named(each: Valid): string {
  return `${each.file ?? 'handler.mjs'}: ${each.why}`;
}

function shown(finding: Finding): string {
  return finding.message;
}
