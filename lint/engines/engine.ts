import type { Finding } from '../../emulator/contract/findings.js';
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

/** Lints texts of one language family. Never throws: a defect of ours becomes a finding. */
export interface Engine {
  lint(request: LintRequest): Finding[];
  /** The project's files that the findings of `file` depend on besides itself. */
  dependencies(file: string): readonly string[];
  /** What was read of a file is not true any more. */
  forget(file: string): void;
}
