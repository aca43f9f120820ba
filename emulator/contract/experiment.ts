import { z } from 'zod';
import { duration } from './config.js';
import { afterSchema, expectationSchema } from './expectations.js';
import { faultSpecSchema } from './faults.js';
import { DEFAULT_PHASE_MS, DEFAULT_RATE, loadSchema } from './load.js';

/** Experiment files: `*.experiment.yaml` beside the config. Steady state, load, faults on a timeline, expectations. */

export const EXPERIMENT_GLOB = '**/*.experiment.{yaml,yml}';

const WAYS = ['request', 'invoke', 'queue'] as const;

const target = z
  .strictObject({
    request: z
      .string()
      .regex(/^[A-Z]+ \//, 'write METHOD /path, for example "POST /orders"')
      .optional()
      .describe('A request through the gateway, for example "POST /orders"'),
    invoke: z.string().optional().describe('Name of a function'),
    async: z
      .boolean()
      .default(false)
      .describe('true invokes it asynchronously: accepted is 202, and delivery tells what became of it'),
    queue: z.string().min(1).optional().describe('Name of a queue that the body is sent to as a message'),
    headers: z.record(z.string(), z.string()).default({}).describe('Headers of the request'),
    body: z.unknown().optional().describe('JSON body of the request or message'),
    event: z.unknown().optional().describe('Event of the invocation'),
  })
  .superRefine((value, context) => {
    const issue = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    const ways = WAYS.filter((way) => value[way] !== undefined);
    if (ways.length !== 1) return issue([], 'give either request or invoke, or queue');
    if (value.body !== undefined && /^(GET|HEAD) /.test(value.request ?? ''))
      issue(['body'], 'a GET or HEAD request has no body');
    if (value.invoke !== undefined && value.body !== undefined)
      issue(['body'], 'an invocation has an event, not a body; write event');
    if (value.invoke === undefined && value.event !== undefined)
      issue(['event'], `a ${value.queue === undefined ? 'request' : 'message'} has a body, not an event; write body`);
    if (value.async && value.invoke === undefined) issue(['async'], 'only an invocation is asynchronous; write invoke');
  });

/** A fault of an experiment: when it begins, beside what every fault has. */
export const experimentFaultSchema = faultSpecSchema.safeExtend({
  at: duration.default(0).describe('When it begins, from the start of during; its own for, or the phase, ends it'),
});

export const experimentSchema = z
  .strictObject({
    title: z
      .string()
      .regex(/^[^\p{Cc}]+$/u, 'a title is one line of text')
      .describe('What is proved, in one sentence'),
    description: z.string().optional().describe('More about it'),
    target: target.describe('What is called, over and over'),
    steadyState: expectationSchema.describe('Must hold before any fault: proves that all was well to begin with'),
    load: loadSchema
      .prefault({ rate: DEFAULT_RATE, for: DEFAULT_PHASE_MS / 1_000 })
      .describe('How often, and for how long'),
    faults: z
      .array(experimentFaultSchema)
      .min(1, 'an experiment without a fault proves nothing; add one')
      .describe('What is broken, and when'),
    during: expectationSchema.describe('Must hold while the faults are on'),
    after: afterSchema.optional().describe('Must hold once they have been cleared'),
    timeScale: z
      .number()
      .positive()
      .max(100_000)
      .default(1)
      .describe('How many times faster retries, ages and schedules run: 60 makes a minute a second'),
  })
  .superRefine(({ faults, load, target: { body, event }, ...phases }, context) => {
    const issue = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    for (const [i, fault] of faults.entries())
      if (fault.at >= load.for) issue(['faults', i, 'at'], `the phase is over by then: it lasts ${load.for / 1_000} s`);
    for (const name of ['steadyState', 'during', 'after'] as const)
      for (const [i, probe] of (phases[name]?.probes ?? []).entries())
        if ((probe.at ?? 0) >= load.for)
          issue([name, 'probes', i, 'at'], `the phase is over by then: it lasts ${load.for / 1_000} s`);
    if (load.events && (body !== undefined || event !== undefined))
      issue(['load', 'events'], 'contradicts itself: the target has a body or an event of its own');
  });

export type ExperimentInput = z.input<typeof experimentSchema>;
export type Experiment = z.output<typeof experimentSchema>;
export type ExperimentFault = z.output<typeof experimentFaultSchema>;

export type { AfterExpectation, Expectation, Threshold } from './expectations.js';
export type * from './experiment-result.js';
export type { Load } from './load.js';
export type { Probe, ProbeInput } from './probes.js';
