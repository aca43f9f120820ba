import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './status-from-async-source/javascript.js';
import { python } from './status-from-async-source/python.js';

/** Handlers of queues, streams, schedules and events that answer a failure instead of failing. */
export const statusFromAsyncSource: Rule = {
  meta: {
    id: 'status-from-async-source',
    title: 'Status from an asynchronous source',
    summary: 'A handler that nobody waits for answers an error status, and so loses the retry',
    group: 'errors',
    severity: 'error',
    languages: ['javascript', 'typescript', 'python'],
    url: `${DOCS_URL}/rules/status-from-async-source.md`,
  },
  messages: {
    answered: {
      text: '`{{handler}}` is called by {{source}}, which reads no status: answering {{status}} counts as success, so what failed is neither tried again nor sent to a dead-letter queue. Raise the error instead.',
    },
    thrown: {
      text: '`{{handler}}` is called by {{source}}, which reads no status: answering {{status}} counts as success, so what failed is neither tried again nor sent to a dead-letter queue. Throw the error instead.',
    },
  },
  javascript,
  python,
};
