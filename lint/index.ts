import type { Finding, Language, RuleMeta } from '../emulator/contract/findings.js';
import { applyDirectives, directiveRules } from './directive-rules.js';
import { noSurroundings } from './deployment.js';
import type { Surroundings } from './deployment.js';
import type { Engine } from './engines/engine.js';
import type { PythonWasm } from './engines/wasm.js';
import { withFingerprints } from './findings.js';
import { installedIn } from './installed.js';
import { extensionOf, languageOf } from './language.js';
import { noFiles } from './project.js';
import type { ProjectFiles } from './project.js';
import { proofOf } from './proof/index.js';
import type { Rule } from './rule.js';
import { rules as registry } from './rules/index.js';
import { activeRules, checkSettings, optionsIn, severityOf } from './settings.js';
import type { Preset, RuleSettings } from './settings.js';
import { compareFindings } from './text.js';

export { languageOf } from './language.js';
export { applyEdits, compatibleFixes } from './text.js';
export type { DeployedFunction, HandlerKind, Surroundings } from './deployment.js';
export type { PythonWasm } from './engines/wasm.js';
export type { ProjectFiles } from './project.js';
export { SettingsError } from './settings.js';
export type { Preset, RuleSetting, RuleSettings } from './settings.js';

export interface LinterOptions {
  /** Which rules run and how loud they are; `recommended` by default. */
  readonly preset?: Preset;
  /** Rules by id: switched off, another severity, options. Messages that a rule says quietly get no louder than that. */
  readonly rules?: RuleSettings;
  /** Paths or bytes of the WebAssembly files; by default those of node_modules. */
  readonly pythonWasm?: PythonWasm;
  /** Only these languages are made ready; texts of the others give no findings. By default all. */
  readonly languages?: readonly Language[];
  /** The project's files, for imports to be followed; by default each file is looked at alone. */
  readonly files?: ProjectFiles;
  /**
   * What the project tells of a file: the functions whose handlers it has, and versions of packages. By default the versions
   * that `files` show.
   */
  readonly surroundings?: (file: string) => Surroundings;
}

export interface FaultlineLinter {
  /** The language of a file by its name; undefined when it is not linted. */
  languageOf(file: string): Language | undefined;
  /**
   * Lints one text. Synchronous and deterministic: findings come by place. A text that does not parse gives one
   * `syntax-error`; a defect of ours gives one `internal-error`; it never throws.
   */
  lintText(text: string, options: { file: string; language?: Language }): Finding[];
  /** The project's files that the findings of `file` depend on besides itself, as of the last time it was linted. */
  dependencies(file: string): readonly string[];
  /** A file has changed or is gone: what imports it is judged anew the next time. */
  forget(file: string): void;
}

const rules = Object.values<Rule>(registry);
const all: readonly Rule[] = [...rules, ...directiveRules];

/** What every rule is, those about comments included. */
export const ruleMetas: readonly RuleMeta[] = all.map((each) => each.meta);

/** @throws SettingsError for a rule or an option that does not exist */
export function assertSettings(settings: RuleSettings): void {
  checkSettings(all, settings);
}

/**
 * Makes a linter. The engines (TypeScript's parser, tree-sitter's WebAssembly) are loaded here, once, and only for
 * the languages asked for, so that importing this module costs nothing.
 *
 * @throws SettingsError for a rule or an option that does not exist
 */
export async function createLinter(options: LinterOptions = {}): Promise<FaultlineLinter> {
  const settings = options.rules ?? {};
  const preset = options.preset ?? 'recommended';
  const active = activeRules(all, settings, preset);
  const wanted = options.languages ?? ['javascript', 'typescript', 'python'];
  const files = options.files ?? noFiles;
  const [javascript, python] = await Promise.all([
    wanted.some((each) => each !== 'python') ? javascriptEngine(active, files) : undefined,
    wanted.includes('python') ? pythonEngine(active, files, options.pythonWasm) : undefined,
  ]);
  const engineOf = (language: Language | undefined): Engine | undefined =>
    language === 'python' ? python : javascript;
  const known = rules.map((each) => each.meta.id);
  const running = active.map((each) => each.meta.id).filter((id) => known.includes(id));
  const severity = severityOf(all, settings, preset);
  const chosen = optionsIn(settings);
  return {
    languageOf,
    lintText(text, { file, language = languageOf(file) }) {
      const engine = engineOf(language);
      if (language === undefined || engine === undefined) return [];
      const around = options.surroundings?.(file) ?? { ...noSurroundings, installed: installedIn(files, file) };
      const request = { text, file, extension: extensionOf(file, language), around, options: chosen };
      const { findings, comments, failed } = engine.lint(request);
      const ran = running.filter((id) => !failed.includes(id));
      const judged = { file, text, comments, ran, failed: failed.length > 0, known, active };
      const left = applyDirectives(findings, judged).map((each): Finding => ({ ...each, severity: severity(each) }));
      const lines = text.split(/\r\n|\n|\r/);
      return withFingerprints(left.sort(compareFindings), text).map((each) => withProof(each, around, lines));
    },
    dependencies: (file) => engineOf(languageOf(file))?.dependencies(file) ?? [],
    forget: (file) => engineOf(languageOf(file))?.forget(file),
  };
}

function withProof(finding: Finding, { functions }: Surroundings, lines: readonly string[]): Finding {
  const proof = proofOf(finding, functions, lines.slice(0, finding.range.start.line));
  return proof === undefined ? finding : { ...finding, proof };
}

async function javascriptEngine(rules: readonly Rule[], files: ProjectFiles): Promise<Engine> {
  const { createJavaScriptEngine } = await import('./engines/javascript.js');
  return createJavaScriptEngine(rules, files);
}

async function pythonEngine(
  rules: readonly Rule[],
  files: ProjectFiles,
  wasm: PythonWasm | undefined,
): Promise<Engine> {
  const [{ createPythonEngine }, { installedWasm }] = await Promise.all([
    import('./engines/python.js'),
    import('./engines/wasm.js'),
  ]);
  return createPythonEngine(rules, files, wasm ?? installedWasm());
}
