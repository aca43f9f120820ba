import { basename } from 'node:path';
import { commands, itemContexts } from '../contributions.js';
import { t } from '../text.js';
import type { NodeKind, NodeValues } from './model.js';

function where(place: { file?: string; line?: number } | undefined): string {
  if (place?.file === undefined) return '';
  return place.line === undefined ? basename(place.file) : `${basename(place.file)}:${place.line}`;
}

export const problemNode: NodeKind<NodeValues['problem']> = {
  id: ({ parent, problem }) => `${parent}/problem:${where(problem.place)}:${problem.message}`,
  item: ({ problem }) => ({
    label: problem.message.split('\n')[0] ?? '',
    description: [where(problem.place), problem.lastGoodServes ? t('last good version serves') : '']
      .filter(Boolean)
      .join(' · '),
    tooltip: [
      problem.message,
      problem.hint,
      problem.lastGoodServes ? t('The version before it still serves.') : undefined,
    ]
      .filter(Boolean)
      .join('\n\n'),
    icon: problem.lastGoodServes
      ? { id: 'warning', color: 'problemsWarningIcon.foreground' }
      : { id: 'error', color: 'problemsErrorIcon.foreground' },
    context: itemContexts.problem,
    command: { id: commands.openProblem, title: t('Open Problem'), arguments: [problem.place] },
  }),
};
