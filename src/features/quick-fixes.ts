import * as vscode from 'vscode';
import type { Finding, Fix } from '../../emulator/contract/findings.js';
import { compatibleFixes } from '../../lint/text.js';
import { LANGUAGES, rangeOf, SOURCE, type Linting } from '../diagnostics.js';
import type { Feature, Services } from '../services.js';
import { t } from '../text.js';

/** What mends a finding, what switches it off here, and everything safe at once. */

const { QuickFix, SourceFixAll } = vscode.CodeActionKind;
const FIX_ALL = SourceFixAll.append('faultline');

function editOf(document: vscode.TextDocument, fixes: readonly Fix[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { start, end, text } of fixes.flatMap(({ edits }) => edits))
    edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
  return edit;
}

function fixActions(
  document: vscode.TextDocument,
  finding: Finding,
  diagnostic: vscode.Diagnostic,
): vscode.CodeAction[] {
  return (finding.fixes ?? []).map((fix) => {
    const action = new vscode.CodeAction(fix.title, QuickFix);
    action.diagnostics = [diagnostic];
    action.isPreferred = fix.safe;
    action.edit = editOf(document, [fix]);
    return action;
  });
}

/** No comment helps against these. */
const cannotBeDisabled = /^(?:syntax-error|internal-error|unused-directive|directive-.*)$/;

function disableAction(
  document: vscode.TextDocument,
  finding: Finding,
  diagnostic: vscode.Diagnostic,
): vscode.CodeAction {
  const action = new vscode.CodeAction(t('Disable {0} for this line', finding.rule), QuickFix);
  const line = document.lineAt(finding.range.start.line - 1);
  const indent = line.text.slice(0, line.firstNonWhitespaceCharacterIndex);
  const mark = document.languageId === 'python' ? '#' : '//';
  action.diagnostics = [diagnostic];
  action.edit = new vscode.WorkspaceEdit();
  // Without a reason it would switch nothing off: the author writes theirs in place of the words.
  const comment = `${indent}${mark} faultline-disable-next-line ${finding.rule} -- TODO: why\n`;
  action.edit.insert(document.uri, line.range.start, comment);
  return action;
}

class QuickFixes implements vscode.CodeActionProvider {
  readonly #linting: Linting;

  constructor(linting: Linting) {
    this.#linting = linting;
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const findings = this.#linting.findings(document);
    const here = context.diagnostics.filter(({ source }) => source === SOURCE);
    const single = here.flatMap((diagnostic) => {
      const code = typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code;
      const finding = findings.find((one) => one.rule === code && rangeOf(one).isEqual(diagnostic.range));
      if (finding === undefined) return [];
      const fixes = fixActions(document, finding, diagnostic);
      return cannotBeDisabled.test(finding.rule) ? fixes : [...fixes, disableAction(document, finding, diagnostic)];
    });
    const safe = context.only?.contains(FIX_ALL) ? compatibleFixes(findings) : [];
    if (safe.length === 0) return single;
    const all = new vscode.CodeAction(t('Apply all safe fixes of Faultline'), FIX_ALL);
    all.edit = editOf(document, safe);
    return [...single, all];
  }
}

export const quickFixes = (linting: () => Linting): Feature => ({
  register({ own }: Services) {
    const metadata = { providedCodeActionKinds: [QuickFix, FIX_ALL] };
    own(vscode.languages.registerCodeActionsProvider([...LANGUAGES], new QuickFixes(linting()), metadata));
  },
});
