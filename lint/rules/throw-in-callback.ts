import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './throw-in-callback/javascript.js';

/** Errors thrown from the event loop, above which nobody stands. */
export const throwInCallback: Rule = {
  meta: {
    id: 'throw-in-callback',
    title: 'Throw in a callback',
    summary: 'An error is thrown in a callback, listener or timer, where nobody can catch it',
    group: 'errors',
    severity: 'error',
    languages: ['javascript', 'typescript'],
    url: `${DOCS_URL}/rules/throw-in-callback.md`,
  },
  messages: {
    thrown: {
      text: 'Nobody can catch what is thrown here: {{where}} runs after the code around it has returned, so the error ends the process instead of failing this one request. Pass it on: {{write}}.',
    },
    asserted: {
      text: 'When this assertion fails nobody can catch it: {{where}} runs after the code around it has returned, so the error ends the process. Pass it on: {{write}}.',
    },
  },
  javascript,
};
