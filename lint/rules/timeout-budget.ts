import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './timeout-budget/javascript.js';
import { python } from './timeout-budget/python.js';

/** Limits that fit one by one, and not together. */
export const timeoutBudget: Rule = {
  meta: {
    id: 'timeout-budget',
    title: 'Timeouts that do not fit together',
    summary:
      "The time limits of a handler's calls, one after the other and with their attempts, exceed the function timeout",
    group: 'timeouts',
    severity: 'warning',
    languages: ['javascript', 'typescript', 'python'],
    url: `${DOCS_URL}/rules/timeout-budget.md`,
    options: {
      type: 'object',
      additionalProperties: false,
      properties: {
        marginMs: {
          description: 'Milliseconds of the function timeout that are kept for the code itself',
          type: 'number',
          minimum: 0,
          default: 0,
        },
      },
    },
  },
  messages: {
    over: {
      text: 'Together these waits may take {{total}} ({{waits}}), and the function {{function}} is killed after {{timeout}}: when a dependency is slow, no error handling runs. Shorten the limits, try less often, or wait at the same time.',
    },
  },
  javascript,
  python,
};
