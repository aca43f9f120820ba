import type { QueueSnapshot } from '../../emulator/contract/snapshot.js';
import { itemContexts } from '../contributions.js';
import { t } from '../text.js';
import type { NodeKind } from './model.js';

function description({ visible, inFlight, delayed }: QueueSnapshot): string {
  const parts = [
    visible > 0 ? t('{0} waiting', visible) : '',
    inFlight > 0 ? t('{0} in flight', inFlight) : '',
    delayed > 0 ? t('{0} held back', delayed) : '',
  ].filter(Boolean);
  return parts.length === 0 ? t('empty') : parts.join(' · ');
}

export const queueNode: NodeKind<QueueSnapshot> = {
  id: ({ name }) => `queue:${name}`,
  item: (value) => {
    const dead = value.deadLetterOf.length > 0 && value.visible > 0;
    return {
      label: value.name,
      description: description(value),
      tooltip: [
        t('Queue {0}', value.name),
        value.functions.length > 0 ? t('Invokes {0}', value.functions.join(', ')) : t('Invokes nothing'),
        ...(value.deadLetterOf.length > 0 ? [t('Takes the dead letters of {0}', value.deadLetterOf.join(', '))] : []),
      ].join('\n'),
      icon: dead ? { id: 'inbox', color: 'charts.orange' } : { id: 'inbox' },
      context: itemContexts.queue,
    };
  },
};
