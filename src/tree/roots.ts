import { commands } from '../contributions.js';
import type { Failure } from '../failure.js';
import { t } from '../text.js';
import type { Scene, TreeNode } from './model.js';

/** What stands at the top of each view; nothing there means that its welcome text is shown. */

function stepsAfter(failure: Failure): TreeNode[] {
  const step = (command: (typeof commands)[keyof typeof commands], title: string, icon: string): TreeNode => ({
    kind: 'step',
    value: { command, title, icon },
  });
  return [
    ...(failure.reason === 'port' ? [step(commands.startOnFreePort, t('Use a Free Port'), 'plug')] : []),
    step(commands.start, t('Start Again'), 'debug-start'),
    step(commands.showLog, t('Show Log'), 'output'),
    ...(failure.reason === 'port' || failure.reason === 'node'
      ? [step(commands.openSettings, t('Open Settings'), 'settings-gear')]
      : []),
  ];
}

export function functionRoots({ snapshot, failure }: Scene): TreeNode[] {
  if (failure !== undefined) {
    const issues = failure.issues.map((problem): TreeNode => ({
      kind: 'problem',
      value: { parent: 'failure', problem },
    }));
    return [...issues, ...stepsAfter(failure)];
  }
  if (snapshot === undefined) return [];
  return [
    ...(snapshot.problem ? [{ kind: 'problem', value: { parent: 'root', problem: snapshot.problem } } as const] : []),
    ...snapshot.functions.map((value) => ({ kind: 'function', value }) as const),
    ...snapshot.queues.map((value) => ({ kind: 'queue', value }) as const),
  ];
}

export const faultRoots = ({ snapshot }: Scene): TreeNode[] =>
  (snapshot?.faults ?? []).map((value) => ({ kind: 'fault', value }) as const);
