import * as path from 'node:path';
import * as vscode from 'vscode';
import { commands, settings } from '../contributions.js';
import { faultsOn } from '../faults.js';
import { handlersIn, locateHandler, scanConfig } from '../locate.js';
import { setting, type Feature, type Services } from '../services.js';
import { t } from '../text.js';

/** `Invoke | Debug | Invoke with… | Faults (n on)` above every handler of the config, also while nothing runs. */

const selector = ['javascript', 'typescript', 'javascriptreact', 'typescriptreact', 'python'].map((language) => ({
  language,
  scheme: 'file',
}));

interface Found {
  readonly function: string;
  readonly export: string;
}

/** From the emulator when it runs, since it knows which file it took; else from the config's text. */
async function handlersOf({ session, configs }: Services, file: string): Promise<Found[]> {
  if (session.snapshot)
    return session.snapshot.functions
      .filter((one) => path.relative(one.file, file) === '')
      .map((one) => ({ function: one.name, export: one.export }));
  const config = await configs.current();
  if (config === undefined) return [];
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(config));
  const relative = path.relative(path.dirname(config.fsPath), file).split(path.sep).join('/');
  return handlersIn(scanConfig(text), relative);
}

class HandlerLenses implements vscode.CodeLensProvider {
  readonly #services: Services;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  #drawn = '';

  constructor(services: Services) {
    this.#services = services;
    const again = (): void => this.#changed.fire();
    services.own(
      this.#changed,
      services.configs.onDidChange(again),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(settings['codeLens.enable'])) again();
      }),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (uri.toString() === services.configs.known?.toString()) again();
      }),
      { dispose: services.session.on('state', again) },
      { dispose: services.session.on('snapshot', () => this.#onSnapshot()) },
    );
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!setting('codeLens.enable')) return [];
    const lines = document.getText().split(/\r?\n/);
    const handlers = await handlersOf(this.#services, document.fileName);
    return handlers.flatMap((handler) => {
      const line = locateHandler(lines, handler.export, document.languageId === 'python');
      return line === undefined ? [] : this.#lenses(handler.function, new vscode.Range(line, 0, line, 0), handlers);
    });
  }

  #lenses(name: string, range: vscode.Range, all: readonly Found[]): vscode.CodeLens[] {
    const on = faultsOn(this.#services.session.snapshot?.faults ?? [], name).length;
    // One handler may serve several functions: then the lens tells which one it means.
    const which = all.length > 1 ? ` (${name})` : '';
    const lens = (title: string, command: string, tooltip: string): vscode.CodeLens =>
      new vscode.CodeLens(range, { title, command, tooltip, arguments: [name] });
    return [
      lens(`$(play) ${t('Invoke')}${which}`, commands.invoke, t('Invoke {0} with its last event', name)),
      lens(`$(debug-alt) ${t('Debug')}`, commands.debug, t('Invoke {0} under the debugger', name)),
      lens(t('Invoke with…'), commands.invokeWith, t('Choose the event for {0}', name)),
      lens(
        on > 0 ? `$(zap) ${t('Faults ({0} on)', on)}` : t('Faults'),
        commands.functionFaults,
        t('Add and switch faults of {0}', name),
      ),
    ];
  }

  /** Four times a second there are new figures; a lens shows only which faults are on where. */
  #onSnapshot(): void {
    const snapshot = this.#services.session.snapshot;
    const faults = (snapshot?.faults ?? []).map(({ id, enabled }) => [id, enabled]);
    const drawn = JSON.stringify([faults, snapshot?.functions.map((one) => [one.name, one.file, one.export])]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#changed.fire();
  }
}

export const codeLens: Feature = {
  register(services) {
    services.own(vscode.languages.registerCodeLensProvider(selector, new HandlerLenses(services)));
  },
};
