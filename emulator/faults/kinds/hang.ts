import { z } from 'zod';
import type { FaultKind } from '../types.js';
import { EVERYWHERE } from '../reach.js';
import { when } from '../when.js';

const params = z.strictObject({
  mode: z
    .enum(['idle', 'busy'])
    .default('idle')
    .describe('idle waits for ever; busy spins, so that timers and other callbacks stop too'),
  when,
});

type Params = z.output<typeof params>;

/** A handler that never comes back: the invocation ends at the function's timeout. */
export const hang: FaultKind<Params> = {
  title: 'Hang',
  summary: 'The handler never answers; the invocation ends at the function’s timeout.',
  reach: EVERYWHERE,
  params,
  describe: ({ mode, when: side }) => `hangs (${mode}) ${side} the handler`,
  effect: ({ mode, when: side }) => ({ type: 'hang', mode, when: side }),
};
