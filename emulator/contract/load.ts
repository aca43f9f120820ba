import { z } from 'zod';
import { duration } from './config.js';

/** The load of an experiment: open loop at a rate, or closed loop with users, constant or in stages. */

/** An experiment ends: no phase is longer, in ms. */
export const MAX_PHASE_MS = 3_600_000;
export const DEFAULT_RATE = 20;
export const DEFAULT_PHASE_MS = 2_000;
export const DEFAULT_WARM_UP_MS = 1_000;

const NO_END = 'an experiment has to end: a phase lasts at most 1h';
const lasting = duration.refine((ms) => ms > 0, 'a phase lasts more than 0').refine((ms) => ms <= MAX_PHASE_MS, NO_END);

const rate = z.number().min(0).max(5_000);
const users = z.number().int().min(0).max(2_000);

const stage = z
  .strictObject({
    rate: rate.optional().describe('Requests per second at the end of the stage'),
    users: users.optional().describe('Users at the end of the stage'),
    for: lasting.describe('How long the stage lasts'),
  })
  .refine((value) => (value.rate === undefined) !== (value.users === undefined), 'give either rate or users');

export const loadSchema = z
  .strictObject({
    rate: rate
      .positive()
      .optional()
      .describe('Requests per second, open loop (20 without a load); with stages, what they start from'),
    users: users
      .min(1)
      .optional()
      .describe('Users, closed loop: each sends its next request when the one before is answered'),
    think: duration.optional().describe('How long a user waits between an answer and the next request'),
    for: lasting.optional().describe('How long each phase lasts (2s without a load)'),
    stages: z
      .array(stage)
      .min(1)
      .max(100)
      .optional()
      .describe('One after the other; rate or users grow or shrink evenly from what was before to what the stage says'),
    events: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Files with events or bodies, .json or .jsonl, taken in turn; relative to the experiment'),
    warmUp: duration
      .refine((ms) => ms <= MAX_PHASE_MS, NO_END)
      .default(DEFAULT_WARM_UP_MS)
      .describe('Load before anything is measured, so that cold starts do not decide; 0s: none'),
  })
  .superRefine((load, context) => {
    const issue = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    const { stages } = load;
    if (load.rate !== undefined && load.users !== undefined)
      issue(['users'], 'contradicts itself: give either rate (open loop) or users (closed loop)');
    const closed = load.users !== undefined || stages?.[0]?.users !== undefined;
    if (load.think !== undefined && !closed) issue(['think'], 'only users think; give users instead of rate');
    if (!stages) {
      if (load.for === undefined) issue([], 'the load has no end; write for example for: 10s');
      return;
    }
    if (load.for !== undefined) issue(['for'], 'the stages say how long; leave for out');
    const start = load.users !== undefined ? 'users' : load.rate !== undefined ? 'rate' : undefined;
    const unit = start ?? (stages[0]?.users !== undefined ? 'users' : 'rate');
    for (const [i, one] of stages.entries())
      if (one[unit] === undefined) issue(['stages', i], `contradicts itself: all stages have ${unit}`);
    if (stages.every((one) => (one[unit] ?? 0) === 0) && start === undefined)
      issue(['stages'], 'no stage sends anything');
    if (stages.reduce((sum, one) => sum + one.for, 0) > MAX_PHASE_MS) issue(['stages'], NO_END);
  })
  .transform(({ for: ms, stages, ...load }) => ({
    ...load,
    ...(stages ? { stages } : {}),
    /** ms of a phase; of stages, all together. */
    for: stages ? stages.reduce((sum, one) => sum + one.for, 0) : (ms ?? DEFAULT_PHASE_MS),
  }));

/** A load as it was read: either `rate` or `users`, or `stages` that have either; times in ms. */
export type Load = z.output<typeof loadSchema>;
