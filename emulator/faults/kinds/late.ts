import { z } from 'zod';
import { EVERYWHERE } from '../reach.js';
import type { FaultKind } from '../types.js';

const params = z.strictObject({
  ms: z.number().min(0).max(3_600_000).default(5_000).describe('How much later it is delivered, in ms'),
});

type Params = z.output<typeof params>;

/** A queue that is behind: what waits meanwhile is not the caller, but the truth of what the event says. */
export const late: FaultKind<Params> = {
  title: 'Late delivery',
  summary: 'An event or a message of a queue reaches the handler later.',
  group: 'delivery',
  reach: EVERYWHERE,
  params,
  describe: ({ ms }) => `delivered ${String(ms)} ms late`,
  deliver: ({ ms }) => ({ type: 'late', ms }),
};
