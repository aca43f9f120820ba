import { z } from 'zod';

/** Shared by the kinds that act on either side of the handler. */
export const when = z
  .enum(['before', 'after'])
  .default('before')
  .describe('before the handler is called, or after it returned: with its effects made');
