import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './timeout-exceeds-function/javascript.js';
import { python } from './timeout-exceeds-function/python.js';

/** Limits that are no shorter than what the function has. */
export const timeoutExceedsFunction: Rule = {
  meta: {
    id: 'timeout-exceeds-function',
    title: 'Timeout longer than the function’s',
    summary: "A call's time limit is no shorter than the function timeout of the configuration",
    group: 'timeouts',
    severity: 'error',
    languages: ['javascript', 'typescript', 'python'],
    url: `${DOCS_URL}/rules/timeout-exceeds-function.md`,
  },
  messages: {
    exceeds: {
      text: '{{client}} may take {{limit}}, and the function {{function}} is killed after {{timeout}}: the limit never ends anything, and no error handling runs. Set it below {{timeout}}.',
    },
  },
  javascript,
  python,
};
