import * as vscode from 'vscode';
import type { FunctionSnapshot } from '../emulator/contract/snapshot.js';
import type { Services } from './services.js';
import { t } from './text.js';
import { TreeElement } from './tree/model.js';

/** What a command was called on: a name from a lens, a node from a tree, or nothing from the palette. */

export function functionNameOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (!(target instanceof TreeElement)) return undefined;
  const { node } = target;
  if (node.kind === 'function') return node.value.name;
  if (node.kind === 'instance') return node.value.function.name;
  return node.kind === 'invocation' ? node.value.record.function : undefined;
}

export function faultIdOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (!(target instanceof TreeElement)) return undefined;
  const { node } = target;
  if (node.kind === 'fault') return node.value.id;
  return node.kind === 'appliedFault' ? node.value.fault.id : undefined;
}

/** The function meant: the one called on, the only one there is, the one whose handler is being edited, or a pick. */
export async function pickFunction({ session }: Services, target: unknown): Promise<FunctionSnapshot | undefined> {
  const functions = session.snapshot?.functions ?? [];
  const name = functionNameOf(target);
  if (name !== undefined) return functions.find((one) => one.name === name);
  if (functions.length === 1) return functions[0];
  const open = vscode.window.activeTextEditor?.document.fileName;
  const items = functions
    .map((value) => ({ label: value.name, description: value.handler, picked: value.file === open, value }))
    .sort((a, b) => Number(b.picked) - Number(a.picked));
  const picked = await vscode.window.showQuickPick(items, { title: t('Which function?'), matchOnDescription: true });
  return picked?.value;
}
