import { itemContexts } from '../contributions.js';
import { t } from '../text.js';
import type { NodeKind, NodeValues } from './model.js';
import { timeOf } from './invocation.js';

/** Clock time, with the date when it is not today. */
function when(next: number, now: number): string {
  const date = new Date(next);
  return date.toDateString() === new Date(now).toDateString() ? timeOf(next) : date.toLocaleString();
}

export const scheduleNode: NodeKind<NodeValues['schedule']> = {
  id: ({ parent, schedule }) => `${parent}/schedule:${schedule.expression}:${schedule.timezone}`,
  item: ({ schedule }, { now }) => ({
    label: schedule.expression,
    description: schedule.enabled
      ? schedule.next === undefined
        ? t('never again')
        : t('next at {0}', when(schedule.next, now))
      : t('off'),
    tooltip: t('Schedule {0}, time zone {1}', schedule.expression, schedule.timezone),
    icon: schedule.enabled ? { id: 'clock' } : { id: 'clock', color: 'disabledForeground' },
    context: itemContexts.schedule,
  }),
};
