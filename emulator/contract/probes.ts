import { z } from 'zod';
import { duration } from './config.js';
import { valueMatchSchema } from './faults.js';

/** Probes: single checks in an experiment, beside what its load measures. Each ends: with its answer, or with its timeout. */

export const DEFAULT_PROBE_MS = 5_000;
export const MAX_PROBE_MS = 60_000;

const httpStatus = z.number().int().min(100).max(599);
export const statusSchema = z.union([httpStatus, z.array(httpStatus).min(1)]);

/** What a probe can look at. */
export const PROBE_TYPES = ['http', 'invoke', 'metric', 'log', 'process'] as const;
export type ProbeType = (typeof PROBE_TYPES)[number];

/** `faultline_invocation_errors_total{function="orders"} < 5`, over the Prometheus text of the emulator. */
export const METRIC_EXPRESSION =
  /^\s*([a-zA-Z_:][\w:]*)\s*(?:\{\s*((?:[a-zA-Z_]\w*\s*=~?\s*"(?:[^"\\]|\\.)*"\s*,?\s*)*)\})?\s*(<=|>=|==|!=|<|>)\s*(-?\d+(?:\.\d+)?(?:e-?\d+)?)\s*$/;

const logProbe = z
  .strictObject({
    function: z.string().min(1).optional().describe('Only lines of this function; * matches any part'),
    contains: z.string().min(1).optional().describe('Text that is in the line'),
    regex: z.string().min(1).optional().describe('Regular expression that finds something in the line'),
    present: z.boolean().default(true).describe('false: there must be no such line'),
  })
  .refine((value) => (value.contains === undefined) !== (value.regex === undefined), 'give either contains or regex');

const processProbe = z.strictObject({
  command: z.string().min(1).describe('What is run, without a shell; relative paths are of the workspace'),
  args: z.array(z.string()).default([]).describe('Its arguments'),
  env: z.record(z.string(), z.string()).default({}).describe('Variables beside those of the command line'),
});

const probeExpectation = z.strictObject({
  status: statusSchema.optional().describe('HTTP status, or the statusCode of an invocation’s result'),
  headers: z.record(z.string(), valueMatchSchema).optional().describe('Headers of the answer, by name'),
  body: z
    .record(z.string(), valueMatchSchema)
    .optional()
    .describe('Places in the JSON of the answer, for example $.items[0].sku'),
  text: valueMatchSchema.optional().describe('The answer as text'),
  maxMs: z.number().positive().optional().describe('The answer comes within so many ms'),
  exitCode: z.number().int().min(0).max(255).optional().describe('Exit code of a process; 0 when nothing is expected'),
  stdout: valueMatchSchema
    .optional()
    .describe('What a process writes to its standard output, without spaces at its ends'),
});

/** Which expectations a type of probe can have. */
const EXPECTED: Readonly<Record<ProbeType, readonly string[]>> = {
  http: ['status', 'headers', 'body', 'text', 'maxMs'],
  invoke: ['status', 'body', 'text', 'maxMs'],
  metric: [],
  log: [],
  process: ['exitCode', 'stdout', 'maxMs'],
};

export const probeSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[^\p{Cc}]+$/u, 'a name is one line of text')
      .optional()
      .describe('What it is called in reports'),
    http: z
      .string()
      .regex(/^[A-Z]+ (\/|https?:\/\/)/, 'write METHOD /path or METHOD http://…, for example "GET /health"')
      .optional()
      .describe('A request through the gateway ("GET /health"), or to a URL'),
    invoke: z.string().min(1).optional().describe('Name of a function; it is well when it ends without an error'),
    metric: z
      .string()
      .regex(METRIC_EXPRESSION, 'write name{label="x"} < 5, with <, <=, >, >=, == or !=')
      .optional()
      .describe('A metric of the emulator compared with a number; several series are added up'),
    log: logProbe.optional().describe('A line of the functions’ logs since the phase began'),
    process: processProbe.optional().describe('A command of yours; it is well when it exits with 0'),
    headers: z.record(z.string(), z.string()).optional().describe('Headers of the request'),
    body: z.unknown().optional().describe('JSON body of the request'),
    event: z.unknown().optional().describe('Event of the invocation'),
    expect: probeExpectation.optional().describe('What the answer must be'),
    timeout: duration
      .refine((ms) => ms > 0 && ms <= MAX_PROBE_MS, 'a probe waits more than 0 and at most 60s')
      .default(DEFAULT_PROBE_MS)
      .describe('A probe that takes longer has failed'),
    at: duration.optional().describe('When it is made, from the start of the phase; at its end when absent'),
  })
  .superRefine((probe, context) => {
    const issue = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    const types = PROBE_TYPES.filter((type) => probe[type] !== undefined);
    const [type] = types;
    if (!type || types.length > 1) return issue([], `give one of ${PROBE_TYPES.join(', ')}`);
    if (type !== 'http')
      for (const key of ['headers', 'body'] as const)
        if (probe[key] !== undefined) issue([key], `only a probe by http has ${key}`);
    if (type !== 'invoke' && probe.event !== undefined) issue(['event'], 'only a probe by invoke has an event');
    if (probe.body !== undefined && /^(GET|HEAD) /.test(probe.http ?? '')) issue(['body'], 'a GET or HEAD has no body');
    for (const key of Object.keys(probe.expect ?? {}))
      if (!EXPECTED[type].includes(key)) issue(['expect', key], expectsNot(type, key));
  });

function expectsNot(type: ProbeType, key: string): string {
  const allowed = EXPECTED[type];
  return `a probe by ${type} has no ${key}; ${allowed.length > 0 ? `it has ${allowed.join(', ')}` : 'it says itself what must hold'}`;
}

/** A probe as it was read: `timeout` and `at` in ms. */
export type Probe = z.output<typeof probeSchema>;
export type ProbeInput = z.input<typeof probeSchema>;
