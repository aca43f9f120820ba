import { formatSpan } from '../../emulator/contract/webview.js';
import type { InstanceSnapshot, InstanceState } from '../../emulator/contract/snapshot.js';
import { itemContexts } from '../contributions.js';
import { t } from '../text.js';
import { functionId } from './function.js';
import type { Icon, NodeKind, NodeValues } from './model.js';

const icons: Record<InstanceState, Icon> = {
  starting: { id: 'loading~spin' },
  idle: { id: 'circle-outline', color: 'charts.green' },
  busy: { id: 'circle-filled', color: 'charts.green' },
  stopping: { id: 'circle-slash', color: 'disabledForeground' },
};

function stateText(state: InstanceState): string {
  switch (state) {
    case 'starting':
      return t('starting');
    case 'idle':
      return t('idle');
    case 'busy':
      return t('busy');
    case 'stopping':
      return t('stopping');
  }
}

function description(instance: InstanceSnapshot): string {
  const parts = [stateText(instance.state)];
  if (instance.debugger !== undefined)
    parts.push(instance.debugger.attached ? t('debugger attached') : t('debugger port {0}', instance.debugger.port));
  // Whole numbers, so that a row at rest does not flicker.
  if (instance.cpu !== undefined) parts.push(t('{0} % CPU', Math.round(instance.cpu)));
  if (instance.memoryMb !== undefined) parts.push(`${Math.round(instance.memoryMb)} MB`);
  return parts.join(' · ');
}

export const instanceNode: NodeKind<NodeValues['instance']> = {
  id: ({ function: owner, instance }) => `${functionId(owner.name)}/${instance.id}`,
  item: ({ instance }, { now }) => ({
    label: t('Instance {0}', instance.id),
    description: description(instance),
    tooltip: [
      t('Process {0}, version {1} of the code', instance.pid ?? '–', instance.version),
      t('{0} invocations in {1}', instance.invocations, formatSpan(Math.max(120_000, now - instance.startedAt))),
    ].join('\n'),
    icon: icons[instance.state],
    context: itemContexts.instance,
    expand: 'collapsed',
  }),
  children: ({ function: owner, instance }) => {
    const parent = `${functionId(owner.name)}/${instance.id}`;
    return owner.recent
      .filter((record) => record.instance === instance.id)
      .map((record) => ({ kind: 'invocation', value: { parent, record } }) as const);
  },
};
