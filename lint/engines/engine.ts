import type { Finding } from '../../emulator/contract/findings.js';
import type { Comment } from '../directives.js';
import type { Surroundings } from '../deployment.js';
import type { RuleOptions } from '../rule.js';

/** One text to lint. */
export interface LintRequest {
  readonly text: string;
  /** The name the findings carry. */
  readonly file: string;
  /** Tells the parser what to expect: `ts`, `tsx`, `js`, `py` … */
  readonly extension: string;
  readonly around: Surroundings;
  /** What the user chose of each rule's options, by the rule's id. */
  readonly options: Readonly<Record<string, RuleOptions>>;
}

/** What the rules of a language found, before the comments of the text have their say. */
export interface Linted {
  readonly findings: Finding[];
  readonly comments: () => readonly Comment[];
  /** The ids of rules that threw. */
  readonly failed: readonly string[];
}

/** A text that no rule has seen. */
export function notLinted(finding: Finding): Linted {
  return { findings: [finding], comments: () => [], failed: [] };
}

/** Lints texts of one language family. Never throws: a defect of ours becomes a finding. */
export interface Engine {
  lint(request: LintRequest): Linted;
  /** The project's files that the findings of `file` depend on besides itself. */
  dependencies(file: string): readonly string[];
  /** What was read of a file is not true any more. */
  forget(file: string): void;
}
