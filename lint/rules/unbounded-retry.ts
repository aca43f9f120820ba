import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './unbounded-retry/javascript.js';
import { python } from './unbounded-retry/python.js';

/** Retries that only end when the dependency comes back, or when the platform kills the function. */
export const unboundedRetry: Rule = {
  meta: {
    id: 'unbounded-retry',
    title: 'Unbounded retry',
    summary: 'A failed call is tried again without a limit',
    group: 'delivery',
    severity: 'warning',
    languages: ['javascript', 'typescript', 'python'],
    url: `${DOCS_URL}/rules/unbounded-retry.md`,
  },
  messages: {
    loop: {
      text: 'While {{call}} fails this loop tries again without a limit: in an outage the function runs until the platform kills it, and adds its load to the outage. Count the attempts, wait longer between them, and give up after a few.',
    },
    recursion: {
      text: '`{{name}}` calls itself again whenever {{call}} fails, without a limit: in an outage it ends by the timeout or by the depth of the stack. Count the attempts and give up after a few.',
    },
    unprocessed: {
      text: 'This loop sends what {{call}} left over again without a limit or a pause: while the service throttles, the function runs until the platform kills it. Count the attempts, wait longer between them, and fail with what is left.',
    },
    library: {
      text: '`{{library}}` without {{missing}} tries again for ever: in an outage the function runs until the platform kills it. Give it {{example}}.',
    },
    again: {
      text: 'This loop tries again until it works: while the dependency is down every instance runs, and is paid, up to its timeout, and the dependency gets no rest. Count the attempts and give up after a few, waiting longer each time.',
    },
    itself: {
      text: '`{{name}}` calls itself after a failure without counting: while the dependency is down it goes on until the timeout, and the dependency gets no rest. Pass the attempts on and give up after a few, waiting longer each time.',
    },
    option: {
      text: '`{{option}}` never gives up: while the dependency is down every instance waits, and is paid, up to its timeout. Write a small number that fits into the function’s timeout.',
    },
  },
  javascript,
  python,
};
