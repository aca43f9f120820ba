import { z } from 'zod';
import { isoDurationSchema } from './durations.js';

/**
 * An experiment template as `CreateExperimentTemplate` takes it: names, lengths and patterns of the service's API model [S], and
 * those of the actions reference [D]. Quotas: 20 actions, 5 stop conditions of a template, 5 ARNs of a target.
 */

export const MAX_ACTIONS = 20;
export const MAX_STOP_CONDITIONS = 5;
export const MAX_ARNS = 5;
export const MAX_NAME = 64;
export const MAX_DESCRIPTION = 512;
/** `aws:fis:wait` and the actions with a duration last from one minute to twelve hours. */
export const MIN_ACTION_MS = 60_000;
export const MAX_ACTION_MS = 43_200_000;

const name = z.string().max(MAX_NAME).regex(/^\S+$/);
const arn = z.string().min(20).max(2_048).regex(/^\S+$/);
const description = z.string().min(1).max(MAX_DESCRIPTION);
const parameter = z.string().max(1_024).regex(/^\S+$/);

const duration = isoDurationSchema.pipe(z.number().min(MIN_ACTION_MS).max(MAX_ACTION_MS));

const whole = (min: number, max: number) =>
  parameter.refine((text) => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max);
const invocationPercentage = whole(1, 100).optional();
const preventExecution = z.enum(['true', 'false']);

const shape = {
  description: description.optional(),
  startAfter: z.array(name).optional(),
};
const onFunctions = { ...shape, targets: z.strictObject({ Functions: name }) };

const action = z.discriminatedUnion('actionId', [
  z.strictObject({ actionId: z.literal('aws:fis:wait'), parameters: z.strictObject({ duration }), ...shape }),
  z.strictObject({
    actionId: z.literal('aws:lambda:invocation-add-delay'),
    parameters: z.strictObject({
      duration,
      invocationPercentage,
      startupDelayMilliseconds: whole(0, 900_000).optional(),
    }),
    ...onFunctions,
  }),
  z.strictObject({
    actionId: z.literal('aws:lambda:invocation-error'),
    parameters: z.strictObject({ duration, invocationPercentage, preventExecution }),
    ...onFunctions,
  }),
  z.strictObject({
    actionId: z.literal('aws:lambda:invocation-http-integration-response'),
    parameters: z.strictObject({
      duration,
      invocationPercentage,
      preventExecution,
      statusCode: parameter.regex(/^\d{3}$/),
      contentTypeHeader: parameter,
    }),
    ...onFunctions,
  }),
]);

const target = z.strictObject({
  resourceType: z.literal('aws:lambda:function'),
  resourceArns: z.array(arn).min(1).max(MAX_ARNS),
  selectionMode: z.string().regex(/^(ALL|COUNT\(\d+\)|PERCENT\(\d+\))$/),
});

const stopCondition = z.union([
  z.strictObject({ source: z.literal('none') }),
  z.strictObject({ source: z.literal('aws:cloudwatch:alarm'), value: arn }),
]);

const size = (record: object): number => Object.keys(record).length;

export const fisTemplateSchema = z
  .strictObject({
    description,
    targets: z.record(name, target),
    actions: z.record(name, action).refine((value) => size(value) >= 1 && size(value) <= MAX_ACTIONS),
    stopConditions: z.array(stopCondition).min(1).max(MAX_STOP_CONDITIONS),
    roleArn: arn,
    tags: z.record(z.string().max(128), z.string().max(256)).optional(),
    experimentOptions: z
      .strictObject({
        accountTargeting: z.enum(['single-account', 'multi-account']),
        emptyTargetResolutionMode: z.enum(['fail', 'skip']),
      })
      .optional(),
  })
  .superRefine(({ actions, targets }, context) => {
    for (const [key, given] of Object.entries(actions)) {
      const wanted = 'targets' in given ? given.targets.Functions : undefined;
      if (wanted !== undefined && !Object.hasOwn(targets, wanted))
        context.addIssue({ code: 'custom', path: ['actions', key, 'targets'], message: 'names no target' });
      for (const before of given.startAfter ?? [])
        if (!Object.hasOwn(actions, before) || before === key)
          context.addIssue({ code: 'custom', path: ['actions', key, 'startAfter'], message: 'names no other action' });
    }
  });

export type FisTemplate = z.input<typeof fisTemplateSchema>;
export type FisAction = FisTemplate['actions'][string];
