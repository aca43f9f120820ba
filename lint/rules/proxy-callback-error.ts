import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './proxy-callback-error/javascript.js';

/** Errors that an HTTP handler gives to the platform, which answers 502 for it. */
export const proxyCallbackError: Rule = {
  meta: {
    id: 'proxy-callback-error',
    title: 'Error passed to a proxy callback',
    summary: 'An HTTP handler passes its error to the platform, which answers a bare 502',
    group: 'errors',
    severity: 'warning',
    languages: ['javascript', 'typescript'],
    url: `${DOCS_URL}/rules/proxy-callback-error.md`,
  },
  messages: {
    passed: {
      text: 'API Gateway does not show this error to anybody: it answers a bare 502 `Internal server error`. Answer it yourself: `{{callback}}(null, { statusCode: 500, body: … })`.',
    },
    context: {
      text: '`{{call}}` makes API Gateway answer a bare 502 `Internal server error`. Answer the error yourself: `context.succeed({ statusCode: 500, body: … })`.',
    },
  },
  javascript,
};
