import * as vscode from 'vscode';
import { views } from '../contributions.js';
import { errorText, setContext, type Feature, type Services } from '../services.js';
import { t } from '../text.js';
import { sceneOf } from './functions-view.js';
import type { TreeElement } from './model.js';
import { TreeProvider } from './provider.js';
import { faultRoots } from './roots.js';

/** The time left runs on between snapshots. */
const TICK_MS = 1_000;

function badge(count: number): vscode.ViewBadge | undefined {
  if (count === 0) return undefined;
  return { value: count, tooltip: count === 1 ? t('1 fault is on') : t('{0} faults are on', count) };
}

async function switchFaults(
  { session }: Services,
  items: readonly [TreeElement, vscode.TreeItemCheckboxState][],
): Promise<void> {
  for (const [{ node }, state] of items)
    if (node.kind === 'fault')
      await session.running?.client.faults.setEnabled(node.value.id, state === vscode.TreeItemCheckboxState.Checked);
}

export const faultsView: Feature = {
  register(services) {
    const { session } = services;
    const provider = new TreeProvider(faultRoots, () => sceneOf(services));
    const view = vscode.window.createTreeView<TreeElement>(views.faults, {
      treeDataProvider: provider,
      manageCheckboxStateManually: true,
    });
    let timer: NodeJS.Timeout | undefined;
    let drawnBadge = 0;
    const draw = (): void => {
      const faults = session.snapshot?.faults ?? [];
      const on = faults.filter(({ enabled }) => enabled).length;
      setContext('faults', faults.length > 0);
      if (on !== drawnBadge) view.badge = badge((drawnBadge = on));
      if (view.visible) provider.refresh();
      const ticking = view.visible && on > 0;
      if (ticking) timer ??= setInterval(() => provider.refresh(), TICK_MS);
      else timer = void clearInterval(timer);
    };
    services.own(
      view,
      { dispose: () => clearInterval(timer) },
      { dispose: session.on('snapshot', draw) },
      { dispose: session.on('state', draw) },
      view.onDidChangeVisibility(draw),
      view.onDidChangeCheckboxState(({ items }) => {
        switchFaults(services, items).catch((error: unknown) => void vscode.window.showErrorMessage(errorText(error)));
      }),
    );
  },
};
