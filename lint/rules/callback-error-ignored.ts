import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './callback-error-ignored/javascript.js';

/** Errors that a callback is given and never looks at. */
export const callbackErrorIgnored: Rule = {
  meta: {
    id: 'callback-error-ignored',
    title: 'Error of a callback ignored',
    summary: 'A callback never looks at the error that it is given',
    group: 'errors',
    severity: 'warning',
    languages: ['javascript', 'typescript'],
    url: `${DOCS_URL}/rules/callback-error-ignored.md`,
  },
  messages: {
    ignored: {
      text: '`{{name}}` is never looked at: when {{call}} fails the code goes on as if it had worked, mostly into `undefined`. Start with `if ({{name}}) return …` and pass it on.',
    },
  },
  javascript,
};
