import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './callback-misuse/javascript.js';

/** Handlers that answer through their callback, and do it twice, never, or besides a promise. */
export const callbackMisuse: Rule = {
  meta: {
    id: 'callback-misuse',
    title: 'Callback misused',
    summary: 'A handler calls its callback twice, never, besides a promise, or on a runtime without callbacks',
    group: 'errors',
    severity: 'error',
    languages: ['javascript', 'typescript'],
    url: `${DOCS_URL}/rules/callback-misuse.md`,
  },
  messages: {
    mixed: {
      text: '`{{handler}}` is async and also answers through {{call}}: whichever comes first is the answer, which may be the promise’s `undefined`, and the other is dropped. Return the value and throw the error; take no callback.',
    },
    never: {
      text: '`{{handler}}` takes `{{callback}}` and never calls it: the caller gets `null` (a 502 behind API Gateway) when nothing is left to do, or a timeout. Call it on every path, or make the handler async and return the answer.',
    },
    path: {
      text: 'On this path `{{callback}}` is never called: the caller gets no answer, which API Gateway turns into a 502. Call it before returning.',
    },
    branch: {
      text: 'When `{{name}}` is {{state}}, `{{callback}}` is never called: the invocation ends with `null`, as if it had worked, or by its timeout. Pass on what happened: `{{write}}`.',
    },
    twice: {
      text: '`{{callback}}` has been called on this path already (line {{line}}): this answer is dropped, and what stands between runs though the invocation is over. Write `return` before the first call.',
    },
    loop: {
      text: '`{{callback}}` is called once for every turn of this loop: the first ends the invocation, the others are dropped with what was still to do. Call it once, behind the loop, when all is done.',
    },
    runtime: {
      text: 'The runtime {{runtime}} takes no callback: `{{callback}}` is undefined there, and calling it fails every invocation. Make the handler async, return the answer and throw the error.',
    },
  },
  javascript,
};
