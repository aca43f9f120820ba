import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './unsafe-parse/javascript.js';
import { python } from './unsafe-parse/python.js';

/** What a caller or a server sent is parsed as if it were always valid. */
export const unsafeParse: Rule = {
  meta: {
    id: 'unsafe-parse',
    title: 'Unsafe parse',
    summary: 'What came over the network is parsed with nothing that handles malformed text',
    group: 'errors',
    severity: 'warning',
    languages: ['javascript', 'typescript', 'python'],
    url: `${DOCS_URL}/rules/unsafe-parse.md`,
  },
  messages: {
    body: {
      text: 'A request whose body is missing or no valid JSON makes {{call}} raise, and `{{handler}}` answers it with a bare 500 or 502 as if the fault were yours. Catch the error and answer 400.',
    },
    throws: {
      text: 'A request whose body is missing or no valid JSON makes {{call}} fail, and `{{handler}}` answers it with a bare 500 or 502 as if the fault were yours. Catch the error and answer 400.',
    },
    listener: {
      text: 'When the other side sends text that is no valid JSON (an error page, a cut answer), `JSON.parse` throws here in a listener, where nothing catches it: the process dies, and every invocation in it. Parse inside try/catch and reject.',
    },
  },
  javascript,
  python,
};
