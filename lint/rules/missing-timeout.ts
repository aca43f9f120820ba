import { DOCS_URL } from '../../emulator/contract/docs.js';
import { ignoreOption } from '../rule.js';
import type { Rule } from '../rule.js';
import { javascript } from './missing-timeout/javascript.js';
import { python } from './missing-timeout/python.js';

const consequence =
  'When the other side hangs, the invocation hangs with it until the function timeout kills it: no answer, no log, no cleanup.';

/** Outbound calls and clients with no bound that works. */
export const missingTimeout: Rule = {
  meta: {
    id: 'missing-timeout',
    title: 'Missing timeout',
    summary: 'An outbound call or client has no time limit that works',
    group: 'timeouts',
    severity: 'warning',
    languages: ['javascript', 'typescript', 'python'],
    url: `${DOCS_URL}/rules/missing-timeout.md`,
    options: {
      type: 'object',
      additionalProperties: false,
      properties: { ignore: ignoreOption },
    },
  },
  messages: {
    unbounded: { text: `{{client}} without a time limit: {{byDefault}}. ${consequence} Set {{write}}.` },
    quiet: {
      text: `{{client}} with its default limits: {{byDefault}}, longer than most functions live. Set {{write}}.`,
      severity: 'info',
    },
  },
  javascript,
  python,
};
