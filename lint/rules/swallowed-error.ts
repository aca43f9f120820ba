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
    noAnswer: {
      text: 'When {{call}} fails, `{{handler}}` logs it and then answers nothing: the caller gets a bare error, or waits until somebody gives up. Answer a 4xx or 5xx in the catch, or rethrow.',
    },
    noResult: {
      text: 'When {{call}} fails, `{{handler}}` logs it and returns undefined: its callers take that for the result. Rethrow after logging, or return a value that says that it failed.',
    },
    unnoticed: {
      text: 'When {{call}} fails, `{{handler}}` logs it and returns as if the work were done: nobody can react, and nothing tries it again. Rethrow after logging, or say in a comment why going on is right.',
    },
    loggedRejection: {
      text: 'When {{call}} fails, this `catch` logs it and goes on: whoever waits gets undefined, or nothing at all. Rethrow after logging, or answer an error.',
    },
    loggedListener: {
      text: 'When {{call}} fails, this listener only logs it: a promise around it never settles, and nobody is told. Reject the promise, or answer an error.',
    },
    loggedCallback: {
      text: 'When {{call}} fails, this branch only logs it: whoever waits is never told, or is told that all went well. Pass the error on: reject, or call back with it.',
    },
  },
  javascript,
  python,
};
