import * as vscode from 'vscode';
import { CONFIG_FILES } from '../emulator/contract/config.js';
import type { Finding } from '../emulator/contract/findings.js';
import type { ProofResult } from '../emulator/contract/proof.js';
import { commands, settings } from './contributions.js';
import { deployedFunctions } from './deployed-functions.js';
import { invocationUri } from './features/invocations.js';
import { LintClient } from './lint-client.js';
import { ProofMarks } from './proof-marks.js';
import { setting, type CommandHandlers, type Feature, type Services } from './services.js';
import { t } from './text.js';

/** Lint findings as diagnostics: on opening, while typing and on saving, in every file of the workspace. */

export const SOURCE = 'Faultline';
export const LANGUAGES = ['javascript', 'typescript', 'javascriptreact', 'typescriptreact', 'python'] as const;

const FILES = '**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx,py}';

/** After the last keystroke, in ms. */
const TYPING_MS = 400;

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const satisfies Record<Finding['severity'], vscode.DiagnosticSeverity>;

export function rangeOf({ range }: Finding): vscode.Range {
  const { start, end } = range;
  return new vscode.Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
}

/** The rule's page, shipped with the extension: it opens without a network. */
function ruleLink(rule: string): vscode.Uri {
  return vscode.Uri.parse(`command:${commands.openDocs}?${encodeURIComponent(JSON.stringify([`rules/${rule}`]))}`);
}

function diagnosticOf(finding: Finding, result: ProofResult | undefined): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(rangeOf(finding), finding.message, severities[finding.severity]);
  if (result) addProof(diagnostic, result);
  diagnostic.source = SOURCE;
  diagnostic.code = { value: finding.rule, target: ruleLink(finding.rule) };
  return diagnostic;
}

/** What its experiment showed comes first; the invocation that showed it is a click away. */
function addProof(diagnostic: vscode.Diagnostic, { verdict, text, record }: ProofResult): void {
  const told = {
    confirmed: t('Confirmed: {0}', text),
    refuted: t('Refuted: {0}', text),
    inconclusive: t('Not proved: {0}', text),
  };
  diagnostic.message = `${told[verdict]}\n${diagnostic.message}`;
  if (verdict === 'refuted') diagnostic.severity = vscode.DiagnosticSeverity.Information;
  if (record === undefined) return;
  const place = new vscode.Location(invocationUri(record), new vscode.Position(0, 0));
  const name = t('Invocation {0} of {1}', record.number, record.function);
  diagnostic.relatedInformation = [new vscode.DiagnosticRelatedInformation(place, name)];
}

/** What was found in a document, and in which version of its text. */
export interface Linted {
  readonly version: number;
  readonly findings: readonly Finding[];
}

export class Linting {
  readonly #services: Services;
  readonly #client: LintClient;
  readonly #collection = vscode.languages.createDiagnosticCollection('faultline');
  readonly #linted = new Map<string, Linted>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #marks = new ProofMarks();

  constructor(services: Services) {
    this.#services = services;
    const file = (path: string): string => services.context.asAbsolutePath(path);
    const wasm = {
      runtime: file('dist/lint/web-tree-sitter.wasm'),
      grammar: file('dist/lint/tree-sitter-python.wasm'),
    };
    this.#client = new LintClient(file('dist/lint-worker.cjs'), { wasm }, (message) => services.log.error(message));
  }

  listen(): void {
    const watcher = vscode.workspace.createFileSystemWatcher(FILES);
    const changed = (uri: vscode.Uri): void => this.#client.forget(uri.fsPath, false);
    this.#services.own(
      watcher,
      watcher.onDidChange(changed),
      watcher.onDidCreate(changed),
      watcher.onDidDelete(changed),
      this.#client,
      this.#collection,
      { dispose: () => [...this.#timers.values()].forEach(clearTimeout) },
      vscode.workspace.onDidOpenTextDocument((document) => this.#soon(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#unmark(document);
        this.#soon(document, TYPING_MS);
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        // How files are linted may be another thing now.
        if (CONFIG_FILES.some((name) => document.fileName.endsWith(name))) this.#again();
        else this.#soon(document, 0);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(settings['lint.enable'])) this.#again();
      }),
    );
    this.#again();
  }

  /** Findings that fit the document as it is now. */
  findings(document: vscode.TextDocument): readonly Finding[] {
    const linted = this.#linted.get(document.uri.toString());
    return linted?.version === document.version ? linted.findings : [];
  }

  concerns(document: vscode.TextDocument): boolean {
    if (!LANGUAGES.some((language) => language === document.languageId)) return false;
    // Outside the workspace are libraries, diffs and other people's files.
    if (vscode.workspace.getWorkspaceFolder(document.uri) === undefined) return false;
    return !/\/(?:node_modules|\.venv|site-packages|dist)\//.test(document.uri.path);
  }

  /** @returns how many findings the document has */
  async lint(document: vscode.TextDocument): Promise<number> {
    if (!setting('lint.enable') || !this.concerns(document)) return 0;
    const { version } = document;
    const { findings, importing } = await this.#client.lint({
      text: document.getText(),
      file: document.fileName,
      functions: deployedFunctions(this.#services.session.snapshot, document.fileName),
    });
    for (const other of vscode.workspace.textDocuments) {
      if (importing.includes(other.fileName.replaceAll('\\', '/'))) this.#soon(other, 0);
    }
    if (document.version !== version) return 0;
    // Half-typed code of these languages is underlined by the editor itself; what was found before stays meanwhile.
    if (document.languageId !== 'python' && findings.some(({ rule }) => rule === 'syntax-error')) return 0;
    this.#linted.set(document.uri.toString(), { version, findings });
    this.#show(document);
    return findings.length;
  }

  /** Shows what became of a finding's experiment, unless the code is another one by now. */
  mark(document: vscode.TextDocument, version: number, fingerprint: string, result: ProofResult): void {
    if (document.version !== version) return;
    this.#marks.set(document.uri.toString(), version, fingerprint, result);
    this.#show(document);
  }

  proved(document: vscode.TextDocument, finding: Finding): ProofResult | undefined {
    return this.#marks.of(document.uri.toString(), document.version, finding);
  }

  #show({ uri }: vscode.TextDocument): void {
    const key = uri.toString();
    const linted = this.#linted.get(key);
    if (linted === undefined) return;
    const { version, findings } = linted;
    this.#collection.set(
      uri,
      findings.map((finding) => diagnosticOf(finding, this.#marks.of(key, version, finding))),
    );
  }

  /** Other code may do otherwise. */
  #unmark(document: vscode.TextDocument): void {
    if (this.#marks.clear(document.uri.toString())) this.#show(document);
  }

  #soon(document: vscode.TextDocument, ms: number): void {
    if (!this.concerns(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    const run = (): void => {
      this.#timers.delete(key);
      if (!document.isClosed) void this.lint(document);
    };
    this.#timers.set(key, setTimeout(run, ms));
  }

  #forget({ uri }: vscode.TextDocument): void {
    const key = uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.#linted.delete(key);
    this.#marks.clear(key);
    this.#collection.delete(uri);
    this.#client.forget(uri.fsPath, true);
  }

  #again(): void {
    this.#collection.clear();
    this.#linted.clear();
    if (setting('lint.enable')) for (const document of vscode.workspace.textDocuments) this.#soon(document, 0);
  }
}

const NOT_OURS = '**/{node_modules,dist,.venv,venv,site-packages}/**';

async function lintWorkspace(linting: Linting): Promise<void> {
  const files = await vscode.workspace.findFiles(FILES, NOT_OURS);
  const options = { location: vscode.ProgressLocation.Window, title: t('Linting {0} files', files.length) };
  const count = await vscode.window.withProgress(options, async () => {
    let found = 0;
    for (const uri of files) {
      const document = await vscode.workspace.openTextDocument(uri);
      found += await linting.lint(document);
    }
    return found;
  });
  if (count > 0) await vscode.commands.executeCommand('workbench.actions.view.problems');
  else vscode.window.setStatusBarMessage(`$(pass) ${t('No findings in {0} files', files.length)}`, 8_000);
}

/** @param linting shared with the quick fixes */
export const diagnostics = (linting: () => Linting): Feature => ({ register: () => linting().listen() });

export function lintCommands(linting: () => Linting): Pick<CommandHandlers, 'lintWorkspace'> {
  return { lintWorkspace: () => lintWorkspace(linting()) };
}
