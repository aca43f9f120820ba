import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './gateway-cap/javascript.js';
import { python } from './gateway-cap/python.js';

/** Functions that may run on after their caller has got an error. */
export const gatewayCap: Rule = {
  meta: {
    id: 'gateway-cap',
    title: 'Function outlives its gateway',
    summary: 'An HTTP handler may run longer than the gateway in front of it waits',
    group: 'timeouts',
    severity: 'warning',
    languages: ['javascript', 'typescript', 'python'],
    url: `${DOCS_URL}/rules/gateway-cap.md`,
  },
  messages: {
    outlives: {
      text: 'The function {{function}} may run {{timeout}}, and the gateway in front of it answers 503 or 504 after {{gateway}}: what happens after that is done, and paid, for nobody, and the caller may try again meanwhile. Set its timeout below {{gateway}}, or hand the work to a queue.',
    },
  },
  javascript,
  python,
};
