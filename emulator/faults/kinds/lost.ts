import { z } from 'zod';
import { EVERYWHERE } from '../reach.js';
import type { FaultKind } from '../types.js';

const params = z.strictObject({
  deliveries: z
    .enum(['any', 'first', 'again'])
    .default('any')
    .describe('Which may be lost: any, only the first one of an event or message, or only those that come again'),
});

type Params = z.output<typeof params>;

const WORDS = { any: '', first: ', only at first', again: ', only when it comes again' };

/** What an at-most-once way does now and then: the sender has its receipt, and nobody ever gets it. */
export const lost: FaultKind<Params> = {
  title: 'Lost delivery',
  summary: 'An event or a message of a queue is accepted and never reaches the handler.',
  group: 'delivery',
  reach: EVERYWHERE,
  params,
  describe: ({ deliveries }) => `never delivered${WORDS[deliveries]}`,
  deliver({ deliveries }, { attempt }) {
    if (deliveries !== 'any' && (deliveries === 'first') !== (attempt === 1)) return undefined;
    return { type: 'lost' };
  },
};
