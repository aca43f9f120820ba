import { formatFigures, formatSpan } from '../../emulator/contract/webview.js';
import type { Fault } from '../../emulator/contract/faults.js';
import type { FunctionSnapshot } from '../../emulator/contract/snapshot.js';
import { commands, itemContexts } from '../contributions.js';
import { faultsOn } from '../faults.js';
import { t } from '../text.js';
import type { Icon, NodeKind, TreeNode } from './model.js';

export const functionId = (name: string): string => `function:${name}`;

function icon(value: FunctionSnapshot, faults: readonly Fault[]): Icon {
  if (value.problem) return { id: 'error', color: 'problemsErrorIcon.foreground' };
  if (faults.length > 0) return { id: 'zap', color: 'charts.orange' };
  if (value.figures.errorShare > 0) return { id: 'symbol-function', color: 'charts.red' };
  if (value.instances.length > 0) return { id: 'symbol-function', color: 'charts.green' };
  return { id: 'symbol-function', color: 'icon.foreground' };
}

const routesOf = (value: FunctionSnapshot): string =>
  value.routes.map(({ method, path }) => `${method} ${path}`).join(', ');

function description(value: FunctionSnapshot): string {
  const figures = formatFigures(value.figures, t);
  const queued = value.queued > 0 ? t('{0} waiting', value.queued) : '';
  const later = value.async.pending > 0 ? t('{0} accepted for later', value.async.pending) : '';
  const live = [figures, queued, later].filter(Boolean).join(' · ');
  return live || (value.routes[0] === undefined ? '' : routesOf(value));
}

function tooltip(value: FunctionSnapshot, faults: readonly Fault[]): string {
  const { invocations, errors, coldStarts } = value.totals;
  const lines = [
    value.description,
    value.problem?.message,
    routesOf(value),
    value.url,
    t(
      'Handler {0} ({1}), timeout {2}, memory {3} MB',
      value.handler,
      value.runtime,
      formatSpan(value.timeoutMs),
      value.memoryMb,
    ),
    t('{0} invocations, {1} errors, {2} cold starts since the start', invocations, errors, coldStarts),
    ...faults.map((fault) => t('Fault {0}: {1}', fault.id, fault.summary)),
  ];
  return lines.filter(Boolean).join('\n');
}

function children(value: FunctionSnapshot, faults: readonly Fault[]): TreeNode[] {
  const parent = functionId(value.name);
  const there = new Set(value.instances.map(({ id }) => id));
  const elsewhere = value.recent.filter(({ instance }) => instance === undefined || !there.has(instance));
  return [
    ...(value.problem ? [{ kind: 'problem', value: { parent, problem: value.problem } } as const] : []),
    ...faults.map((fault) => ({ kind: 'appliedFault', value: { parent, fault } }) as const),
    ...value.schedules.map((schedule) => ({ kind: 'schedule', value: { parent, schedule } }) as const),
    ...value.instances.map((instance) => ({ kind: 'instance', value: { function: value, instance } }) as const),
    // Throttled ones reached no instance; those of an instance that has ended keep their place here.
    ...elsewhere.map((record) => ({ kind: 'invocation', value: { parent, record } }) as const),
  ];
}

export const functionNode: NodeKind<FunctionSnapshot> = {
  id: (value) => functionId(value.name),
  item: (value, scene) => {
    const faults = faultsOn(scene.snapshot?.faults ?? [], value.name);
    return {
      label: value.name,
      description: description(value),
      tooltip: tooltip(value, faults),
      icon: icon(value, faults),
      context: itemContexts.function,
      expand: 'collapsed',
      command: { id: commands.openHandler, title: t('Open Handler'), arguments: [value.name] },
    };
  },
  children: (value, scene) => children(value, faultsOn(scene.snapshot?.faults ?? [], value.name)),
};
