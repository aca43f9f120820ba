import { z } from 'zod';
import { MAX_FAULT_MS } from '../../contract/faults.js';
import type { FaultKind } from '../types.js';
import { EVERYWHERE } from '../reach.js';
import { when } from '../when.js';

const params = z.strictObject({
  mode: z
    .enum(['idle', 'busy', 'stopped'])
    .default('idle')
    .refine((mode) => mode !== 'stopped' || process.platform !== 'win32', {
      message: 'Windows has no signals that stop a process; use busy',
    })
    .describe(
      'idle waits for ever; busy spins, so that timers and other callbacks stop too; stopped: SIGSTOP, nothing in it runs',
    ),
  when,
});

type Params = z.output<typeof params>;

/** A handler that never comes back: the invocation ends at the function's timeout. */
export const hang: FaultKind<Params> = {
  title: 'Hang',
  summary: 'The handler never answers; the invocation ends at the function’s timeout.',
  group: 'process',
  reach: EVERYWHERE,
  params,
  describe: ({ mode, when: side }) => `hangs (${mode}) ${side} the handler`,

  effect: ({ mode, when: side }) => (mode === 'stopped' ? undefined : { type: 'hang', mode, when: side }),

  async around({ mode, when: side }, { instance, ended, delay, note }, next) {
    if (mode !== 'stopped') return next();
    const result = side === 'after' ? await next() : undefined;
    // It has ended by itself: there is nothing to stop.
    if (ended.aborted || (result?.ok === false && (result.kind === 'timeout' || result.kind === 'exit'))) {
      return result ?? next();
    }
    note({ where: `${side} the handler`, saw: 'SIGSTOP' });
    instance.pause();
    const resume = (): void => instance.resume();
    ended.addEventListener('abort', resume, { once: true });
    try {
      if (result === undefined) return await next();
      await delay(MAX_FAULT_MS);
      return result;
    } finally {
      ended.removeEventListener('abort', resume);
      // What has ended the wait is the end of the fault, which has resumed it, or the end of the process.
      if (!ended.aborted) resume();
    }
  },
};
