import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './unhandled-io/javascript.js';
import { python } from './unhandled-io/python.js';

/** I/O whose failure leaves a handler that has a caller to answer. */
export const unhandledIo: Rule = {
  meta: {
    id: 'unhandled-io',
    title: 'Unhandled I/O',
    summary: 'I/O that fails escapes a handler that answers HTTP',
    group: 'errors',
    severity: 'warning',
    languages: ['javascript', 'typescript', 'python'],
    url: `${DOCS_URL}/rules/unhandled-io.md`,
  },
  messages: {
    escapes: {
      text: 'When {{call}} fails, the error leaves `{{handler}}`{{more}}: the caller gets a bare 500 or 502 without your headers or body. Catch it and answer with a status of your own.',
    },
    escapesHelper: {
      text: 'When {{call}} fails (its I/O is on line {{line}}), the error leaves `{{handler}}`{{more}}: the caller gets a bare 500 or 502 without your headers or body. Catch it and answer with a status of your own.',
    },
    rejects: {
      text: 'When {{call}} fails, nothing in `{{handler}}` catches it{{more}}: the rejection is unhandled, and the caller gets no answer of yours or waits until somebody gives up. Catch it and answer with a status of your own.',
    },
    rejectsHelper: {
      text: 'When {{call}} fails (its I/O is on line {{line}}), nothing in `{{handler}}` catches it{{more}}: the rejection is unhandled, and the caller gets no answer of yours or waits until somebody gives up. Catch it and answer with a status of your own.',
    },
  },
  javascript,
  python,
};
