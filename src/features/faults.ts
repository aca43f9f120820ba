import * as vscode from 'vscode';
import { formatNumber } from '../../emulator/contract/webview.js';
import type { Fault } from '../../emulator/contract/faults.js';
import { faultsFor } from '../faults.js';
import type { CommandHandlers, Services } from '../services.js';
import { faultIdOf, pickFunction } from '../targets.js';
import { t } from '../text.js';
import { faultTarget } from '../tree/fault.js';
import { addFault } from './add-fault.js';
import { ensureRunning, requireRunning } from './lifecycle.js';

/** Adding, switching and removing faults. */

const faultItem = (fault: Fault): vscode.QuickPickItem & { readonly id: string } => ({
  label: `${fault.enabled ? '$(zap)' : '$(circle-slash)'} ${fault.kind}: ${fault.summary}`,
  description: `${faultTarget(fault)} · ${formatNumber(fault.rate)} %`,
  id: fault.id,
});

async function pickFault({ session }: Services, target: unknown, title: string): Promise<string | undefined> {
  const id = faultIdOf(target);
  if (id !== undefined) return id;
  const faults = session.snapshot?.faults ?? [];
  if (faults.length === 0) {
    void vscode.window.showInformationMessage(t('There are no faults.'));
    return undefined;
  }
  return (await vscode.window.showQuickPick(faults.map(faultItem), { title }))?.id;
}

async function switchTo(services: Services, target: unknown, enabled: boolean | 'other'): Promise<void> {
  const client = requireRunning(services)?.client;
  if (client === undefined) return;
  const id = await pickFault(services, target, t('Switch which fault?'));
  const fault = services.session.snapshot?.faults.find((one) => one.id === id);
  if (fault) await client.faults.setEnabled(fault.id, enabled === 'other' ? !fault.enabled : enabled);
}

/** All faults of one function in one list: what is ticked is on. */
async function functionFaults(services: Services, target: unknown): Promise<void> {
  if (!(await ensureRunning(services))) return;
  const value = await pickFunction(services, target);
  if (value === undefined) return;
  const faults = faultsFor(services.session.snapshot?.faults ?? [], value.name);
  if (faults.length === 0) return addFault(services, value.name);
  const add = { label: `$(add) ${t('Add Fault…')}`, id: '' };
  const switches = faults.map((fault) => ({
    ...faultItem(fault),
    detail: fault.enabled ? t('On: select to switch it off') : t('Off: select to switch it on'),
  }));
  const title = t('Faults of {0}', value.name);
  const picked = await vscode.window.showQuickPick([...switches, add], { title });
  if (picked === add) await addFault(services, value.name);
  else if (picked) await switchTo(services, picked.id, 'other');
}

type Names =
  'addFault' | 'functionFaults' | 'enableFault' | 'disableFault' | 'toggleFault' | 'removeFault' | 'clearFaults';

export function faultCommands(services: Services): Pick<CommandHandlers, Names> {
  return {
    addFault: (target) => addFault(services, target),
    functionFaults: (target) => functionFaults(services, target),
    enableFault: (target) => switchTo(services, target, true),
    disableFault: (target) => switchTo(services, target, false),
    toggleFault: (target) => switchTo(services, target, 'other'),
    removeFault: async (target) => {
      const client = requireRunning(services)?.client;
      const id = client && (await pickFault(services, target, t('Remove which fault?')));
      if (id !== undefined) await client?.faults.remove(id);
    },
    clearFaults: () => requireRunning(services)?.client.faults.clear(),
  };
}
