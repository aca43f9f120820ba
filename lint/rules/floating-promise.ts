import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { javascript } from './floating-promise/javascript.js';
import { python } from './floating-promise/python.js';

/** Promises and coroutines that are started and then forgotten. */
export const floatingPromise: Rule = {
  meta: {
    id: 'floating-promise',
    title: 'Floating promise',
    summary: 'A promise or coroutine is neither awaited, returned nor handled',
    group: 'errors',
    severity: 'warning',
    languages: ['javascript', 'typescript', 'python'],
    url: `${DOCS_URL}/rules/floating-promise.md`,
    options: {
      type: 'object',
      additionalProperties: false,
      properties: { allowVoid: { description: '`void promise` counts as meant', type: 'boolean', default: false } },
    },
  },
  messages: {
    floating: {
      text: 'Nobody waits for {{call}}: the instance is frozen when the handler answers, so the work may stop halfway, and a rejection ends the process. Await it, return it, or collect it in `Promise.all`.',
    },
    voided: {
      text: '`void` hides {{call}} from readers, not from the runtime: a rejection ends the process, and the work may stop when the handler answers. Await it, or add `.catch(…)`.',
    },
    unhandledThen: {
      text: 'This `.then` chain has no rejection handler and nobody waits for it: a rejection ends the process, and the handler may answer first. Await it, or add `.catch(…)`.',
    },
    forEach: {
      text: '`forEach` drops the promises of its async callback: the handler answers before the work is done, and a rejection ends the process. Write `await Promise.all(items.map(async …))` or `for (const item of items)`.',
    },
    map: {
      text: 'Nobody waits for the promises that `map` makes here: the handler answers before the work is done, and a rejection ends the process. Write `await Promise.all(items.map(async …))`.',
    },
    coroutine: {
      text: '{{call}} makes a coroutine that never runs: nothing awaits it. Write `await {{name}}(…)`, or hand it to `asyncio.gather`.',
    },
    answered: {
      text: '`{{handler}}` answers with {{call}}, a coroutine that never runs: the platform awaits nothing in Python. Run it with `asyncio.run(…)`.',
    },
    task: {
      text: 'The task of {{call}} is dropped: it may be garbage-collected halfway, its exception is lost, and the handler may answer first. Keep it and await it.',
    },
  },
  javascript,
  python,
};
