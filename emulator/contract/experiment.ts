import { z } from 'zod';
import { duration } from './config.js';
import type { ErrorCode, ErrorPlace } from './errors.js';
import { faultSpecSchema } from './faults.js';

/** Experiment files: `*.experiment.yaml` beside the config. Steady state, load, faults on a timeline, expectations. */

export const EXPERIMENT_GLOB = '**/*.experiment.{yaml,yml}';

const range = z
  .strictObject({
    min: z.number().optional().describe('At least'),
    max: z.number().optional().describe('At most'),
  })
  .refine((value) => value.min !== undefined || value.max !== undefined, 'give min, max or both')
  .refine((value) => (value.min ?? -Infinity) <= (value.max ?? Infinity), 'min is above max');

const target = z
  .strictObject({
    request: z
      .string()
      .regex(/^[A-Z]+ \//, 'write METHOD /path, for example "POST /orders"')
      .optional()
      .describe('A request through the gateway, for example "POST /orders"'),
    invoke: z.string().optional().describe('Name of a function'),
    headers: z.record(z.string(), z.string()).default({}).describe('Headers of the request'),
    body: z.unknown().optional().describe('JSON body of the request'),
    event: z.unknown().optional().describe('Event of the invocation'),
  })
  .refine((value) => (value.request === undefined) !== (value.invoke === undefined), 'give either request or invoke')
  .refine((value) => value.body === undefined || !/^(GET|HEAD) /.test(value.request ?? ''), {
    path: ['body'],
    message: 'a GET or HEAD request has no body',
  })
  .refine((value) => value.invoke === undefined || value.body === undefined, {
    path: ['body'],
    message: 'an invocation has an event, not a body; write event',
  })
  .refine((value) => value.request === undefined || value.event === undefined, {
    path: ['event'],
    message: 'a request has a body, not an event; write body',
  });

const httpStatus = z.number().int().min(100).max(599);
const status = z.union([httpStatus, z.array(httpStatus).min(1)]);

/** What must hold over the load of a phase. */
export const expectationSchema = z
  .strictObject({
    status: status
      .optional()
      .describe(
        'Every answer has this status, or one of these; for invoke, the statusCode of the result, 200 without one',
      ),
    errorShare: range
      .refine(({ min = 0, max = 1 }) => min >= 0 && max <= 1, 'a share is from 0 to 1, for example 0.05')
      .optional()
      .describe('Share of failed requests, 0 to 1: status ≥ 500, function error or no answer'),
    p50: range.optional().describe('Median latency in ms, as the client sees it'),
    p95: range.optional().describe('Latency in ms that 95 % of the requests stay within'),
    p99: range.optional().describe('Latency in ms that 99 % of the requests stay within'),
  })
  .refine(
    (value) => Object.values(value).some((item) => item !== undefined),
    'nothing is expected; give status, errorShare, p50, p95 or p99',
  );

export const experimentSchema = z.strictObject({
  title: z
    .string()
    .regex(/^[^\p{Cc}]+$/u, 'a title is one line of text')
    .describe('What is proved, in one sentence'),
  description: z.string().optional().describe('More about it'),
  target: target.describe('What is called, over and over'),
  steadyState: expectationSchema.describe('Must hold before any fault: proves that all was well to begin with'),
  load: z
    .strictObject({
      rate: z.number().positive().max(5_000).default(20).describe('Requests per second, open loop'),
      for: duration
        .refine((ms) => ms > 0, 'a phase lasts more than 0')
        .default(2_000)
        .describe('How long each phase lasts'),
    })
    .prefault({})
    .describe('How often, and for how long'),
  faults: z
    .array(faultSpecSchema)
    .min(1, 'an experiment without a fault proves nothing; add one')
    .describe('What is broken'),
  during: expectationSchema.describe('Must hold while the faults are on'),
  after: expectationSchema.optional().describe('Must hold once they have been cleared'),
});

export type ExperimentInput = z.input<typeof experimentSchema>;
export type Experiment = z.output<typeof experimentSchema>;
export type Expectation = z.output<typeof expectationSchema>;

export type Phase = 'steadyState' | 'during' | 'after';

/** One expectation held against what was measured. */
export interface Check {
  readonly phase: Phase;
  /** `p95 ≤ 500 ms`. */
  readonly expectation: string;
  /** `812 ms`. */
  readonly measured: string;
  readonly passed: boolean;
}

export interface PhaseFigures {
  readonly phase: Phase;
  readonly requests: number;
  readonly failed: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface ExperimentResult {
  readonly title: string;
  /** Absolute path of its file. */
  readonly file: string;
  readonly seed: string;
  /** `vacuous`: every check passed, but a fault never fired; it counts as failed. */
  readonly verdict: 'passed' | 'failed' | 'vacuous' | 'error';
  readonly durationMs: number;
  readonly checks: readonly Check[];
  readonly phases: readonly PhaseFigures[];
  readonly faults: readonly {
    readonly id: string;
    readonly kind: string;
    readonly summary: string;
    readonly injected: number;
  }[];
  /** Why there is no verdict, for `error`; the code decides whose fault it is and the exit code. */
  readonly error?: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint?: string;
    readonly place?: ErrorPlace;
  };
  /** Where the handler under test is, for annotations. */
  readonly place?: { readonly file: string; readonly line: number };
}
