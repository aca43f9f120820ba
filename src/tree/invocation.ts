import { formatMs } from '../../emulator/contract/webview.js';
import type { ErrorKind, InvocationRecord } from '../../emulator/contract/records.js';
import { commands, itemContexts } from '../contributions.js';
import { t } from '../text.js';
import type { Icon, NodeKind, NodeValues } from './model.js';

const FAILED = 'testing.iconFailed';

const errorIcons: Record<ErrorKind, Icon> = {
  function: { id: 'error', color: FAILED },
  timeout: { id: 'watch', color: FAILED },
  exit: { id: 'debug-disconnect', color: FAILED },
  init: { id: 'error', color: FAILED },
  response: { id: 'error', color: FAILED },
  throttled: { id: 'circle-slash', color: FAILED },
};

function icon(record: InvocationRecord): Icon {
  if (record.error) return errorIcons[record.error.kind];
  if ((record.status ?? 0) >= 500) return { id: 'error', color: FAILED };
  return { id: 'pass', color: 'testing.iconPassed' };
}

/** How it ended, in one or two words. */
export function outcome(record: InvocationRecord): string {
  switch (record.error?.kind) {
    case undefined:
      return record.status === undefined ? t('OK') : String(record.status);
    case 'timeout':
      return t('Timed out');
    case 'exit':
      return t('Process ended');
    case 'init':
      return t('Did not load');
    case 'response':
      return t('Response not usable');
    case 'throttled':
      return t('Throttled');
    case 'function':
      return record.error?.type ?? t('Error');
  }
}

/** Clock time in the user's own way of writing it, always with seconds. */
export const timeOf = (at: number): string => new Date(at).toLocaleTimeString(undefined, { timeStyle: 'medium' });

export const invocationNode: NodeKind<NodeValues['invocation']> = {
  // A retry has the request id of its first attempt.
  id: ({ parent, record }) => `${parent}/${record.requestId}${record.attempt > 1 ? `/${record.attempt}` : ''}`,
  item: ({ record }) => {
    const kinds = [...new Set(record.faults.map(({ kind }) => kind))];
    const parts = [formatMs(record.durationMs), timeOf(record.at)];
    if (record.attempt > 1) parts.push(t('attempt {0}', record.attempt));
    if (record.initMs !== undefined) parts.push(t('cold start'));
    if (kinds.length > 0) parts.push(t('fault: {0}', kinds.join(', ')));
    return {
      label: outcome(record),
      description: parts.join(' · '),
      tooltip: [
        t('Invocation {0} of {1}', record.number, record.function),
        ...(record.error ? [`${record.error.type}: ${record.error.message}`] : []),
      ].join('\n'),
      icon: icon(record),
      context: itemContexts.invocation,
      command: { id: commands.showInvocation, title: t('Show Invocation'), arguments: [record.requestId] },
    };
  },
};
