import { z } from 'zod';
import { duration } from './config.js';
import { probeSchema, statusSchema } from './probes.js';

/** What must hold in a phase of an experiment. */

const range = z
  .strictObject({
    min: z.number().optional().describe('At least'),
    max: z.number().optional().describe('At most'),
  })
  .refine((value) => value.min !== undefined || value.max !== undefined, 'give min, max or both')
  .refine((value) => (value.min ?? -Infinity) <= (value.max ?? Infinity), 'min is above max');

/**
 * Metrics that thresholds are about, by the name of k6 and by ours, with the aggregations of each.
 * Grammar and aggregations: k6, "Thresholds" (Trend: avg, min, max, med, p(N); Rate: rate; Counter: count, rate).
 */
export const THRESHOLD_METRICS = {
  http_req_duration: 'latency',
  http_req_failed: 'errors',
  http_reqs: 'requests',
  latency: 'latency',
  errors: 'errors',
  requests: 'requests',
} as const;
export type ThresholdMetric = (typeof THRESHOLD_METRICS)[keyof typeof THRESHOLD_METRICS];

export const THRESHOLD_AGGREGATIONS: Readonly<Record<ThresholdMetric, readonly string[]>> = {
  latency: ['avg', 'min', 'max', 'med', 'p(N)', 'count'],
  errors: ['rate', 'count'],
  requests: ['count', 'rate'],
};

/** `p(95)<500`, `rate < 0.01`: groups 1 aggregation, 2 its percentile, 3 operator, 4 value. */
export const THRESHOLD_EXPRESSION =
  /^\s*(avg|min|max|med|count|rate|p\(\s*(\d{1,2}(?:\.\d+)?|100(?:\.0+)?)\s*\))\s*(<=|>=|===|==|!=|<|>)\s*(-?\d+(?:\.\d+)?)\s*$/;

const expression = z
  .string()
  .regex(THRESHOLD_EXPRESSION, 'not a threshold; write for example p(95)<500, med<100, rate<0.01 or count>10');

const thresholdSchema = z.union([
  expression,
  z.strictObject({
    threshold: expression.describe('The threshold, for example p(95)<500'),
    abortOnFail: z.boolean().default(false).describe('true ends the run as soon as it does not hold'),
    delayAbortEval: duration.default(0).describe('Not before so long into the phase'),
  }),
]);

function aggregationIssue(metric: keyof typeof THRESHOLD_METRICS, text: string): string | undefined {
  const aggregation = THRESHOLD_EXPRESSION.exec(text)?.[1]?.replace(/^p\(.*/, 'p(N)');
  const allowed = THRESHOLD_AGGREGATIONS[THRESHOLD_METRICS[metric]];
  if (aggregation === undefined || allowed.includes(aggregation)) return undefined;
  return `${metric} has no ${aggregation}; it has ${allowed.join(', ')}`;
}

const metricThresholds = (metric: keyof typeof THRESHOLD_METRICS, what: string) =>
  z
    .array(thresholdSchema)
    .min(1)
    .superRefine((list, context) => {
      for (const [i, one] of list.entries()) {
        const message = aggregationIssue(metric, typeof one === 'string' ? one : one.threshold);
        if (message !== undefined) context.addIssue({ code: 'custom', path: [i], message });
      }
    })
    .optional()
    .describe(what);

const thresholdsSchema = z
  .strictObject({
    latency: metricThresholds('latency', 'ms: avg, min, max, med, p(N), count'),
    errors: metricThresholds('errors', 'Failed requests: rate (share, 0 to 1), count'),
    requests: metricThresholds('requests', 'Requests: count, rate (a second)'),
    http_req_duration: metricThresholds('http_req_duration', 'latency, as k6 calls it'),
    http_req_failed: metricThresholds('http_req_failed', 'errors, as k6 calls it'),
    http_reqs: metricThresholds('http_reqs', 'requests, as k6 calls it'),
  })
  .refine((value) => Object.keys(value).length > 0, 'no threshold; write for example latency: ["p(95)<500"]');

const limit = z.number().int().min(0).max(1_000_000);

const deliverySchema = z.strictObject({
  function: z.string().min(1).optional().describe('The function that handles them; the target’s when absent'),
  lost: limit.default(0).describe('At most so many that no handler has finished'),
  duplicated: limit.default(0).describe('At most so many that handlers have finished more than once'),
  within: duration
    .refine((ms) => ms <= 3_600_000, 'at most 1h')
    .default(10_000)
    .describe('How long what is on its way is waited for once the load has ended'),
});

const memorySchema = z.strictObject({
  function: z
    .string()
    .min(1)
    .optional()
    .describe('The function whose instances are measured; the target’s when absent'),
  growth: z
    .number()
    .min(0)
    .max(1_000)
    .default(10)
    .describe('Percent that an instance’s memory may grow over the phase'),
  samples: z.number().int().min(2).max(1_000).default(4).describe('Fewer measurements of an instance prove nothing'),
});

const shape = {
  status: statusSchema
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
  thresholds: thresholdsSchema.optional().describe('Thresholds as k6 writes them, by metric'),
  probes: z.array(probeSchema).min(1).optional().describe('Single checks: HTTP, invocation, metric, log, process'),
  delivery: deliverySchema.optional().describe('No lost and no doubled deliveries'),
  memory: memorySchema.optional().describe('Memory stays flat'),
};

const NOTHING = 'nothing is expected; give status, errorShare, p50, p95, p99, thresholds, probes, delivery or memory';
const expectsSomething = (value: object): boolean => Object.values(value).some((item) => item !== undefined);

/** What must hold over the load of a phase. */
export const expectationSchema = z.strictObject(shape).refine(expectsSomething, NOTHING);

const answersSchema = z.number().int().min(1).max(10_000);

/** ms within which it is well again, and how many good answers in a row say so. */
const recoveredWithin = z
  .union([
    duration,
    z.strictObject({
      within: duration.describe('From the end of the faults'),
      answers: answersSchema.default(5).describe('So many good answers in a row'),
    }),
  ])
  .transform((value) => (typeof value === 'number' ? { within: value, answers: 5 } : value));

export const afterSchema = z
  .strictObject({
    ...shape,
    recoveredWithin: recoveredWithin
      .optional()
      .describe('It is well again so long after the end of the faults; what else is expected counts from then on'),
  })
  .refine(expectsSomething, NOTHING.replace(' or ', ', ').replace(/$/, ' or recoveredWithin'));

export type Expectation = z.output<typeof expectationSchema>;
export type AfterExpectation = z.output<typeof afterSchema>;
export type Threshold = z.output<typeof thresholdSchema>;
