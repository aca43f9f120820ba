import { itemContexts } from '../contributions.js';
import { t } from '../text.js';
import type { NodeKind, NodeValues } from './model.js';
import { timeOf } from './invocation.js';

const DAY_MS = 86_400_000;

/** Clock time, with the date when it is not within a day. */
function when(next: number, now: number): string {
  return next - now < DAY_MS ? timeOf(next) : new Date(next).toLocaleString();
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
