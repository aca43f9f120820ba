import { basename } from 'node:path';
import { commands, itemContexts } from '../contributions.js';
import { t } from '../text.js';
import type { NodeKind, NodeValues, ShownProblem } from './model.js';

function where(place: { file?: string; line?: number } | undefined): string {
  if (place?.file === undefined) return '';
  return place.line === undefined ? basename(place.file) : `${basename(place.file)}:${place.line}`;
}

const firstLine = (message: string): string => message.split('\n')[0] ?? '';

/** What it means for the user first: a narrow side bar cuts the rest off. */
function meaning({ code, lastGoodServes }: ShownProblem): string | undefined {
  if (code === 'config-invalid') return t('Configuration not applied');
  if (code === undefined) return undefined;
  return lastGoodServes ? t('Last good version serves') : t('Does not load');
}

export const problemNode: NodeKind<NodeValues['problem']> = {
  id: ({ parent, problem }) => `${parent}/problem:${where(problem.place)}:${problem.message}`,
  item: ({ problem }) => ({
    label: meaning(problem) ?? firstLine(problem.message),
    description: [where(problem.place), meaning(problem) && firstLine(problem.message)].filter(Boolean).join(' · '),
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
