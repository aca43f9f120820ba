import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './process-exit/javascript.js';
import { python } from './process-exit/python.js';

/** Handlers that end the process that they run in. */
export const processExit: Rule = {
  meta: {
    id: 'process-exit',
    title: 'Process ended by a handler',
    summary: 'A handler ends its own process instead of answering an error',
    group: 'errors',
    severity: 'warning',
    languages: ['javascript', 'typescript', 'python'],
    url: `${DOCS_URL}/rules/process-exit.md`,
  },
  messages: {
    exits: {
      text: '`{{call}}` ends the instance, not the invocation: the caller gets a bare error (`Runtime.ExitError`), what is in flight is lost, and the next invocation pays for a cold start. Throw, or answer an error.',
    },
    helper: {
      text: '`{{call}}` ends the instance (line {{line}} of {{file}}): the caller gets a bare error (`Runtime.ExitError`) and the next invocation pays for a cold start. Let it throw instead.',
    },
    atStart: {
      text: '`{{call}}` ends the process while the function starts: the platform reports a crash instead of your error, and starts it again for the next invocation. Raise the error instead.',
    },
    python: {
      text: '`{{call}}` ends the instance, not the invocation of `{{handler}}`: the platform reports a crash (`Runtime.ExitError`) instead of your error, and the next invocation pays for a cold start. {{instead}}',
    },
  },
  javascript,
  python,
};
