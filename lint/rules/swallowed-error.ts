import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './swallowed-error/javascript.js';
import { python } from './swallowed-error/python.js';

/** Failures of I/O that are caught and then told to nobody. */
export const swallowedError: Rule = {
  meta: {
    id: 'swallowed-error',
    title: 'Swallowed error',
    summary: 'A failure is caught, and then neither answered, rethrown, recorded nor used',
    group: 'errors',
    severity: 'warning',
    languages: ['javascript', 'typescript', 'python'],
    url: `${DOCS_URL}/rules/swallowed-error.md`,
  },
  messages: {
    silent: {
      text: 'When {{call}} fails nobody learns of it: no log, no answer, no retry. Rethrow it, answer an error, or log it and say in a comment why going on is right.',
    },
    successAnswer: {
      text: 'When {{call}} fails, the handler still answers success ({{status}}): the caller takes lost work for done. Answer a 4xx or 5xx here.',
    },
    loggedOnly: {
      text: 'When {{call}} fails, `{{handler}}` logs it and then answers success: the caller takes lost work for done. Answer a 4xx or 5xx in the catch, or rethrow.',
    },
    lostEvent: {
      text: 'When {{call}} fails, `{{handler}}` logs it and ends well: the platform takes the event for done and never retries it. Rethrow after logging, or report the item as failed.',
    },
  },
  javascript,
  python,
};
