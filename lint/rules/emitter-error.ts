import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './emitter-error/javascript.js';

/** Emitters whose errors nobody listens to: the process ends. */
export const emitterError: Rule = {
  meta: {
    id: 'emitter-error',
    title: 'No error listener',
    summary: 'A stream, request, socket or pool has no error listener, so its error ends the process',
    group: 'errors',
    severity: 'warning',
    languages: ['javascript', 'typescript'],
    url: `${DOCS_URL}/rules/emitter-error.md`,
  },
  messages: {
    unheard: {
      text: "When {{when}}, {{what}} emits `error`, and since nobody listens the process ends: no try/catch sees it. Add `.on('error', …)`{{pipe}}.",
    },
  },
  javascript,
};
