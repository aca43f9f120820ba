import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './response-shape/javascript.js';
import { python } from './response-shape/python.js';

/** HTTP handlers with a way out that is no HTTP answer. */
export const responseShape: Rule = {
  meta: {
    id: 'response-shape',
    title: 'Response shape',
    summary: 'A handler that answers HTTP has a way out without a status code, or with a body that is no text',
    group: 'errors',
    severity: 'error',
    languages: ['javascript', 'typescript', 'python'],
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
    noAnswer: {
      text: '`{{handler}}` answers HTTP, but can end here without an answer: a REST API makes a 502 of it, an HTTP API an empty 200. Return an object with `statusCode`.',
    },
    withoutStatus: {
      text: '`{{handler}}` answers HTTP, but returns {{what}} here, without `statusCode`: a REST API makes a 502 of it, an HTTP API a 200. Return an object with `statusCode` and `body`.',
    },
    bodyIsObject: {
      text: 'The `body` of this answer is {{what}}: API Gateway takes only text and makes a 502 of it. Write `JSON.stringify(…)`.',
    },
    neverSends: {
      text: '`{{handler}}` returns here without having sent an answer: what it returns goes nowhere, and the caller waits until somebody gives up. Send an answer first.',
    },
  },
  javascript,
  python,
};
