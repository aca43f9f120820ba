import { DOCS_URL } from '../../emulator/contract/docs.js';
import { ignoreOption } from '../rule.js';
import type { Rule } from '../rule.js';
import { javascript } from './aws-client-default/javascript.js';
import { python } from './aws-client-default/python.js';

/** Clients of AWS whose limits are the SDK's own. */
export const awsClientDefault: Rule = {
  meta: {
    id: 'aws-client-default',
    title: 'AWS client with default limits',
    summary: "A client of AWS has the SDK's own limits, which outlive most functions",
    group: 'timeouts',
    severity: 'info',
    strict: 'warning',
    languages: ['javascript', 'typescript', 'python'],
    url: `${DOCS_URL}/rules/aws-client-default.md`,
    options: {
      type: 'object',
      additionalProperties: false,
      properties: { ignore: ignoreOption },
    },
  },
  messages: {
    default: {
      text: '{{client}} has the limits of the SDK: {{byDefault}}. When the service hangs, the invocation hangs with it until the function timeout kills it. Set {{write}}.',
    },
  },
  javascript,
  python,
};
