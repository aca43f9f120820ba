import * as vscode from 'vscode';
import type { ViewRequest } from '../../emulator/contract/webview.js';
import { commands, panels } from '../contributions.js';
import { errorText, type CommandHandlers, type Feature, type Services } from '../services.js';
import { functionNameOf } from '../targets.js';
import { t } from '../text.js';
import { webviewHtml } from './html.js';
import { Relay } from './relay.js';

/** The metrics panel: one at most, restored with the window. */

let open: { readonly panel: vscode.WebviewPanel; show(functionName: string | undefined): void } | undefined;

function connect(services: Services, panel: vscode.WebviewPanel, first: string | undefined): void {
  const { webview } = panel;
  const relay = new Relay(
    {
      get visible() {
        return panel.visible;
      },
      post: (notice) => void webview.postMessage(notice),
    },
    {
      session: services.session,
      catalog: () => services.catalog(),
      start: () => vscode.commands.executeCommand(commands.start),
      invoke: (name) => vscode.commands.executeCommand(commands.invoke, name),
      errorText,
    },
  );
  let wanted = first;
  const init = (): void => {
    const texts = bundle();
    void webview.postMessage({ type: 'init', texts, ...(wanted === undefined ? {} : { function: wanted }) });
    wanted = undefined;
  };
  const show = (name: string | undefined): void => {
    wanted = name;
    panel.reveal(undefined, false);
    init();
  };
  open = { panel, show };
  webview.onDidReceiveMessage((request: ViewRequest) => {
    if (request.type === 'ready') init();
    void relay.take(request);
  });
  panel.onDidChangeViewState(() => relay.wake());
  panel.onDidDispose(() => {
    relay.dispose();
    open = undefined;
  });
  webview.html = webviewHtml(webview, services.context.extensionUri, 'metrics', t('Faultline Metrics'));
}

/** English text → the user's language; the webview looks its texts up in it. */
function bundle(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(vscode.l10n.bundle ?? {}).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value]] : [],
    ),
  );
}

const optionsOf = ({ context }: Services): vscode.WebviewOptions => ({
  enableScripts: true,
  localResourceRoots: [vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview')],
});

function openMetrics(services: Services, functionName: string | undefined): void {
  if (open) return open.show(functionName);
  const panel = vscode.window.createWebviewPanel(
    panels.metrics,
    t('Faultline Metrics'),
    vscode.ViewColumn.Active,
    optionsOf(services),
  );
  connect(services, panel, functionName);
}

export const metrics: Feature = {
  register(services) {
    services.own(
      vscode.window.registerWebviewPanelSerializer(panels.metrics, {
        deserializeWebviewPanel: (panel) => {
          panel.webview.options = optionsOf(services);
          connect(services, panel, undefined);
          // The charts live again as soon as an emulator is found.
          void services.configs.current();
          return Promise.resolve();
        },
      }),
    );
  },
};

export function metricsCommands(services: Services): Pick<CommandHandlers, 'openMetrics'> {
  return { openMetrics: (target) => openMetrics(services, functionNameOf(target)) };
}
