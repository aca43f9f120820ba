import { z } from 'zod';
import { EVERYWHERE } from '../reach.js';
import type { FaultKind } from '../types.js';

const params = z.strictObject({
  window: z
    .number()
    .int()
    .min(2)
    .max(1_000)
    .default(10)
    .describe('How many are collected and then delivered in another order'),
  maxMs: z
    .number()
    .min(1)
    .max(900_000)
    .default(5_000)
    .describe('How long the first of them waits for the others, in ms'),
});

type Params = z.output<typeof params>;

/** Standard queues and asynchronous events promise no order; mostly they keep it, until they do not. */
export const reordered: FaultKind<Params> = {
  title: 'Reordered delivery',
  summary: 'Events or messages of a queue reach the handler in another order.',
  group: 'delivery',
  reach: EVERYWHERE,
  params,
  describe: ({ window }) => `${String(window)} at a time in another order`,
  deliver: ({ window, maxMs }, { draw }) => ({ type: 'reordered', window, maxMs, draw: draw('place') }),
};
