import type { Finding, Language, Severity } from '../emulator/contract/findings.js';
import type { Engine } from './engines/engine.js';
import type { PythonWasm } from './engines/wasm.js';
import { extensionOf, languageOf } from './language.js';
import type { Rule } from './rule.js';
import { rules as registry } from './rules/index.js';
import { compareFindings } from './text.js';

export { languageOf } from './language.js';
export { applyEdits, compatibleFixes } from './text.js';
export type { PythonWasm } from './engines/wasm.js';

export interface LinterOptions {
  /** Rules by id: switched off, or another severity. Messages that a rule says quietly never get louder than that. */
  readonly rules?: Readonly<Record<string, 'off' | Severity>>;
  /** Paths or bytes of the WebAssembly files; by default those of node_modules. */
  readonly pythonWasm?: PythonWasm;
  /** Only these languages are made ready; texts of the others give no findings. By default all. */
  readonly languages?: readonly Language[];
  /** The timeout, in seconds, of the function whose handler is in `file`; lets fixes write a bound that fits. */
  readonly functionTimeout?: (file: string) => number | undefined;
}

export interface FaultlineLinter {
  /** The language of a file by its name; undefined when it is not linted. */
  languageOf(file: string): Language | undefined;
  /**
   * Lints one text. Synchronous and deterministic: findings come by place. A text that does not parse gives one
   * `syntax-error`; a defect of ours gives one `internal-error`; it never throws.
   */
  lintText(text: string, options: { file: string; language?: Language }): Finding[];
}

const loudness: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/**
 * Makes a linter. The engines (TypeScript's parser, tree-sitter's WebAssembly) are loaded here, once, and only for
 * the languages asked for, so that importing this module costs nothing.
 */
export async function createLinter(options: LinterOptions = {}): Promise<FaultlineLinter> {
  const active = activeRules(options.rules ?? {});
  const wanted = options.languages ?? ['javascript', 'typescript', 'python'];
  const [javascript, python] = await Promise.all([
    wanted.some((each) => each !== 'python') ? javascriptEngine(active) : undefined,
    wanted.includes('python') ? pythonEngine(active, options.pythonWasm) : undefined,
  ]);
  return {
    languageOf,
    lintText(text, { file, language = languageOf(file) }) {
      const engine = language === 'python' ? python : javascript;
      if (language === undefined || engine === undefined) return [];
      const findings = engine.lint({
        text,
        file,
        extension: extensionOf(file, language),
        functionTimeout: options.functionTimeout?.(file),
      });
      return findings.map((each) => withSeverity(each, options.rules)).sort(compareFindings);
    },
  };
}

function activeRules(settings: NonNullable<LinterOptions['rules']>): Rule[] {
  return Object.values<Rule>(registry).filter((rule) => settings[rule.meta.id] !== 'off');
}

function withSeverity(finding: Finding, settings: LinterOptions['rules']): Finding {
  const wanted = settings?.[finding.rule];
  const rule: Rule | undefined = Object.values<Rule>(registry).find((each) => each.meta.id === finding.rule);
  if (wanted === undefined || wanted === 'off' || rule === undefined) return finding;
  const quiet = loudness[finding.severity] < loudness[rule.meta.severity];
  return { ...finding, severity: quiet && loudness[wanted] > loudness[finding.severity] ? finding.severity : wanted };
}

async function javascriptEngine(rules: readonly Rule[]): Promise<Engine> {
  const { createJavaScriptEngine } = await import('./engines/javascript.js');
  return createJavaScriptEngine(rules);
}

async function pythonEngine(rules: readonly Rule[], wasm: PythonWasm | undefined): Promise<Engine> {
  const [{ createPythonEngine }, { installedWasm }] = await Promise.all([
    import('./engines/python.js'),
    import('./engines/wasm.js'),
  ]);
  return createPythonEngine(rules, wasm ?? installedWasm());
}
