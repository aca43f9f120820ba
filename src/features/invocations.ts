import * as vscode from 'vscode';
import { invocationScheme } from '../contributions.js';
import { invocationText } from '../invocation-text.js';
import { errorText, type CommandHandlers, type Feature, type Services } from '../services.js';
import { t } from '../text.js';
import { TreeElement } from '../tree/model.js';
import type { InvocationDetail, InvocationRecord } from '../../emulator/contract/records.js';

/** Read-only documents that show one invocation each. */

/** So many stay readable after the emulator is gone. */
const KEPT = 50;
const kept = new Map<string, string>();

function keep(uri: vscode.Uri, text: string): string {
  kept.set(uri.toString(), text);
  const oldest = kept.size > KEPT ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
  return text;
}

/** Where the document of an invocation is. */
export const invocationUri = (record: Pick<InvocationRecord, 'function' | 'number' | 'requestId'>): vscode.Uri =>
  vscode.Uri.from({
    scheme: invocationScheme,
    path: `/${record.function} #${record.number}.md`,
    query: record.requestId,
  });

async function read({ session }: Services, uri: vscode.Uri): Promise<string> {
  const known = kept.get(uri.toString());
  if (known !== undefined) return known;
  const client = session.running?.client;
  if (client === undefined) return t('This invocation belonged to an emulator that has ended.');
  try {
    return keep(uri, invocationText(await client.invocation(uri.query)));
  } catch (error) {
    return errorText(error);
  }
}

/** Its document can be opened from now on, whatever becomes of the emulator. */
export function keepInvocation(record: InvocationDetail): vscode.Uri {
  const uri = invocationUri(record);
  keep(uri, invocationText(record));
  return uri;
}

/** Where such a document is open already, so that a second one does not split the editor again. */
function columnOfOthers(): vscode.ViewColumn | undefined {
  return vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === invocationScheme)?.viewColumn;
}

/** @param beside next to what is being edited, without taking the focus from it */
export async function showInvocation(record: InvocationDetail, beside: boolean): Promise<void> {
  const uri = keepInvocation(record);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, {
    preview: true,
    preserveFocus: beside,
    viewColumn: columnOfOthers() ?? (beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active),
  });
}

export const invocations: Feature = {
  register(services) {
    services.own(
      vscode.workspace.registerTextDocumentContentProvider(invocationScheme, {
        provideTextDocumentContent: (uri) => read(services, uri),
      }),
    );
  },
};

export function invocationCommands({ session }: Services): Pick<CommandHandlers, 'showInvocation'> {
  return {
    showInvocation: async (target) => {
      const fromTree =
        target instanceof TreeElement && target.node.kind === 'invocation' ? target.node.value.record : undefined;
      const id = typeof target === 'string' ? target : fromTree?.requestId;
      const client = session.running?.client;
      if (id === undefined || client === undefined) return;
      await showInvocation(await client.invocation(id), false);
    },
  };
}
