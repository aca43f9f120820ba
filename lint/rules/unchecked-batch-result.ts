import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './unchecked-batch-result/javascript.js';
import { python } from './unchecked-batch-result/python.js';

/** Batch calls that succeed as a whole while some of their entries fail. */
export const uncheckedBatchResult: Rule = {
  meta: {
    id: 'unchecked-batch-result',
    title: 'Unchecked batch result',
    summary: 'The failed entries of a batch call are not looked at',
    group: 'delivery',
    severity: 'warning',
    languages: ['javascript', 'typescript', 'python'],
    url: `${DOCS_URL}/rules/unchecked-batch-result.md`,
  },
  messages: {
    unchecked: {
      text: '{{call}} succeeds also when some of its entries failed; `{{key}}` in its answer tells which, and nothing here reads it: those entries are lost. Send them again, or fail.',
    },
  },
  javascript,
  python,
};
