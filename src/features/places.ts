import * as vscode from 'vscode';
import type { ErrorPlace } from '../../emulator/contract/errors.js';
import { locateHandler } from '../locate.js';
import { type CommandHandlers, type Services } from '../services.js';
import { pickFunction } from '../targets.js';
import { t } from '../text.js';
import { TreeElement } from '../tree/model.js';
import { ensureRunning, requireRunning } from './lifecycle.js';

/** Going to where something is: handlers, problems, the config, the dashboard. */

export async function openAt(file: string, line = 0, column = 0): Promise<void> {
  const at = new vscode.Position(line, column);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(at, at) });
}

async function openHandler(services: Services, target: unknown): Promise<void> {
  if (!requireRunning(services)) return;
  const value = await pickFunction(services, target);
  if (value === undefined) return;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(value.file));
  const lines = document.getText().split(/\r?\n/);
  await openAt(value.file, locateHandler(lines, value.export, value.runtime === 'python') ?? 0);
}

function placeOf(target: unknown): ErrorPlace | undefined {
  if (target instanceof TreeElement)
    return target.node.kind === 'problem' ? target.node.value.problem.place : undefined;
  return typeof target === 'object' && target !== null ? target : undefined;
}

async function openConfig({ configs, session }: Services, target: unknown): Promise<void> {
  const config = await configs.current();
  if (config === undefined) return;
  const node = target instanceof TreeElement ? target.node : undefined;
  const line = node?.kind === 'function' ? node.value.line - 1 : 0;
  await openAt(session.snapshot?.configFile ?? config.fsPath, line);
}

async function openDashboard(services: Services): Promise<void> {
  const running = await ensureRunning(services);
  if (running === undefined) return;
  const { control, token } = running.ready;
  // In the fragment the token reaches no server log and no proxy.
  const page = vscode.Uri.parse(`${control}/`).with({ fragment: `token=${token}` });
  await vscode.env.openExternal(await vscode.env.asExternalUri(page));
}

/** A page of the documentation, shipped with the extension: it opens without a network. */
async function openDocs({ context }: Services, page: unknown): Promise<void> {
  const path = typeof page === 'string' && /^[a-z]+(?:[-/][a-z]+)*$/.test(page) ? page : 'getting-started';
  const file = vscode.Uri.joinPath(context.extensionUri, 'docs', `${path}.md`);
  await vscode.commands.executeCommand('markdown.showPreview', file);
}

type Names = 'openHandler' | 'openProblem' | 'openConfig' | 'openDashboard' | 'openDocs' | 'restartFunction';

export function placeCommands(services: Services): Pick<CommandHandlers, Names> {
  return {
    openHandler: (target) => openHandler(services, target),
    openProblem: async (target) => {
      const place = placeOf(target);
      if (place?.file === undefined) services.log.show();
      else await openAt(place.file, (place.line ?? 1) - 1, (place.column ?? 1) - 1);
    },
    openConfig: (target) => openConfig(services, target),
    openDashboard: () => openDashboard(services),
    openDocs: (page) => openDocs(services, page),
    restartFunction: async (target) => {
      const running = requireRunning(services);
      const value = running && (await pickFunction(services, target));
      if (!running || !value) return;
      const { version } = await running.client.restart(value.name);
      vscode.window.setStatusBarMessage(
        `$(debug-restart) ${t('{0} restarted, version {1}', value.name, version)}`,
        5_000,
      );
    },
  };
}
