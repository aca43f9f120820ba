import { z } from 'zod';
import type { FaultKind } from '../types.js';
import { HOOKED } from '../reach.js';

const params = z.strictObject({
  mode: z
    .enum(['pressure', 'oom'])
    .default('pressure')
    .describe('pressure: mb are held during the invocation; oom: it takes memory until it is killed at its limit'),
  mb: z.number().int().min(1).max(10_240).default(64).describe('MB to hold, for mode: pressure'),
  heap: z
    .boolean()
    .default(false)
    .describe(
      'Node: true takes it in V8’s heap, so that the garbage collector feels it; false outside, as Buffers are',
    ),
});

type Params = z.output<typeof params>;

/** Less memory for the handler, or none. */
export const memory: FaultKind<Params> = {
  title: 'Memory',
  summary: 'The instance has less memory for the handler, or runs out of it and is killed.',
  group: 'resources',
  reach: HOOKED,
  params,
  describe: ({ mode, mb, heap }) =>
    `${mode === 'oom' ? 'out of memory' : `${String(mb)} MB held`}${heap ? ' in the heap' : ''}`,

  effect: ({ mode, mb, heap }, { fault }) => ({ type: 'memory', fault, mode, mb, heap }),

  async around({ mode, mb }, { note }, next) {
    const result = await next();
    const ended = !result.ok && result.kind === 'exit' ? /Runtime exited with error: (.*)$/.exec(result.message) : null;
    const saw = ended?.[1] ?? (mode === 'oom' ? undefined : `${String(mb)} MB less`);
    note({ where: 'the whole run', ...(saw === undefined ? {} : { saw }) });
    return result;
  },
};
