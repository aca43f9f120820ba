import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { python } from './response-shape/python.js';

/** HTTP handlers with a way out that is no HTTP answer. */
export const responseShape: Rule = {
  meta: {
    id: 'response-shape',
    title: 'Response shape',
    summary: 'A handler that answers HTTP has a way out without a status code, or with a body that is no text',
    group: 'errors',
    severity: 'error',
    languages: ['python'],
    url: `${DOCS_URL}/rules/response-shape.md`,
  },
  messages: {
    nothing: {
      text: '`{{handler}}` answers HTTP, but ends here without an answer: API Gateway makes a 502 of it. Return a dictionary with `statusCode`.',
    },
    noStatus: {
      text: '`{{handler}}` answers HTTP, but returns {{what}} here, without `statusCode`: API Gateway makes a 502 of it. Return a dictionary with `statusCode` and `body`.',
    },
    bodyIsNoText: {
      text: 'The `body` of this answer is {{what}}: API Gateway takes only text and makes a 502 of it. Write `json.dumps(…)`.',
    },
  },
  python,
};
