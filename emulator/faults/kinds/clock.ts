import { z } from 'zod';
import type { Clock } from '../../clock.js';
import type { FaultContext, FaultKind } from '../types.js';
import { HOOKED } from '../reach.js';

/** Ten years, either way. */
const MOST_MS = 315_576_000_000;

const params = z.strictObject({
  skewMs: z
    .number()
    .int()
    .min(-MOST_MS)
    .max(MOST_MS)
    .default(3_600_000)
    .describe('ms that the clock is ahead; negative: behind'),
  speed: z
    .number()
    .min(0.01)
    .max(100)
    .default(1)
    .describe('How fast it goes: 1.1 gains 6 s a minute, 0.9 loses them; counted from when the fault first hits'),
  clocks: z
    .enum(['all', 'wall'])
    .default('all')
    .describe(
      'all: also the clocks that only count on (they never go back); wall: dates alone, as when it is set anew',
    ),
});

type Params = z.output<typeof params>;

/** The clock of the instance is wrong; the machine's is not touched. */
export const clock: FaultKind<Params> = {
  title: 'Clock skew',
  summary: 'The clock that the handler reads is ahead, behind, too fast or too slow.',
  group: 'resources',
  reach: HOOKED,
  params,
  describe: ({ skewMs, speed }) =>
    `clock ${seconds(skewMs)}${speed === 1 ? '' : `, ${String(speed)} times as fast as it should be`}`,

  effect: (given, context) => ({
    type: 'clock',
    fault: context.fault,
    offsetMs: offsetOf(given, context),
    speed: given.speed,
    clocks: given.clocks,
  }),

  async around(given, context, next) {
    const ahead = offsetOf(given, context);
    const result = await next();
    context.note({ where: 'the whole run', saw: seconds(ahead) });
    return result;
  },
};

/** What it is ahead now, ms: a clock that goes too fast has gained since the fault first hit. */
function offsetOf({ skewMs, speed }: Params, { clock, memory }: Pick<FaultContext, 'clock' | 'memory'>): number {
  const began = memory(() => startOf(clock));
  return Math.round(skewMs + (clock.monotonic() - began.at) * (speed - 1));
}

const startOf = (clock: Clock): { readonly at: number } => ({ at: clock.monotonic() });

const seconds = (ms: number): string => `${ms < 0 ? '−' : '+'}${String(Math.abs(ms) / 1_000)} s`;
