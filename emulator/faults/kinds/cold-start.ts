import { z } from 'zod';
import { EVERYWHERE } from '../reach.js';
import type { FaultKind } from '../types.js';

const params = z.strictObject({
  delayMs: z
    .number()
    .int()
    .min(0)
    .max(900_000)
    .default(1_000)
    .describe('Added to what the start really takes, ms; 0: only the real start'),
});

type Params = z.output<typeof params>;

/** The invocation starts an instance of its own, although others may be free: as after a pause, a deployment, in a burst. */
export const coldStart: FaultKind<Params> = {
  title: 'Cold start',
  summary: 'The invocation runs on a new instance, whose start it waits for; it ends with it.',
  group: 'process',
  reach: EVERYWHERE,
  params,
  describe: ({ delayMs }) => `starts a new instance${delayMs > 0 ? `, +${String(delayMs)} ms of init` : ''}`,
  start: ({ delayMs }) => ({
    delayMs,
    saw: `a cold start${delayMs > 0 ? `, +${String(delayMs)} ms of init` : ''}`,
  }),
};
