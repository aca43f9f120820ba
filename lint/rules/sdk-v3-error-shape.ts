import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './sdk-v3-error-shape/javascript.js';

/** Errors of SDK v3 that are read as if they were those of v2. */
export const sdkV3ErrorShape: Rule = {
  meta: {
    id: 'sdk-v3-error-shape',
    title: 'Error of SDK v2 read from v3',
    summary: 'A field that errors of AWS SDK v2 had is read from an error of v3',
    group: 'errors',
    severity: 'error',
    languages: ['javascript', 'typescript'],
    url: `${DOCS_URL}/rules/sdk-v3-error-shape.md`,
  },
  messages: {
    shape: {
      text: 'Errors of AWS SDK v3 have no `{{field}}`, so this is always undefined and the branch for this failure is never taken. Read `{{write}}`.',
    },
  },
  javascript,
};
