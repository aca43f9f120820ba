import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { python } from './except-or/python.js';

/** `except A or B`, which catches one of the two. */
export const exceptOr: Rule = {
  meta: {
    id: 'except-or',
    title: 'except A or B',
    summary: 'An `except` whose exceptions are joined by `or` catches only one of them',
    group: 'errors',
    severity: 'error',
    languages: ['python'],
    url: `${DOCS_URL}/rules/except-or.md`,
  },
  messages: {
    joined: {
      text: 'This catches only `{{caught}}`: Python evaluates `{{written}}` to one class before it looks at the exception, so {{missed}} goes through uncaught. Write `except ({{tuple}})`.',
    },
  },
  python,
};
