import * as vscode from 'vscode';
import { commands, views } from '../contributions.js';
import { failureText, type Failure } from '../failure.js';
import type { Running, SessionState } from '../session.js';
import { setContext, setting, type CommandHandlers, type Feature, type Services } from '../services.js';
import { t } from '../text.js';

/** Start, stop, restart; what the user is told about it; and finding an emulator that runs already. */

/** Shows why it failed, with the next steps as buttons. */
async function tellFailure(failure: Failure): Promise<void> {
  const steps: Record<string, string> = {
    ...(failure.reason === 'port' ? { [t('Use a Free Port')]: commands.startOnFreePort } : {}),
    ...(failure.reason === 'port' || failure.reason === 'node' ? { [t('Open Settings')]: commands.openSettings } : {}),
    [t('Show Log')]: commands.showLog,
  };
  const place = failure.issues.find((issue) => issue.place)?.place;
  const open = t('Open File');
  const buttons = [...(place === undefined ? [] : [open]), ...Object.keys(steps)];
  const picked = await vscode.window.showErrorMessage(failureText(failure), ...buttons);
  if (picked === open) await vscode.commands.executeCommand(commands.openProblem, place);
  else if (picked !== undefined && steps[picked]) await vscode.commands.executeCommand(steps[picked]);
}

/** Asks for what is missing before code may run. @returns whether it may */
async function mayRun(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = t('Manage Workspace Trust');
  const text = t('Functions run code of this workspace, so the emulator starts in trusted workspaces only.');
  if ((await vscode.window.showWarningMessage(text, manage)) === manage)
    await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}

async function rootToStart({ configs }: Services): Promise<string | undefined> {
  if ((await configs.current()) !== undefined) return configs.pickRoot();
  const create = t('Create Configuration');
  const text = t('There is no faultline.yaml in this workspace yet. It tells which functions there are.');
  if ((await vscode.window.showInformationMessage(text, create)) === create)
    await vscode.commands.executeCommand(commands.createConfig);
  return undefined;
}

/**
 * The running emulator, started first where there is none. A failure has been shown when this gives undefined.
 * @param freePorts any free ports instead of those of the settings
 */
export async function ensureRunning(services: Services, freePorts = false): Promise<Running | undefined> {
  const { session } = services;
  if (session.running) return session.running;
  if (!(await mayRun())) return undefined;
  const root = await rootToStart(services);
  if (root === undefined) return undefined;
  const location = { viewId: views.functions };
  const running = await vscode.window.withProgress({ location }, () => session.start({ root, freePorts }));
  if (session.state.status === 'failed') void tellFailure(session.state.failure);
  return running;
}

/** For commands that need a running emulator but do not start one by themselves. */
export function requireRunning({ session }: Services): Running | undefined {
  if (session.running) return session.running;
  const start = t('Start Emulator');
  void vscode.window.showInformationMessage(t('The emulator is not running.'), start).then((picked) => {
    if (picked === start) void vscode.commands.executeCommand(commands.start);
  });
  return undefined;
}

/** Takes over an emulator that was started in a terminal, now or later. */
function followStateFile(services: Services): void {
  const { session, configs } = services;
  const adopt = async (): Promise<void> => {
    const config = configs.known;
    // In an untrusted folder the file could point anywhere.
    if (config === undefined || !vscode.workspace.isTrusted) return;
    if (session.state.status === 'stopped') await session.adopt(vscode.Uri.joinPath(config, '..').fsPath);
  };
  const watcher = vscode.workspace.createFileSystemWatcher('**/.faultline/emulator.json', false, false, true);
  services.own(
    watcher,
    watcher.onDidCreate(adopt),
    watcher.onDidChange(adopt),
    configs.onDidChange(adopt),
    vscode.workspace.onDidGrantWorkspaceTrust(adopt),
  );
}

function onState(state: SessionState, before: SessionState['status']): void {
  setContext('session', state.status);
  // It was running and nobody asked it to stop: the one thing here that is worth an interruption.
  if (state.status === 'failed' && before === 'running') void tellFailure(state.failure);
}

export const lifecycle: Feature = {
  register(services) {
    const { session } = services;
    let before = session.state.status;
    setContext('session', before);
    const stopListening = session.on('state', (state) => {
      onState(state, before);
      before = state.status;
    });
    services.own({ dispose: stopListening }, services.configs.watch());
    followStateFile(services);
  },
};

type Names = 'start' | 'stop' | 'restart' | 'startOnFreePort' | 'showLog' | 'showHandlerLog' | 'openSettings';

export function lifecycleCommands(services: Services): Pick<CommandHandlers, Names> {
  const { session, log, handlerLog } = services;
  const restart = async (freePorts: boolean): Promise<void> => {
    await session.stop();
    await ensureRunning(services, freePorts);
  };
  return {
    start: () => ensureRunning(services),
    stop: () => vscode.window.withProgress({ location: { viewId: views.functions } }, () => session.stop()),
    restart: () => restart(false),
    startOnFreePort: () => restart(true),
    showLog: () => log.show(),
    showHandlerLog: () => handlerLog.show(),
    openSettings: () => vscode.commands.executeCommand('workbench.action.openSettings', '@ext:faultline.faultline'),
  };
}

export const portsOf = (freePorts: boolean): { port: number; controlPort: number } =>
  freePorts ? { port: 0, controlPort: 0 } : { port: setting('gatewayPort'), controlPort: setting('controlPort') };
