import { z } from 'zod';
import type { FaultKind } from '../types.js';
import { EVERYWHERE } from '../reach.js';
import { when } from '../when.js';

const params = z.strictObject({
  errorType: z
    .string()
    .regex(/^[A-Za-z_$][\w$.]*$/, 'not a class name, for example ProvisionedThroughputExceededException')
    .default('InjectedError')
    .describe('Name of the error that is thrown'),
  message: z.string().max(10_000).default('Injected by Faultline').describe('Message of the error'),
  when,
});

type Params = z.output<typeof params>;

/** An error thrown by the handler, as the caller and the log see one. */
export const exception: FaultKind<Params> = {
  title: 'Exception',
  summary: 'The handler throws an error, so that the invocation ends as a function error.',
  group: 'answer',
  reach: EVERYWHERE,
  params,
  describe: ({ errorType, when: side }) => `throws ${errorType} ${side} the handler`,
  effect: ({ errorType, message, when: side }) => ({ type: 'throw', when: side, errorType, message }),
};
