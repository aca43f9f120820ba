import * as vscode from 'vscode';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Catalog } from '../emulator/contract/catalog.js';
import { commands, type CommandName } from './contributions.js';
import { diagnostics, lintCommands, Linting } from './diagnostics.js';
import { codeLens } from './features/code-lens.js';
import { createConfigCommands } from './features/create-config.js';
import { debugCommands } from './features/debug.js';
import { faultCommands } from './features/faults.js';
import { handlerLog } from './features/handler-log.js';
import { invocationCommands, invocations } from './features/invocations.js';
import { invokeCommands, invoking } from './features/invoke.js';
import { lifecycle, lifecycleCommands, portsOf } from './features/lifecycle.js';
import { placeCommands } from './features/places.js';
import { problems } from './features/problems.js';
import { proveCommands, proving } from './features/prove.js';
import { quickFixes } from './features/quick-fixes.js';
import { statusBar, statusBarCommands } from './features/status-bar.js';
import { launchEmulator } from './launch.js';
import { metrics, metricsCommands } from './panel/metrics.js';
import { Session, type SessionHost } from './session.js';
import { errorText, setting, type CommandHandlers, type Feature, type Services } from './services.js';
import { useTranslations } from './text.js';
import { faultsView } from './tree/faults-view.js';
import { functionsView } from './tree/functions-view.js';
import { ConfigFinder } from './workspace.js';

/** A list of features, and what they share. Nothing is read and no large module is loaded before it is needed. */

function sessionHost(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): SessionHost {
  return {
    launch: ({ root, freePorts }) =>
      launchEmulator({
        cli: context.asAbsolutePath('dist/cli.js'),
        root,
        ...portsOf(freePorts ?? false),
        watch: setting('watch'),
        nodePath: setting('nodePath'),
        pythonPath: setting('pythonPath'),
      }),
    find: async (root) => {
      const found = await (await import('../emulator/state-file.js')).findEmulator(root);
      // It also looks in the folders above; an emulator of another workspace is not ours.
      return found?.root === root ? found.state : undefined;
    },
    connect: async (to) => (await import('../emulator/client.js')).createClient(to),
    log: (message) => log.info(message),
    sleep: (ms) => sleep(ms, undefined, { ref: false }),
  };
}

function createServices(context: vscode.ExtensionContext): Services {
  const log = vscode.window.createOutputChannel('Faultline', { log: true });
  const session = new Session(sessionHost(context, log));
  let catalog: { of: object; read: Promise<Catalog> } | undefined;
  const services: Services = {
    context,
    session,
    configs: new ConfigFinder(context.workspaceState),
    log,
    handlerLog: vscode.window.createOutputChannel('Faultline Handlers'),
    catalog: () => {
      const client = session.running?.client;
      if (client === undefined) return Promise.resolve({ faults: [], policies: [] });
      // An emulator of another version may know other kinds.
      if (catalog?.of !== client) catalog = { of: client, read: client.catalog() };
      return catalog.read;
    },
    own: (...disposables) => void context.subscriptions.push(...disposables),
  };
  services.own(log, services.handlerLog);
  return services;
}

function features(linting: () => Linting): Feature[] {
  return [
    lifecycle,
    functionsView,
    faultsView,
    statusBar,
    codeLens,
    invoking,
    invocations,
    handlerLog,
    problems,
    metrics,
    diagnostics(linting),
    quickFixes(linting),
    proving(linting),
  ];
}

const handlers = (services: Services, linting: () => Linting): CommandHandlers => ({
  ...lifecycleCommands(services),
  ...statusBarCommands(services),
  ...createConfigCommands(services),
  ...placeCommands(services),
  ...invokeCommands(services),
  ...debugCommands(services),
  ...invocationCommands(services),
  ...faultCommands(services),
  ...metricsCommands(services),
  ...lintCommands(linting),
  ...proveCommands(services, linting),
});

/** A command that fails says why; what it was called on goes to the log only. */
function registerCommands(services: Services, all: CommandHandlers): void {
  for (const name of Object.keys(commands) as CommandName[])
    services.own(
      vscode.commands.registerCommand(commands[name], async (...args: unknown[]) => {
        try {
          return await all[name](...args);
        } catch (error) {
          services.log.error(`${name}: ${errorText(error)}`);
          void vscode.window.showErrorMessage(errorText(error));
          return undefined;
        }
      }),
    );
}

let services: Services | undefined;

export function activate(context: vscode.ExtensionContext): void {
  useTranslations((message, ...args) => vscode.l10n.t(message, ...args));
  const created = createServices(context);
  services = created;
  let linting: Linting | undefined;
  const lint = (): Linting => (linting ??= new Linting(created));
  for (const feature of features(lint)) feature.register(created);
  registerCommands(created, handlers(created, lint));
}

/** Waits until the emulator that was started here has ended. */
export async function deactivate(): Promise<void> {
  await services?.session.dispose();
}
