import type { Finding } from '../../emulator/contract/findings.js';

/** One text to lint. */
export interface LintRequest {
  readonly text: string;
  /** The name the findings carry. */
  readonly file: string;
  /** Tells the parser what to expect: `ts`, `tsx`, `js`, `py` … */
  readonly extension: string;
  /** Seconds, where the configuration tells. */
  readonly functionTimeout: number | undefined;
}

/** Lints texts of one language family. Never throws: a defect of ours becomes a finding. */
export interface Engine {
  lint(request: LintRequest): Finding[];
}
