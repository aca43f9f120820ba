import { z } from 'zod';
import { STORE_PATTERN } from './library.js';
import { RUNTIMES, type Runtime } from './runtimes.js';

/**
 * The configuration: one zod schema, from which come the validation, the types and the JSON Schema that the editor
 * completes from. Only what the emulator does is in it; an unknown key is an error that names file, line and key.
 */

export const CONFIG_FILES = ['faultline.yaml', 'faultline.yml'] as const;

/** What the gateway and the runtime bound, in bytes. Lambda quotas, FACTS: 6 MB synchronous payload. */
export const MAX_PAYLOAD_BYTES = 6_291_556;

/** Lambda: a function runs 900 s at most. */
export const MAX_TIMEOUT_SECONDS = 900;

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/**
 * Milliseconds of `250ms`, `30s`, `5m`, `6h`; a bare number is seconds, as on Lambda.
 * @returns undefined when the text is not a duration
 */
export function parseDuration(value: string | number): number | undefined {
  if (typeof value === 'number') return value >= 0 && Number.isFinite(value) ? value * 1_000 : undefined;
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(value.trim());
  if (!match) return undefined;
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
}

/** A duration in the config: `250ms`, `30s`, `5m`, `6h`, or seconds as a number. Parsed to milliseconds. */
export const duration = z
  .union([z.string(), z.number()])
  .describe('A duration such as 250ms, 30s, 5m or 6h; a bare number is seconds')
  .transform((value, context) => {
    const ms = parseDuration(value);
    if (ms === undefined) {
      context.addIssue({ code: 'custom', message: 'not a duration; write for example 250ms, 30s, 5m or 6h' });
      return z.NEVER;
    }
    return ms;
  });

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'ANY'] as const;

/** `POST /orders/{id}`, `ANY /files/{path+}`: API Gateway's HTTP API routes. */
export const routePattern = z
  .string()
  .regex(
    new RegExp(`^(${METHODS.join('|')}) /(?:[^\\s{}]|\\{[A-Za-z0-9_.:-]+\\+?\\})*$`),
    `not a route; write METHOD /path, for example "POST /orders/{id}" (methods: ${METHODS.join(', ')})`,
  );

const queueName = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]{1,80}$/,
    'not a queue name: letters, digits, - and _, 80 at most (FIFO queues are not emulated)',
  );

/** Where a record of an asynchronous invocation, or its event, is sent: `queue:NAME` or `function:NAME`. */
const destination = z
  .string()
  .regex(/^(queue|function):[A-Za-z0-9_.-]{1,80}$/, 'not a destination; write queue:NAME or function:NAME');

const scheduleSource = z.union([
  z.string(),
  z.strictObject({
    expression: z.string().describe('rate(5 minutes), cron(0 8 ? * MON-FRI *) or a five-field cron'),
    timezone: z.string().default('UTC').describe('IANA time zone that a cron is read in, for example Europe/Berlin'),
    input: z.unknown().optional().describe('The event; by default the one that EventBridge sends'),
    enabled: z.boolean().default(true).describe('false keeps the schedule without running it'),
  }),
]);

const queueSource = z.union([
  queueName,
  z.strictObject({
    name: queueName.describe('A queue of queues:'),
    batchSize: z.number().int().min(1).max(10_000).default(10).describe('Messages of one invocation at most'),
    window: duration.default(0).describe('How long a batch is gathered, 5 minutes at most'),
    partialResponses: z
      .boolean()
      .default(false)
      .describe('Heed the batchItemFailures that the handler returns (ReportBatchItemFailures)'),
    maxConcurrency: z.number().int().min(2).max(1_000).optional().describe('Batches that run at the same time at most'),
    enabled: z.boolean().default(true).describe('false leaves the messages in the queue'),
  }),
]);

const eventSource = z
  .strictObject({
    http: routePattern
      .optional()
      .describe('An HTTP API route that invokes the function, for example "POST /orders/{id}"'),
    schedule: scheduleSource.optional().describe('Times at which the function is invoked, for example rate(1 minute)'),
    queue: queueSource.optional().describe('A queue whose messages invoke the function in batches'),
  })
  .refine(
    (value) => Object.values(value).filter((each) => each !== undefined).length === 1,
    'one of http, schedule or queue each',
  )
  .describe('A way in');

export const BALANCING_POLICIES = ['p2c', 'round-robin'] as const;
export type BalancingPolicyName = (typeof BALANCING_POLICIES)[number];

const scaling = z
  .strictObject({
    min: z.number().int().min(0).max(1_000).default(0).describe('Instances kept running'),
    max: z
      .number()
      .int()
      .min(1)
      .max(1_000)
      .optional()
      .describe('Instances at most, further invocations wait; concurrency.reserved when that is given, else 50'),
    idle: duration.default(60_000).describe('How long an idle instance is kept, for example 60s'),
  })
  .refine((value) => value.max === undefined || value.min <= value.max, {
    path: ['min'],
    message: 'scaling.min is above scaling.max',
  });

/** Instances of a function at most, when neither scaling.max nor concurrency.reserved says. */
export const DEFAULT_MAX_INSTANCES = 50;

const concurrency = z.strictObject({
  reserved: z
    .number()
    .int()
    .min(0)
    .max(1_000)
    .optional()
    .describe('Invocations at the same time at most; further ones are throttled at once (429). 0 switches it off'),
  provisioned: z
    .number()
    .int()
    .min(0)
    .max(1_000)
    .default(0)
    .describe('Instances initialised ahead and kept warm (AWS_LAMBDA_INITIALIZATION_TYPE provisioned-concurrency)'),
});

const retries = z.strictObject({
  attempts: z.number().int().min(0).max(2).default(2).describe('Retries after a function error, 0 to 2'),
  maxAge: duration
    .default(21_600_000)
    .refine((ms) => ms >= 60_000 && ms <= 21_600_000, 'maxAge is from 60s to 6h, as on Lambda')
    .describe('How old an event may become, 60s to 6h'),
  onSuccess: destination.optional().describe('Where the record of a success goes: queue:NAME or function:NAME'),
  onFailure: destination.optional().describe('Where the record of a failure goes: queue:NAME or function:NAME'),
});

/**
 * Variables that Lambda sets and no function's configuration may set [D]. LANG, PATH, TZ, LD_LIBRARY_PATH, NODE_PATH,
 * NODE_OPTIONS, PYTHONPATH and AWS_XRAY_… are Lambda's too, but may be set.
 */
export const RESERVED_VARIABLES: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_MAX_CONCURRENCY',
  'AWS_LAMBDA_METADATA_API',
  'AWS_LAMBDA_METADATA_TOKEN',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

const environmentVariables = z
  .record(z.string().regex(/^[A-Za-z_]\w*$/, 'not a variable name'), z.union([z.string(), z.number(), z.boolean()]))
  .superRefine((variables, context) => {
    for (const name of Object.keys(variables).filter((each) => RESERVED_VARIABLES.has(each)))
      context.addIssue({
        code: 'custom',
        path: [name],
        message: 'is set by Lambda itself and cannot be set here; for your own credentials write credentials: inherit',
      });
  });

const envFile = z
  .string()
  .min(1)
  .describe(
    'A .env file of variables, relative to this file; environment: wins over it; what Lambda sets itself is left out',
  );

const credentials = z
  .enum(['fake', 'inherit'])
  .describe('inherit hands the AWS credentials of your shell to the handlers; by default they get fake ones');

const handlerPattern = z
  .string()
  .regex(/^[^\s]+(\.[A-Za-z_$][\w$]*)+$/, 'not a handler; write file.export, for example "counter.handler"');

export const functionSchema = z.strictObject({
  handler: handlerPattern
    .optional()
    .describe(
      'file.export relative to the config file, without the ending; .py, .js, .mjs, .cjs, .ts by what is there',
    ),
  runtime: z
    .enum(RUNTIMES)
    .optional()
    .describe("By the handler's file; provided runs any executable that speaks the Lambda Runtime API"),
  bootstrap: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .optional()
    .describe('For runtime: provided: the executable, relative to this file, or a command as a list'),
  description: z.string().optional().describe('One line shown in the editor'),
  timeout: z.number().positive().max(MAX_TIMEOUT_SECONDS).default(3).describe('Seconds until the function times out'),
  memory: z.number().int().min(64).max(10_240).default(128).describe('Memory limit in MB'),
  tmp: z.number().int().min(1).max(10_240).default(512).describe('Size of the temporary folder of an instance, in MB'),
  environment: environmentVariables
    .default({})
    .describe('Environment variables; ${gateway} becomes the URL of the gateway'),
  envFile: envFile.optional(),
  credentials: credentials.optional(),
  concurrency: concurrency.prefault({}).describe('Reserved and provisioned concurrency'),
  coldStart: duration
    .default(0)
    .refine((ms) => ms <= 60_000, 'coldStart is 60s at most')
    .describe('Added to the start of every instance, for example 800ms'),
  freeze: z
    .boolean()
    .default(false)
    .describe('Stop the process between invocations, as Lambda does: work left running goes on in the next one'),
  debug: z
    .boolean()
    .default(false)
    .describe(
      'Start instances with the inspector (Node) or debugpy (Python); no timeouts while a debugger is attached',
    ),
  tracing: z.enum(['active', 'passthrough']).default('passthrough').describe('Whether traces begun here are sampled'),
  aliases: z
    .array(
      z.string().regex(/^(?!\d+$)[A-Za-z0-9_-]{1,128}$/, 'not an alias: letters, digits, - and _, not only digits'),
    )
    .default([])
    .describe('Qualifiers besides $LATEST that callers may use'),
  retries: retries.prefault({}).describe('What becomes of asynchronous invocations'),
  deadLetter: destination.optional().describe('Where the event goes that has failed for good: queue:NAME'),
  url: z
    .union([
      z.boolean(),
      z.strictObject({ mode: z.enum(['buffered', 'stream']).default('buffered').describe('How responses are sent') }),
    ])
    .default(false)
    .describe('A function URL; mode: stream hands the response on as it is written'),
  scaling: scaling.prefault({}).describe('How many instances there are'),
  balancing: z.enum(BALANCING_POLICIES).default('p2c').describe('How an instance is picked'),
  events: z.array(eventSource).default([]).describe('Ways in'),
});

const queue = z.strictObject({
  visibility: duration.default(30_000).describe('How long a received message is hidden from others'),
  retention: duration.default(345_600_000).describe('How long a message is kept'),
  delay: duration.default(0).describe('How long a new message is held back'),
  redrive: z
    .strictObject({
      queue: queueName.describe('The queue that takes what was received too often'),
      maxReceives: z.number().int().min(1).max(1_000).default(3).describe('Receives before that'),
    })
    .optional()
    .describe('A dead-letter queue'),
});

const account = z.strictObject({
  concurrency: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(1_000)
    .describe('Invocations at the same time, all functions'),
  scaleOut: z.number().int().min(1).max(100_000).default(1_000).describe('New instances of one function in 10 s'),
});

const faults = z.strictObject({
  header: z
    .boolean()
    .default(false)
    .describe('Let requests ask for faults of their own in the header x-faultline-fault; for tests'),
});

const delivery = z.strictObject({
  store: z
    .string()
    .regex(STORE_PATTERN, 'not a store; write memory, file or redis://HOST:PORT')
    .optional()
    .describe('Where events and messages are kept: file (in .faultline), memory, or a Redis that emulators share'),
});

export const LINT_LEVELS = ['off', 'info', 'warning', 'error'] as const;

/** A level, or a list of a level and the rule's options: `[error, { ignore: [localhost] }]`. */
const ruleSetting = z.union([
  z.enum(LINT_LEVELS),
  z.tuple([
    z.enum(LINT_LEVELS),
    z.record(z.string(), z.union([z.boolean(), z.number(), z.string(), z.array(z.string())])),
  ]),
]);

export const lintSchema = z.strictObject({
  preset: z
    .enum(['recommended', 'strict'])
    .default('recommended')
    .describe('Which rules run: recommended, or strict, which also says what a careful reviewer would ask about'),
  rules: z
    .record(z.string(), ruleSetting)
    .default({})
    .describe('Rules by name: off, info, warning, error, or a list of one of these and the options of the rule'),
  ignore: z
    .array(z.string().min(1))
    .default([])
    .describe('Files that are not linted, as globs relative to this file, for example "legacy/**"'),
});
export type LintConfig = z.output<typeof lintSchema>;

export const configSchema = z.strictObject({
  functions: z
    .record(
      z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'not a function name: letters, digits, - and _, 64 at most'),
      functionSchema,
    )
    .refine((value) => Object.keys(value).length > 0, 'no functions; add one under functions:')
    .describe('The functions, by name'),
  environment: functionSchema.shape.environment.describe('Environment variables of every function'),
  envFile: envFile.optional(),
  credentials: credentials.default('fake'),
  queues: z.record(queueName, queue.prefault({})).default({}).describe('Queues, by name'),
  delivery: delivery.prefault({}).describe('Events and messages'),
  account: account.prefault({}).describe('Limits of the account'),
  faults: faults.prefault({}).describe('How faults may be asked for'),
  lint: lintSchema.prefault({}).describe('What faultline lint and the editor report'),
});

type ParsedFunction = z.output<typeof functionSchema>;

export type { Runtime } from './runtimes.js';

/** One function, resolved: defaults applied, units converted, the handler's file found. */
export interface FunctionConfig {
  readonly name: string;
  readonly description?: string;
  readonly runtime: Runtime;
  /** As written, `folder/file.export`; for `provided` what the bootstrap makes of it, empty when there is none. */
  readonly handler: string;
  /** Absolute path of the handler's file; of the bootstrap for `provided`. */
  readonly file: string;
  /** The exported name, `a.b` when nested; empty for `provided`. */
  readonly export: string;
  /** For `provided`: program and arguments; a program in the workspace is an absolute path. */
  readonly command?: readonly string[];
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** Temporary folder of an instance. */
  readonly tmpMb: number;
  /** Of the .env files and `environment:`, the function's over the shared; `${gateway}` not replaced yet. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute paths of the .env files that the environment was read from. */
  readonly envFiles: readonly string[];
  readonly credentials: 'fake' | 'inherit';
  /** `min` is at least `provisioned`; `max` is at most `reserved`. */
  readonly scaling: { readonly min: number; readonly max: number; readonly idleMs: number };
  /** undefined: not reserved. */
  readonly reserved?: number;
  readonly provisioned: number;
  readonly coldStartMs: number;
  readonly freeze: boolean;
  readonly debug: boolean;
  readonly tracing: 'active' | 'passthrough';
  readonly aliases: readonly string[];
  readonly retries: RetryConfig;
  readonly deadLetter?: Destination;
  readonly url?: { readonly mode: 'buffered' | 'stream' };
  readonly balancing: ParsedFunction['balancing'];
  readonly routes: readonly Route[];
  readonly schedules: readonly ScheduleConfig[];
  readonly queues: readonly QueueSourceConfig[];
  /** Line of the function in the config file, from 1. */
  readonly line: number;
}

export interface Route {
  /** GET, POST … or ANY. */
  readonly method: string;
  /** `/orders/{id}` or `/files/{path+}`. */
  readonly path: string;
}

/** `queue:dead`, `function:audit`. */
export interface Destination {
  readonly type: 'queue' | 'function';
  readonly name: string;
}

export interface RetryConfig {
  /** 0 to 2. */
  readonly attempts: number;
  readonly maxAgeMs: number;
  readonly onSuccess?: Destination;
  readonly onFailure?: Destination;
}

export interface ScheduleConfig {
  /** As written. */
  readonly expression: string;
  /** IANA name. */
  readonly timezone: string;
  /** undefined: EventBridge's own event. */
  readonly input?: unknown;
  readonly enabled: boolean;
}

/** A queue that feeds a function: Lambda's event source mapping. */
export interface QueueSourceConfig {
  readonly queue: string;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly partialResponses: boolean;
  readonly maxConcurrency?: number;
  readonly enabled: boolean;
}

export interface QueueConfig {
  readonly name: string;
  readonly visibilityMs: number;
  readonly retentionMs: number;
  readonly delayMs: number;
  readonly redrive?: { readonly queue: string; readonly maxReceives: number };
}

export interface Config {
  /** Absolute folder of the workspace; handlers are relative to it. */
  readonly root: string;
  /** Absolute path of the config file. */
  readonly file: string;
  readonly functions: readonly FunctionConfig[];
  readonly queues: readonly QueueConfig[];
  /** `memory`, `file` or a Redis URL; undefined: whoever starts the emulator decides. */
  readonly store?: string;
  readonly account: {
    readonly concurrency: number;
    /** New instances of one function in 10 s. */
    readonly scaleOut: number;
  };
  /** Requests may ask for faults of their own. */
  readonly faultHeader: boolean;
}
