import * as vscode from 'vscode';
import type { Catalog } from '../emulator/contract/catalog.js';
import { contextKeys, settings, type CommandName, type ContextTypes, type SettingTypes } from './contributions.js';
import type { Session } from './session.js';
import type { ConfigFinder } from './workspace.js';

/** What every feature is given. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly session: Session;
  readonly configs: ConfigFinder;
  /** What the emulator says. */
  readonly log: vscode.LogOutputChannel;
  /** What handlers print. */
  readonly handlerLog: vscode.OutputChannel;
  /** Fault kinds and policies of the running emulator. */
  catalog(): Promise<Catalog>;
  /** Disposed with the extension. */
  own(...disposables: { dispose(): unknown }[]): void;
}

export interface Feature {
  register(services: Services): void;
}

/** A feature's share of the commands; `extension.ts` puts all together, and a missing one does not compile. */
export type CommandHandler = (...args: unknown[]) => unknown;
export type CommandHandlers = Readonly<Record<CommandName, CommandHandler>>;

export function setting<Name extends keyof SettingTypes>(name: Name): SettingTypes[Name] {
  const id = settings[name];
  const dot = id.indexOf('.');
  // The manifest has a default for each.
  return vscode.workspace.getConfiguration(id.slice(0, dot)).get(id.slice(dot + 1)) as SettingTypes[Name];
}

const written = new Map<string, unknown>();

/** Writes a context key, only when it changed: each write makes the editor look at every menu again. */
export function setContext<Name extends keyof typeof contextKeys>(
  name: Name,
  value: ContextTypes[(typeof contextKeys)[Name]],
): void {
  const key = contextKeys[name];
  if (written.get(key) === value) return;
  written.set(key, value);
  void vscode.commands.executeCommand('setContext', key, value);
}

/** Message of anything that was thrown, with the hint of a FaultlineError. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  return hint === undefined ? error.message : `${error.message} (${hint})`;
}
