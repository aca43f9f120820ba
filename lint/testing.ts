import { beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../emulator/contract/findings.js';
import { noSurroundings } from './deployment.js';
import { applyEdits, createLinter, languageOf } from './index.js';
import type { DeployedFunction, FaultlineLinter, Surroundings } from './index.js';
import type { RuleOptions } from './rule.js';

/** Code that a rule must stay silent about; `why` is the reason, and the test's name. */
export interface Valid {
  readonly why: string;
  /** Its ending chooses the language; `handler.ts` and the like. */
  readonly file?: string;
  readonly code: string;
  /** Other files of the project, by their path beside the one that is linted: `lib/db.mjs`. */
  readonly beside?: Readonly<Record<string, string>>;
  /** The function whose handler is in the file, as the configuration has it. */
  readonly deployed?: Partial<DeployedFunction>;
  /** What the project has installed: `{ redis: '8.0.0' }`. */
  readonly installed?: Readonly<Record<string, string>>;
  readonly options?: RuleOptions;
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
  const linters = new Map<string, FaultlineLinter>();
  // Reading JavaScript takes its time to load; a table of Python needs none of it.
  const languages = new Set([...table.valid, ...table.invalid].map(({ file }) => languageOf(file ?? 'handler.mjs')));
  let now: Valid | undefined;
  beforeAll(async () => {
    // Every rule runs, whatever its preset: none may choke on another's code.
    for (const { options } of [...table.valid, ...table.invalid]) {
      const rules = options === undefined ? {} : { [rule]: ['warning', options] as const };
      const key = JSON.stringify(options ?? {});
      linters.set(
        key,
        linters.get(key) ??
          (await createLinter({
            preset: 'strict',
            rules,
            files,
            surroundings,
            languages: [...languages].filter((each) => each !== undefined),
          })),
      );
    }
  });
  const files = {
    read: (path: string) => now?.beside?.[path.replace(/^\/project\//, '')],
    isFile: (path: string) => now?.beside?.[path.replace(/^\/project\//, '')] !== undefined,
  };
  const surroundings = (file: string): Surroundings => ({
    functions: now?.deployed === undefined ? [] : deployedWith(3_000, now.deployed)(file).functions,
    installed: (name) => now?.installed?.[name] ?? noSurroundings.installed(name),
  });
  const run = (each: Valid): Finding[] => {
    now = each;
    const linter = linters.get(JSON.stringify(each.options ?? {}));
    for (const path of Object.keys(each.beside ?? {})) linter?.forget(`/project/${path}`);
    return linter?.lintText(each.code, { file: `/project/${each.file ?? 'handler.mjs'}` }) ?? [];
  };
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

/** Surroundings in which every file is one function with this timeout, in milliseconds. */
export function deployedWith(timeoutMs: number, more: Partial<DeployedFunction> = {}): (file: string) => Surroundings {
  return (file) => ({
    functions: [
      {
        name: 'f',
        file,
        export: 'handler',
        runtime: 'nodejs22.x',
        kinds: [],
        timeoutMs,
        ...more,
      },
    ],
    installed: () => undefined,
  });
}
