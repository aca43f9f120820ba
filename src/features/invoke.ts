import * as vscode from 'vscode';
import type { ControlClient } from '../../emulator/client.js';
import type { InvokeReply } from '../../emulator/contract/control.js';
import type { FunctionSnapshot } from '../../emulator/contract/snapshot.js';
import { commands, views } from '../contributions.js';
import { belongsTo, httpEvent, inFolderOf, preview, rankEventFiles, remember } from '../events.js';
import { errorText, type CommandHandlers, type Feature, type Services } from '../services.js';
import { pickFunction } from '../targets.js';
import { t } from '../text.js';
import { outcome } from '../tree/invocation.js';
import { showInvocation } from './invocations.js';
import { ensureRunning } from './lifecycle.js';

/** Invoking a function from the editor, with its last event, one from a file, or one just written. */

const EVENT_FILES = '**/*.event.json';
const EMPTY = '{}';

const historyKey = (name: string): string => `events:${name}`;
async function rememberEvent(services: Services, name: string, text: string): Promise<void> {
  await services.context.workspaceState.update(historyKey(name), remember(historyOf(services, name), text));
}

const historyOf = ({ context }: Services, name: string): string[] =>
  context.workspaceState.get<string[]>(historyKey(name)) ?? [];

async function eventFiles(value: FunctionSnapshot): Promise<vscode.Uri[]> {
  const files = await vscode.workspace.findFiles(EVENT_FILES, '**/node_modules/**', 100);
  const byPath = new Map(files.map((uri) => [uri.path, uri]));
  const ranked = rankEventFiles([...byPath.keys()], value.name, vscode.Uri.file(value.file).path);
  return ranked.flatMap((path) => byPath.get(path) ?? []);
}

const read = async (uri: vscode.Uri): Promise<string> => (await vscode.workspace.openTextDocument(uri)).getText();

/**
 * Without asking: the last event, else the event file that bears the function's name, else an empty one.
 * @returns undefined where event files lie beside the handler, and one of them is likely meant
 */
async function usualEvent(services: Services, value: FunctionSnapshot): Promise<string | undefined> {
  const last = historyOf(services, value.name)[0];
  if (last !== undefined) return last;
  const handler = vscode.Uri.file(value.file).path;
  const files = await eventFiles(value);
  const own = files.find((uri) => belongsTo(uri.path, value.name, handler));
  if (own !== undefined) return read(own);
  return files.some((uri) => inFolderOf(uri.path, handler)) ? undefined : EMPTY;
}

type Choice = vscode.QuickPickItem & { readonly take?: () => string | Promise<string>; readonly write?: string };

async function choices(services: Services, value: FunctionSnapshot): Promise<Choice[]> {
  const separator = (label: string): Choice => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const last = historyOf(services, value.name).map((event): Choice => ({ label: preview(event), take: () => event }));
  const files = (await eventFiles(value)).map((uri): Choice => {
    const path = vscode.workspace.asRelativePath(uri);
    return { label: `$(json) ${path.slice(path.lastIndexOf('/') + 1)}`, description: path, take: () => read(uri) };
  });
  const writeText = historyOf(services, value.name)[0] ?? EMPTY;
  return [
    ...(last.length > 0 ? [separator(t('Last events')), ...last] : []),
    ...(files.length > 0 ? [separator(t('Event files')), ...files] : []),
    separator(t('New')),
    { label: `$(edit) ${t('Write an event…')}`, write: writeText },
    ...value.routes.map((route): Choice => ({
      label: `$(globe) ${t('Write a request for {0}…', `${route.method} ${route.path}`)}`,
      write: httpEvent(route),
    })),
    { label: `$(circle-outline) ${t('Empty event')}`, description: EMPTY, take: () => EMPTY },
  ];
}

/** Unsaved editors in which an event is being written → the function it is for. */
const drafts = new Map<string, string>();

async function writeEvent(functionName: string, content: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'json', content });
  drafts.set(document.uri.toString(), functionName);
  await vscode.window.showTextDocument(document);
}

function parseEvent(text: string): { event: unknown } | undefined {
  try {
    return { event: JSON.parse(text) as unknown };
  } catch (error) {
    void vscode.window.showErrorMessage(t('The event is not JSON: {0}', errorText(error)));
    return undefined;
  }
}

/** Shows how it ended: the record beside the code, the outcome in the status bar. */
export async function showReply(client: ControlClient, name: string, reply: InvokeReply): Promise<void> {
  const record = reply.record ?? (await client.invocation(reply.requestId));
  await showInvocation(record, true);
  const brief = `${name}: ${outcome(record)} · ${Math.round(record.durationMs)} ms`;
  vscode.window.setStatusBarMessage(`${reply.ok ? '$(pass)' : '$(error)'} ${brief}`, 8_000);
}

async function send(services: Services, value: FunctionSnapshot, text: string): Promise<void> {
  const client = services.session.running?.client;
  const parsed = parseEvent(text);
  if (client === undefined || parsed === undefined) return;
  await rememberEvent(services, value.name, text);
  const title = t('Invoking {0}', value.name);
  const reply = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
    vscode.window.withProgress({ location: { viewId: views.functions } }, () =>
      client.invoke({ function: value.name, event: parsed.event, source: 'editor' }),
    ),
  );
  await showReply(client, value.name, reply);
}

/**
 * The event to invoke with, remembered; an editor opens when it is to be written first.
 * @param ask also when there is a usual one
 * @returns undefined when none was chosen (yet)
 */
export async function chooseEvent(
  services: Services,
  value: FunctionSnapshot,
  ask: boolean,
): Promise<string | undefined> {
  const usual = ask ? undefined : await usualEvent(services, value);
  if (usual !== undefined) return usual;
  const title = t('Invoke {0} with…', value.name);
  const choice = await vscode.window.showQuickPick(choices(services, value), { title, matchOnDescription: true });
  if (choice?.write !== undefined) await writeEvent(value.name, choice.write);
  const text = await choice?.take?.();
  if (text === undefined || parseEvent(text) === undefined) return undefined;
  await rememberEvent(services, value.name, text);
  return text;
}

async function invoke(services: Services, target: unknown, ask: boolean): Promise<void> {
  if (!(await ensureRunning(services))) return;
  const value = await pickFunction(services, target);
  const text = value && (await chooseEvent(services, value, ask));
  if (value !== undefined && text !== undefined) await send(services, value, text);
}

async function invokeEditor(services: Services): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined || !(await ensureRunning(services))) return;
  const value = await pickFunction(services, drafts.get(document.uri.toString()));
  if (value) await send(services, value, document.getText());
}

const eventLenses: vscode.CodeLensProvider = {
  provideCodeLenses(document) {
    const name = drafts.get(document.uri.toString());
    if (name === undefined && document.isUntitled) return [];
    const title = name === undefined ? t('Invoke with this event…') : t('Invoke {0} with this event', name);
    return [
      new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title: `$(play) ${title}`, command: commands.invokeEditor }),
    ];
  },
};

export const invoking: Feature = {
  register(services) {
    const selector = [
      { scheme: 'untitled', language: 'json' },
      { scheme: 'file', pattern: EVENT_FILES },
    ];
    services.own(
      vscode.languages.registerCodeLensProvider(selector, eventLenses),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => drafts.delete(uri.toString())),
    );
  },
};

export function invokeCommands(services: Services): Pick<CommandHandlers, 'invoke' | 'invokeWith' | 'invokeEditor'> {
  return {
    invoke: (target) => invoke(services, target, false),
    invokeWith: (target) => invoke(services, target, true),
    invokeEditor: () => invokeEditor(services),
  };
}
