import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { python } from './unsafe-parse/python.js';

/** What a caller sent is parsed as if it were always valid. */
export const unsafeParse: Rule = {
  meta: {
    id: 'unsafe-parse',
    title: 'Unsafe parse',
    summary: 'The body of a request is parsed with nothing that answers a malformed one',
    group: 'errors',
    severity: 'warning',
    languages: ['python'],
    url: `${DOCS_URL}/rules/unsafe-parse.md`,
  },
  messages: {
    body: {
      text: 'A request whose body is missing or no valid JSON makes {{call}} raise, and `{{handler}}` answers it with a bare 500 or 502 as if the fault were yours. Catch the error and answer 400.',
    },
  },
  python,
};
