import { z } from 'zod';
import { EVERYWHERE } from '../reach.js';
import type { FaultKind } from '../types.js';

const params = z.strictObject({
  mode: z
    .enum(['throw', 'exit', 'hang'])
    .default('throw')
    .describe('throw: the module throws at load; exit: the process ends; hang: it is never ready, for 10 s'),
  errorType: z
    .string()
    .regex(/^[A-Za-z_$][\w$.]*$/, 'not a class name, for example TypeError or Runtime.ImportModuleError')
    .max(200)
    .default('InjectedError')
    .describe('Name of the error, for mode: throw'),
  message: z.string().max(10_000).default('Injected by Faultline').describe('Its message, for mode: throw'),
  exitCode: z.number().int().min(0).max(255).default(1).describe('Exit status, for mode: exit'),
  tries: z
    .number()
    .int()
    .min(1)
    .max(2)
    .default(2)
    .describe('1: only the first try of the init fails, the second within the invocation is well; 2: both fail'),
});

type Params = z.output<typeof params>;

/** The init of the invocation's instance fails, before the handler's module is loaded; as on Lambda it is tried twice. */
export const init: FaultKind<Params> = {
  title: 'Init failure',
  summary: 'The invocation’s instance does not start: its module throws, its process exits, or it is never ready.',
  group: 'process',
  reach: EVERYWHERE,
  params,
  describe: (given) => `init ${WORDS[given.mode](given)}${given.tries === 1 ? ', the first time' : ''}`,
  start(given) {
    const { mode, errorType, tries } = given;
    const saw = { throw: errorType, exit: 'Runtime.ExitError', hang: 'Sandbox.Timedout' }[mode];
    return {
      delayMs: 0,
      fail: { ...failureOf(given), tries: tries === 1 ? 1 : 2 },
      saw: tries === 1 ? `${saw} at the first try` : saw,
    };
  },
};

const WORDS: Record<Params['mode'], (given: Params) => string> = {
  throw: ({ errorType }) => `throws ${errorType}`,
  exit: ({ exitCode }) => `exits with ${String(exitCode)}`,
  hang: () => 'hangs',
};

function failureOf({ mode, errorType, message, exitCode }: Params) {
  switch (mode) {
    case 'throw':
      return { how: mode, errorType, message } as const;
    case 'exit':
      return { how: mode, exitCode } as const;
    case 'hang':
      return { how: mode } as const;
  }
}
