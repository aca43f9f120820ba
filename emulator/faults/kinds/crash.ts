import { z } from 'zod';
import type { FaultKind } from '../types.js';
import { EVERYWHERE } from '../reach.js';
import { when } from '../when.js';

const params = z.strictObject({
  how: z.enum(['kill', 'exit']).default('kill').describe('kill: SIGKILL, as out of memory; exit: with exitCode'),
  exitCode: z.number().int().min(0).max(255).default(1).describe('Exit status, for how: exit'),
  when,
});

type Params = z.output<typeof params>;

/** The instance's process ends in the middle of the invocation; the next one gets a cold start. */
export const crash: FaultKind<Params> = {
  title: 'Crash',
  summary: 'The process of the instance ends during the invocation; the next invocation starts a new one.',
  reach: EVERYWHERE,
  params,
  describe: ({ how, exitCode, when: side }) =>
    `${how === 'kill' ? 'SIGKILL' : `exit ${String(exitCode)}`} ${side} the handler`,
  effect: ({ how, exitCode, when: side }) => ({
    type: 'crash',
    when: side,
    how: how === 'kill' ? { signal: 'SIGKILL' } : { exitCode },
  }),
};
