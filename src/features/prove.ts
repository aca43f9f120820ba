import * as vscode from 'vscode';
import type { Finding } from '../../emulator/contract/findings.js';
import type { ProofResult } from '../../emulator/contract/proof.js';
import { commands } from '../contributions.js';
import { LANGUAGES, rangeOf, SOURCE, type Linting } from '../diagnostics.js';
import { errorText, type CommandHandlers, type Feature, type Services } from '../services.js';
import type { Running } from '../session.js';
import { t } from '../text.js';
import { invocationUri, keepInvocation } from './invocations.js';
import { ensureRunning } from './lifecycle.js';

/** 'Prove it' on a finding: runs its experiment in the emulator, and marks the finding with what happened. */

const { QuickFix } = vscode.CodeActionKind;

/** Why it is not offered, where it is not. */
function objection({ session }: Services, { proof }: Finding): string | undefined {
  if (!vscode.workspace.isTrusted)
    return t('Proving a finding runs code of this workspace, so it is offered in trusted workspaces only.');
  // Which functions there are is known once the emulator runs.
  if (session.running === undefined || proof?.unprovable === undefined) return undefined;
  return t('It cannot be proved: {0}.', proof.unprovable);
}

class ProveActions implements vscode.CodeActionProvider {
  constructor(
    private readonly services: Services,
    private readonly linting: () => Linting,
  ) {}

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const findings = this.linting().findings(document);
    return diagnostics.flatMap((diagnostic) => {
      if (diagnostic.source !== SOURCE) return [];
      const code = typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code;
      const finding = findings.find((one) => one.rule === code && rangeOf(one).isEqual(diagnostic.range));
      if (finding?.proof === undefined || finding.fingerprint === undefined) return [];
      return [this.#prove(document, finding, diagnostic), ...this.#show(document, finding, diagnostic)];
    });
  }

  #prove(document: vscode.TextDocument, finding: Finding, diagnostic: vscode.Diagnostic): vscode.CodeAction {
    const title = t('Prove it: run the experiment of {0}', finding.rule);
    const action = new vscode.CodeAction(title, QuickFix);
    action.diagnostics = [diagnostic];
    const reason = objection(this.services, finding);
    if (reason !== undefined) action.disabled = { reason };
    else action.command = { title, command: commands.prove, arguments: [document.uri, finding.fingerprint] };
    return action;
  }

  #show(document: vscode.TextDocument, finding: Finding, diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
    const record = this.linting().proved(document, finding)?.record;
    if (record === undefined) return [];
    const title = t('Show the invocation of its experiment');
    const action = new vscode.CodeAction(title, QuickFix);
    action.diagnostics = [diagnostic];
    action.command = { title, command: 'vscode.open', arguments: [invocationUri(record), vscode.ViewColumn.Beside] };
    return [action];
  }
}

/** The emulator runs what is on the disk. @returns whether that is what is shown */
async function saved(document: vscode.TextDocument): Promise<boolean> {
  if (!document.isDirty) return true;
  const save = t('Save and Prove');
  const text = t('The emulator runs what is saved; this file has changes that are not.');
  return (await vscode.window.showWarningMessage(text, save)) === save && document.save();
}

async function prove(services: Services, linting: Linting, target: unknown, fingerprint: unknown): Promise<void> {
  if (!(target instanceof vscode.Uri) || typeof fingerprint !== 'string') return;
  const document = await vscode.workspace.openTextDocument(target);
  if (!(await saved(document))) return;
  const running = await ensureRunning(services);
  if (running === undefined) return;
  // Its functions are known now, and with them the experiment.
  await linting.lint(document);
  const { version } = document;
  const finding = linting.findings(document).find((one) => one.fingerprint === fingerprint);
  if (finding?.proof === undefined) return void vscode.window.showInformationMessage(t('This finding is gone.'));
  if (finding.proof.function === undefined) {
    const text = t('It cannot be proved: {0}.', finding.proof.unprovable ?? '');
    return void vscode.window.showInformationMessage(text);
  }
  const result = await run(running, finding.rule, finding.proof.function, finding.proof.attempts);
  if (result === undefined) return;
  if (result.record) keepInvocation(result.record);
  linting.mark(document, version, fingerprint, result);
  tell(result);
}

type Attempts = NonNullable<Finding['proof']>['attempts'];

/** @returns undefined once it was cancelled */
async function run(
  { client }: Running,
  rule: string,
  name: string,
  attempts: Attempts,
): Promise<ProofResult | undefined> {
  const title = t('Proving {0} on {1}', rule, name);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (_progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    try {
      return await client.prove({ attempts }, abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) void vscode.window.showErrorMessage(errorText(error));
      return undefined;
    }
  });
}

function tell({ verdict, text }: ProofResult): void {
  const icon = { confirmed: '$(error)', refuted: '$(pass)', inconclusive: '$(question)' }[verdict];
  vscode.window.setStatusBarMessage(`${icon} ${text}`, 8_000);
}

export const proving = (linting: () => Linting): Feature => ({
  register(services) {
    const provider = new ProveActions(services, linting);
    const metadata = { providedCodeActionKinds: [QuickFix] };
    services.own(vscode.languages.registerCodeActionsProvider([...LANGUAGES], provider, metadata));
  },
});

export function proveCommands(services: Services, linting: () => Linting): Pick<CommandHandlers, 'prove'> {
  return { prove: (target, fingerprint) => prove(services, linting(), target, fingerprint) };
}
