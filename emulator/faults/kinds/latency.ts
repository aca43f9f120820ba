import { z } from 'zod';
import type { FaultKind } from '../types.js';
import { EVERYWHERE } from '../reach.js';
import { when } from '../when.js';

const params = z.strictObject({
  ms: z.number().min(0).max(900_000).default(800).describe('Delay in ms'),
  jitter: z.number().min(0).max(900_000).default(0).describe('Up to this many ms more or less, uniformly drawn'),
  when,
});

type Params = z.output<typeof params>;

/** Slowness: the gateway waits around the run, with the instance reserved, so that it counts against the timeout. */
export const latency: FaultKind<Params> = {
  title: 'Latency',
  summary: 'The invocation takes longer; past the function’s timeout it times out.',
  group: 'answer',
  reach: EVERYWHERE,
  params,
  describe: ({ ms, jitter, when: side }) =>
    `+${String(ms)}${jitter > 0 ? ` ± ${String(jitter)}` : ''} ms ${side} the handler`,
  async around({ ms, jitter, when: side }, context, next) {
    const drawn = jitter === 0 ? ms : Math.max(0, ms + (context.draw('jitter') * 2 - 1) * jitter);
    if (side === 'before') await context.delay(drawn);
    const result = await next();
    if (side === 'after') await context.delay(drawn);
    return result;
  },
};
