import * as vscode from 'vscode';
import { views } from '../contributions.js';
import { failureText } from '../failure.js';
import type { Feature } from '../services.js';
import { t } from '../text.js';
import type { Scene, TreeElement } from './model.js';
import { TreeProvider } from './provider.js';
import { functionRoots } from './roots.js';
import type { Services } from '../services.js';

export function sceneOf({ session }: Services): Scene {
  const { state, snapshot } = session;
  return { snapshot, failure: state.status === 'failed' ? state.failure : undefined, now: Date.now() };
}

/** The whole of a failure, wrapped: rows of a tree would cut it off. */
function message({ failure }: Scene): string {
  if (failure === undefined) return '';
  // Each of them has a row of its own.
  if (failure.issues.length > 1) return t('{0} mistakes keep the emulator from starting.', failure.issues.length);
  return failureText(failure);
}

function badge({ snapshot }: Scene): vscode.ViewBadge | undefined {
  const problems = (snapshot?.functions ?? []).filter(({ problem }) => problem).length + (snapshot?.problem ? 1 : 0);
  if (problems === 0) return undefined;
  return { value: problems, tooltip: problems === 1 ? t('1 problem') : t('{0} problems', problems) };
}

export const functionsView: Feature = {
  register(services) {
    const provider = new TreeProvider(functionRoots, () => sceneOf(services));
    const view = vscode.window.createTreeView<TreeElement>(views.functions, {
      treeDataProvider: provider,
      showCollapseAll: true,
    });
    let drawnBadge = 0;
    const drawBadge = (): void => {
      const now = badge(sceneOf(services));
      if ((now?.value ?? 0) === drawnBadge) return;
      drawnBadge = now?.value ?? 0;
      view.badge = now;
    };
    const draw = (): void => {
      drawBadge();
      if (!view.visible) return;
      const text = message(sceneOf(services));
      if ((view.message ?? '') !== text) view.message = text;
      provider.refresh();
    };
    services.own(
      view,
      { dispose: services.session.on('snapshot', draw) },
      { dispose: services.session.on('state', draw) },
      view.onDidChangeVisibility(({ visible }) => {
        if (visible) void services.configs.current();
        draw();
      }),
    );
    if (view.visible) void services.configs.current();
  },
};
