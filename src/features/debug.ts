import * as vscode from 'vscode';
import type { DebuggerPort, FunctionSnapshot } from '../../emulator/contract/snapshot.js';
import { errorText, type CommandHandlers, type Services } from '../services.js';
import { pickFunction } from '../targets.js';
import { t } from '../text.js';
import { chooseEvent, showReply } from './invoke.js';
import { ensureRunning } from './lifecycle.js';

/**
 * One invocation under the debugger: the emulator starts an instance of its own for it that waits for a debugger, and the
 * editor attaches to the port that the snapshot then tells.
 */

const PYTHON_DEBUGGER = 'ms-python.debugpy';

function attachConfiguration(name: string, at: DebuggerPort, root: string): vscode.DebugConfiguration {
  const common = { name: t('Invocation of {0}', name), request: 'attach' };
  if (at.protocol === 'debugpy')
    return { ...common, type: 'debugpy', connect: { host: at.host, port: at.port }, justMyCode: true };
  return {
    ...common,
    type: 'node',
    address: at.host,
    port: at.port,
    cwd: root,
    // Bundles lie in .faultline; their maps lead to the sources.
    resolveSourceMapLocations: ['**', '!**/node_modules/**'],
    outFiles: [`${root}/**/*.(m|c|)js`, `${root}/.faultline/**/*.mjs`],
    skipFiles: ['<node_internals>/**', '**/runtimes/node-*.cjs'],
  };
}

/** Ports on which debuggers may attach, by instance. */
function portsOf(value: FunctionSnapshot | undefined): Map<string, DebuggerPort> {
  return new Map((value?.instances ?? []).flatMap(({ id, debugger: at }) => (at ? [[id, at] as const] : [])));
}

/** Resolves with the port of an instance that was not there before; undefined once `signal` aborts. */
function nextPort(
  { session }: Services,
  name: string,
  before: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<DebuggerPort | undefined> {
  return new Promise((resolve) => {
    const look = (): void => {
      const value = session.snapshot?.functions.find((one) => one.name === name);
      const found = [...portsOf(value)].find(([id]) => !before.has(id));
      if (found) done(found[1]);
    };
    const done = (port?: DebuggerPort): void => {
      stop();
      resolve(port);
    };
    const stop = session.on('snapshot', look);
    signal.addEventListener('abort', () => done(), { once: true });
  });
}

/** @returns whether the editor can debug what is at this port; says what is missing */
async function canAttach({ protocol }: DebuggerPort): Promise<boolean> {
  if (protocol !== 'debugpy' || vscode.extensions.getExtension(PYTHON_DEBUGGER)) return true;
  const install = t('Show Extension');
  const text = t('Debugging Python needs the extension Python Debugger.');
  if ((await vscode.window.showWarningMessage(text, install)) === install)
    await vscode.commands.executeCommand('extension.open', PYTHON_DEBUGGER);
  return false;
}

async function debug(services: Services, target: unknown): Promise<void> {
  const running = await ensureRunning(services);
  const value = running && (await pickFunction(services, target));
  const text = value && (await chooseEvent(services, value, false));
  if (running === undefined || value === undefined || text === undefined) return;
  if (value.runtime === 'provided') {
    void vscode.window.showInformationMessage(t('Only Node and Python functions can be debugged.'));
    return;
  }
  const ended = new AbortController();
  const port = nextPort(services, value.name, new Set(portsOf(value).keys()), ended.signal);
  const event = JSON.parse(text) as unknown;
  const reply = running.client
    .invoke({ function: value.name, event, source: 'editor', debug: true })
    .finally(() => ended.abort());
  const attached = attach(value.name, port, running.root);
  try {
    await showReply(running.client, value.name, await reply);
  } catch (error) {
    void vscode.window.showErrorMessage(errorText(error));
  }
  await attached;
}

async function attach(name: string, port: Promise<DebuggerPort | undefined>, root: string): Promise<void> {
  const at = await port;
  if (at === undefined || !(await canAttach(at))) return;
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(root));
  await vscode.debug.startDebugging(folder, attachConfiguration(name, at, root));
}

export function debugCommands(services: Services): Pick<CommandHandlers, 'debug'> {
  return { debug: (target) => debug(services, target) };
}
