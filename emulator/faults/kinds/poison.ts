import { z } from 'zod';
import { EVERYWHERE } from '../reach.js';
import type { FaultKind } from '../types.js';

const params = z.strictObject({
  how: z
    .enum(['truncated', 'garbage', 'empty'])
    .default('truncated')
    .describe('truncated: cut somewhere; garbage: characters without a meaning; empty: nothing in it'),
});

type Params = z.output<typeof params>;

const WORDS = { truncated: 'cut', garbage: 'as garbage', empty: 'with nothing in it' };

/** A message that no consumer can make sense of, and that comes again for as long as it fails. */
export const poison: FaultKind<Params> = {
  title: 'Poison message',
  summary: 'An event or the body of a message reaches the handler spoilt.',
  group: 'delivery',
  reach: EVERYWHERE,
  params,
  describe: ({ how }) => `delivered ${WORDS[how]}`,
  deliver: ({ how }, { draw }) => ({ type: 'poison', how, draw: draw('poison') }),
};
