import * as vscode from 'vscode';
import { byGroup, type CatalogFault } from '../../emulator/contract/catalog.js';
import { groupTitle } from '../../emulator/contract/fault-fields.js';
import type { ParameterField } from '../../emulator/contract/webview.js';
import {
  draftFields,
  draftProblem,
  draftSpec,
  fieldProblem,
  fieldTitle,
  newDraft,
  shownValue,
} from '../fault-draft.js';
import type { FaultDraft } from '../fault-draft.js';
import type { Services } from '../services.js';
import { functionNameOf } from '../targets.js';
import { t } from '../text.js';
import { ensureRunning } from './lifecycle.js';

/**
 * Kind → function → a list of everything that can be set, with defaults: Enter adds the fault as it is, and any row can be
 * changed before.
 */

type KindItem = vscode.QuickPickItem & { readonly found?: CatalogFault };

async function pickKind(kinds: readonly CatalogFault[]): Promise<CatalogFault | undefined> {
  const items = byGroup(kinds).flatMap(({ group, faults }): KindItem[] => [
    { label: groupTitle(group, t), kind: vscode.QuickPickItemKind.Separator },
    ...faults.map((found) => ({ label: found.title, description: found.kind, detail: found.summary, found })),
  ]);
  const title = t('Add Fault: which kind?');
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true }))?.found;
}

/** @returns undefined when it was given up */
async function pickTarget(services: Services): Promise<{ function?: string } | undefined> {
  const functions = services.session.snapshot?.functions ?? [];
  const items = [
    { label: t('All functions'), target: {} },
    ...functions.map(({ name, description }) => ({
      label: name,
      description: description ?? '',
      target: { function: name },
    })),
  ];
  return (await vscode.window.showQuickPick(items, { title: t('Add Fault: which function?') }))?.target;
}

async function askValue(draft: FaultDraft, field: ParameterField): Promise<string | undefined> {
  const now = draft.values[field.name] ?? '';
  const title = `${draft.kind.title}: ${fieldTitle(field)}`;
  const choices = field.kind === 'boolean' ? ['true', 'false'] : field.choices;
  if (choices.length > 0) {
    const options = { title, placeHolder: field.description };
    return vscode.window.showQuickPick([now, ...choices.filter((choice) => choice !== now)].filter(Boolean), options);
  }
  return vscode.window.showInputBox({
    title,
    prompt: field.description,
    value: now,
    validateInput: (typed) => fieldProblem(field, typed),
  });
}

type Row = vscode.QuickPickItem & { readonly field?: ParameterField };

function rows(draft: FaultDraft): Row[] {
  const target = draft.function ?? t('all functions');
  const fields = draftFields(draft.kind);
  return [
    { label: `$(zap) ${t('Add Fault')}`, description: t('{0} for {1}, as set below', draft.kind.title, target) },
    { label: t('Change'), kind: vscode.QuickPickItemKind.Separator },
    ...fields.map((field): Row => ({
      label: fieldTitle(field),
      description: shownValue(draft, field),
      detail: field.description,
      field,
    })),
  ];
}

/** @returns the draft as it shall be added, or undefined when it was given up */
async function edit(start: FaultDraft): Promise<FaultDraft | undefined> {
  let draft = start;
  for (;;) {
    const title = t('Add Fault: {0}', draft.kind.title);
    const picked = await vscode.window.showQuickPick(rows(draft), { title, placeHolder: t('Enter adds it') });
    if (picked === undefined) return undefined;
    const missing = picked.field === undefined ? draftProblem(draft)?.field : undefined;
    const field = picked.field ?? missing;
    if (field === undefined) return draft;
    const value = await askValue(draft, field);
    if (value !== undefined) draft = { ...draft, values: { ...draft.values, [field.name]: value.trim() } };
  }
}

/** @param target a function's name or node; without one the function is asked for */
export async function addFault(services: Services, target: unknown): Promise<void> {
  const running = await ensureRunning(services);
  if (running === undefined) return;
  const { faults } = await services.catalog();
  const kind = await pickKind(faults);
  if (kind === undefined) return;
  const name = functionNameOf(target);
  const where = name === undefined ? await pickTarget(services) : { function: name };
  if (where === undefined) return;
  const draft = await edit(newDraft(kind, where.function));
  if (draft === undefined) return;
  const fault = await running.client.faults.add(draftSpec(draft));
  vscode.window.setStatusBarMessage(`$(zap) ${fault.id}: ${fault.summary}`, 8_000);
}
