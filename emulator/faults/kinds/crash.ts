import { z } from 'zod';
import type { RunResult } from '../../instances/types.js';
import type { FaultKind, RunContext } from '../types.js';
import { EVERYWHERE } from '../reach.js';

const params = z.strictObject({
  how: z.enum(['kill', 'exit']).default('kill').describe('kill: SIGKILL, as out of memory; exit: with exitCode'),
  exitCode: z.number().int().min(0).max(255).default(1).describe('Exit status, for how: exit'),
  when: z
    .enum(['before', 'after', 'during'])
    .default('before')
    .describe(
      'before the handler is called, after it returned (with its effects made), or during it, ms after it began',
    ),
  ms: z.number().int().min(0).max(900_000).default(100).describe('ms after the handler began, for when: during'),
});

type Params = z.output<typeof params>;

/** The instance's process ends in the middle of the invocation; the next one gets a cold start. */
export const crash: FaultKind<Params> = {
  title: 'Crash',
  summary: 'The process of the instance ends during the invocation; the next invocation starts a new one.',
  group: 'process',
  reach: EVERYWHERE,
  params,

  describe({ how, exitCode, when, ms }) {
    const end = how === 'kill' ? 'SIGKILL' : `exit ${String(exitCode)}`;
    return when === 'during' ? `${end} ${String(ms)} ms after the handler began` : `${end} ${when} the handler`;
  },

  // A handler that has answered by then was not hit.
  hitBy: ({ when }) => (when === 'during' ? 'itself' : undefined),

  effect({ how, exitCode, when }) {
    if (when === 'during') return undefined;
    return { type: 'crash', when, how: how === 'kill' ? { signal: 'SIGKILL' } : { exitCode } };
  },

  around: (params, context, next) => (params.when === 'during' ? endDuring(params, context, next) : next()),
};

/** From the emulator, so that a handler that blocks its event loop is hit on time as well. */
async function endDuring(
  { how, exitCode, ms }: Params,
  { clock, instance, ended, hit }: RunContext,
  next: () => Promise<RunResult>,
): Promise<RunResult> {
  const timer = clock.after(ms, () => {
    hit({ where: `${String(ms)} ms after the handler began`, saw: how === 'kill' ? 'SIGKILL' : 'exit' });
    // A process can only be killed from outside; what its caller is told is what an exit of its own would have been.
    instance.kill(how === 'kill' ? undefined : exitText(exitCode));
  });
  const cancel = (): void => timer.cancel();
  ended.addEventListener('abort', cancel, { once: true });
  try {
    return await next();
  } finally {
    cancel();
    ended.removeEventListener('abort', cancel);
  }
}

/** As Lambda tells it; 0 is no error to it [R]. */
function exitText(status: number): string {
  return status === 0
    ? 'Runtime exited without providing a reason'
    : `Runtime exited with error: exit status ${String(status)}`;
}
