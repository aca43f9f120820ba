import * as vscode from 'vscode';
import { commands, type CommandName } from '../contributions.js';
import type { CommandHandlers, Feature, Services } from '../services.js';
import type { Session } from '../session.js';
import { t } from '../text.js';

/** One item: whether the emulator runs, how many functions there are, how many faults are on. */

interface Look {
  readonly text: string;
  readonly tooltip: string;
  readonly background?: 'error' | 'warning';
}

export function look({ state, snapshot }: Pick<Session, 'state' | 'snapshot'>): Look {
  switch (state.status) {
    case 'stopped':
      return { text: '$(circle-outline) Faultline', tooltip: t('Faultline: the emulator is stopped') };
    case 'starting':
      return { text: '$(loading~spin) Faultline', tooltip: t('Faultline: the emulator is starting') };
    case 'stopping':
      return { text: '$(loading~spin) Faultline', tooltip: t('Faultline: the emulator is stopping') };
    case 'failed':
      return { text: '$(error) Faultline', tooltip: state.failure.message, background: 'error' };
    case 'running': {
      const count = snapshot?.functions.length ?? 0;
      const on = (snapshot?.faults ?? []).filter(({ enabled }) => enabled).length;
      const functions = count === 1 ? t('1 function') : t('{0} functions', count);
      const faults = on === 1 ? t('1 fault on') : t('{0} faults on', on);
      return {
        text: `$(server-process) ${functions}${on > 0 ? ` $(zap) ${on}` : ''}`,
        tooltip: [t('Faultline: the emulator runs at {0}', state.ready.gateway), functions, faults].join('\n'),
        ...(on > 0 ? { background: 'warning' } : {}),
      };
    }
  }
}

function draw(item: vscode.StatusBarItem, { session, configs }: Services): void {
  const { text, tooltip, background } = look(session);
  if (item.text !== text) item.text = text;
  if (item.tooltip !== tooltip) item.tooltip = tooltip;
  item.backgroundColor = background && new vscode.ThemeColor(`statusBarItem.${background}Background`);
  // Where there is nothing to run the bar stays free.
  if (configs.known === undefined && session.state.status === 'stopped') item.hide();
  else item.show();
}

export const statusBar: Feature = {
  register(services) {
    const item = vscode.window.createStatusBarItem('faultline', vscode.StatusBarAlignment.Left, 10);
    item.name = 'Faultline';
    item.command = commands.showActions;
    const again = (): void => draw(item, services);
    services.own(
      item,
      services.configs.onDidChange(again),
      { dispose: services.session.on('state', again) },
      { dispose: services.session.on('snapshot', again) },
    );
    again();
  },
};

type Action = vscode.QuickPickItem & { readonly command: CommandName };

function actions({ session }: Services): Action[] {
  const action = (command: CommandName, icon: string, label: string): Action => ({
    label: `$(${icon}) ${label}`,
    command,
  });
  const always = [
    action('showLog', 'output', t('Show Log')),
    action('openSettings', 'settings-gear', t('Open Settings')),
  ];
  if (session.state.status === 'failed' || session.state.status === 'stopped')
    return [
      action('start', 'debug-start', session.state.status === 'failed' ? t('Start Again') : t('Start Emulator')),
      action('openConfig', 'go-to-file', t('Open Configuration')),
      ...always,
    ];
  if (session.state.status !== 'running') return [action('stop', 'debug-stop', t('Stop Emulator')), ...always];
  const faults = session.snapshot?.faults ?? [];
  return [
    action('invoke', 'play', t('Invoke…')),
    action('addFault', 'zap', t('Add Fault…')),
    ...(faults.length > 0 ? [action('clearFaults', 'clear-all', t('Clear All Faults'))] : []),
    action('openMetrics', 'graph-line', t('Open Metrics')),
    action('openDashboard', 'browser', t('Open Dashboard in Browser')),
    action('showHandlerLog', 'list-flat', t('Show Handler Output')),
    action('restart', 'debug-restart', t('Restart Emulator')),
    action('stop', 'debug-stop', t('Stop Emulator')),
    ...always,
  ];
}

export function statusBarCommands(services: Services): Pick<CommandHandlers, 'showActions'> {
  return {
    showActions: async () => {
      const gateway = services.session.running?.ready.gateway;
      const title = gateway === undefined ? 'Faultline' : t('Faultline at {0}', gateway);
      const picked = await vscode.window.showQuickPick(actions(services), { title });
      if (picked) await vscode.commands.executeCommand(commands[picked.command]);
    },
  };
}
