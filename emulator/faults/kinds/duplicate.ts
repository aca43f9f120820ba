import { z } from 'zod';
import { EVERYWHERE } from '../reach.js';
import type { FaultKind } from '../types.js';

const params = z.strictObject({
  copies: z.number().int().min(1).max(100).default(1).describe('How many times more the handler gets it'),
  afterMs: z
    .number()
    .min(0)
    .max(900_000)
    .default(0)
    .describe('From the delivery to the first copy, and from copy to copy, in ms'),
});

type Params = z.output<typeof params>;

/** Delivered more than once, as every at-least-once queue may do: what a handler must be idempotent for. */
export const duplicate: FaultKind<Params> = {
  title: 'Duplicate delivery',
  summary: 'An event or a message of a queue is delivered again, under the same id.',
  group: 'delivery',
  reach: EVERYWHERE,
  params,
  describe: ({ copies, afterMs }) =>
    `delivered ${copies === 1 ? 'twice' : `${String(copies + 1)} times`}${afterMs > 0 ? `, ${String(afterMs)} ms apart` : ''}`,
  deliver: ({ copies, afterMs }) => ({ type: 'duplicate', copies, afterMs }),
};
