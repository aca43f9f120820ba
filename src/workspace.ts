import * as vscode from 'vscode';
import type { CONFIG_FILES } from '../emulator/contract/config.js';
import { setContext } from './services.js';
import { t } from './text.js';

/** Where the config is. Nothing is read before a view, a lens or a command asks. */

// The names again, as the schema's module brings the whole validator with it.
const NAMES = ['faultline.yaml', 'faultline.yml'] as const satisfies typeof CONFIG_FILES;
const GLOB = '**/faultline.{yaml,yml}';
const NOT_OURS = '**/{node_modules,dist,.faultline,.venv,venv}/**';
const CHOSEN = 'config';

/** Code runs from folders on disk only; in a virtual workspace nothing can be started. */
const localFolders = (): vscode.WorkspaceFolder[] =>
  (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

async function search(): Promise<vscode.Uri[]> {
  const atTop: vscode.Uri[] = [];
  for (const folder of localFolders())
    for (const name of NAMES) {
      const uri = vscode.Uri.joinPath(folder.uri, name);
      if (await exists(uri)) atTop.push(uri);
    }
  if (atTop.length > 0) return atTop;
  const below = await vscode.workspace.findFiles(GLOB, NOT_OURS, 20);
  return below.filter(({ scheme }) => scheme === 'file').sort((a, b) => a.path.length - b.path.length);
}

export class ConfigFinder {
  readonly #state: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<vscode.Uri | undefined>();
  readonly onDidChange = this.#changed.event;
  #found: Promise<readonly vscode.Uri[]> | undefined;
  #current: vscode.Uri | undefined;

  constructor(state: vscode.Memento) {
    this.#state = state;
    setContext('config', 'unknown');
  }

  /** The config in use, as far as it is known by now. */
  get known(): vscode.Uri | undefined {
    return this.#current;
  }

  /** Watches from now on; separate from the constructor, so that a test of nothing watches nothing. */
  watch(): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(GLOB, false, true, false);
    const again = (): void => void this.refresh();
    return vscode.Disposable.from(
      watcher,
      watcher.onDidCreate(again),
      watcher.onDidDelete(again),
      vscode.workspace.onDidChangeWorkspaceFolders(again),
      this.#changed,
    );
  }

  async refresh(): Promise<void> {
    // Before anybody asked there is nothing to bring up to date.
    if (this.#found === undefined) return;
    this.#found = undefined;
    await this.current();
  }

  /** The config in use: the one picked before, else the first. */
  async current(): Promise<vscode.Uri | undefined> {
    this.#found ??= search();
    const found = await this.#found;
    const chosen = this.#state.get<string>(CHOSEN);
    const current = found.find((uri) => uri.toString() === chosen) ?? found[0];
    const changed = current?.toString() !== this.#current?.toString();
    this.#current = current;
    setContext('config', current === undefined ? 'none' : 'found');
    if (changed) this.#changed.fire(current);
    return current;
  }

  /** The folder to start, asking when several could be meant and none was picked before. */
  async pickRoot(): Promise<string | undefined> {
    const current = await this.current();
    const found = await (this.#found ?? search());
    if (current === undefined) return undefined;
    const chosen = this.#state.get<string>(CHOSEN);
    const atTop = vscode.workspace.getWorkspaceFolder(current)?.uri.path === vscode.Uri.joinPath(current, '..').path;
    if (found.length < 2 || atTop || current.toString() === chosen) return vscode.Uri.joinPath(current, '..').fsPath;
    const items = found.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
    const picked = await vscode.window.showQuickPick(items, { title: t('Which configuration?') });
    if (picked === undefined) return undefined;
    await this.#state.update(CHOSEN, picked.uri.toString());
    await this.current();
    return vscode.Uri.joinPath(picked.uri, '..').fsPath;
  }
}

/** The folder that a new config belongs into, asking in a workspace of several. */
export async function pickFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = localFolders();
  if (folders.length < 2) return folders[0];
  const items = folders.map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder }));
  return (await vscode.window.showQuickPick(items, { title: t('In which folder?') }))?.folder;
}
