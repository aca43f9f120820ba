import { LineCounter, parseDocument } from 'yaml';
import { lintSchema, type LintConfig } from '../contract/config.js';
import { FaultlineError } from '../contract/errors.js';
import { placeIssues } from '../yaml-issues.js';
import { invalid, knownKeys, readSource, syntaxIssues } from './index.js';

/** The `lint:` section of a configuration, by itself: a workspace that only lints has no functions. */

export interface LintSection {
  /** Absolute path of the configuration. */
  readonly file: string;
  readonly settings: LintConfig;
  /**
   * An error about a key of the section.
   * @param at the key below `lint:`
   */
  complaint(at: readonly PropertyKey[], message: string, hint?: string): FaultlineError;
}

/**
 * @param root folder that holds faultline.yaml
 * @returns undefined where there is no such file, or no such section in it
 * @throws FaultlineError CONFIG_INVALID for a section that is not valid, and for a file that is no YAML
 */
export async function loadLintSection(root: string): Promise<LintSection | undefined> {
  const { file, text } = await readSource(root);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  if (document.errors.length > 0) throw invalid(file, syntaxIssues(document, file));
  const content: unknown = document.toJS();
  if (typeof content !== 'object' || content === null || !('lint' in content)) return undefined;
  const place = (issues: Parameters<typeof placeIssues>[0]): ReturnType<typeof placeIssues> =>
    placeIssues(
      issues.map((each) => ({ ...each, path: ['lint', ...each.path] })),
      document,
      lines,
      file,
      knownKeys,
    );
  const parsed = lintSchema.safeParse(content.lint ?? {});
  if (!parsed.success) throw invalid(file, place(parsed.error.issues));
  return {
    file,
    settings: parsed.data,
    complaint: (at, message, hint) =>
      invalid(file, place([{ code: 'custom', path: [...at], message, input: undefined }]), hint),
  };
}
