import { z } from 'zod';
import { duration } from './config.js';

/**
 * Faults as they cross the boundary. Match, share, end and counting are here, once for every kind; what a kind needs
 * beyond that is its `params`, under the schema that the catalog serves.
 */

/** A fault always ends: without `for` it lasts this long, in ms. */
export const DEFAULT_FAULT_MS = 600_000;
export const MAX_FAULT_MS = 86_400_000;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What a header or a place in the event has to be: the value itself, or one or more conditions that all hold. */
export const valueMatchSchema = z.union([
  scalar,
  z
    .strictObject({
      eq: scalar.optional().describe('Is this value'),
      exists: z.boolean().optional().describe('Is there at all, or is not'),
      startsWith: z.string().min(1).optional().describe('Is text that starts with this'),
      regex: z.string().min(1).optional().describe('Is text that this regular expression finds something in'),
    })
    .refine((value) => Object.keys(value).length > 0, 'nothing to match; give eq, exists, startsWith or regex')
    .refine(
      (value) => value.exists !== false || Object.keys(value).length === 1,
      'contradicts itself: what does not exist has no value to match',
    ),
]);
export type ValueMatch = z.output<typeof valueMatchSchema>;

/** Which invocations of the function; all that is given must hold. */
export const faultMatchSchema = z
  .strictObject({
    route: z.string().min(1).optional().describe('The route they came by, for example "POST /orders"; * any part'),
    version: z.number().int().min(1).optional().describe('The version of the code that runs them, from 1'),
    alias: z.string().min(1).optional().describe('The alias that they were invoked by'),
    instance: z.string().min(1).optional().describe('The instance that runs them, for example i3; * any part'),
    headers: z.record(z.string(), valueMatchSchema).optional().describe('Headers of the request, by name'),
    event: z
      .record(z.string(), valueMatchSchema)
      .optional()
      .describe('Places in the event, for example $.detail.items[0].sku'),
  })
  .refine((value) => Object.keys(value).length > 0, 'nothing to match; leave match out to hit all');
export type FaultMatch = z.output<typeof faultMatchSchema>;

const count = z.number().int().min(1).max(1_000_000);

/**
 * Which of the invocations that match, counted in the order in which they came: each function by itself, and of a function
 * each queue. What is delivered again counts as the one after its delivery before.
 */
export const PICKS = ['nth', 'first', 'every', 'sequence'] as const;

export const faultSpecSchema = z
  .strictObject({
    kind: z.string().min(1).describe('The kind, for example latency; `faultline fault kinds` lists them'),
    function: z
      .string()
      .min(1)
      .optional()
      .describe('Name of the function it hits; * matches any part; all when absent'),
    match: faultMatchSchema.optional().describe('Which of its invocations: by route, header, event, version, instance'),
    params: z.record(z.string(), z.unknown()).default({}).describe('Parameters of the kind'),
    rate: z.number().gt(0).max(100).default(100).describe('Share of invocations in percent'),
    nth: count.optional().describe('Only the nth invocation that matches, from 1'),
    first: count.optional().describe('Only the first n that match: fail 3, then succeed is first: 3'),
    every: count.optional().describe('Only every nth that matches'),
    sequence: z
      .array(z.enum(['hit', 'pass']))
      .min(1)
      .max(1_000)
      .optional()
      .describe('One after the other, for example [hit, hit, pass, hit]; those after it pass'),
    atOnce: count.optional().describe('At most so many invocations at the same time'),
    ramp: duration.optional().describe('The share grows from nothing to rate over this time'),
    for: duration.default(DEFAULT_FAULT_MS).describe('How long it lasts, for example 30s'),
    enabled: z.boolean().default(true).describe('false adds it switched off'),
    dryRun: z.boolean().default(false).describe('true only counts and records what it would have hit'),
  })
  .refine((value) => PICKS.filter((name) => value[name] !== undefined).length <= 1, {
    message: `contradicts itself: give one of ${PICKS.join(', ')}`,
    path: ['nth'],
  })
  .refine((value) => value.ramp === undefined || value.ramp <= value.for, {
    message: 'the ramp is longer than the fault lasts',
    path: ['ramp'],
  });

/** What a user gives to add a fault. */
export type FaultSpec = z.input<typeof faultSpecSchema>;

/** A fault that has been added, as every view shows it. */
export interface Fault {
  /** Stable within a run and the same on a replay: `latency-1`. */
  readonly id: string;
  readonly kind: string;
  /** Function name or pattern; absent: all functions. */
  readonly function?: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Percent of invocations, (0, 100]. */
  readonly rate: number;
  /** Which of the invocations, in words, beside function and share: `POST /orders, first 3`. */
  readonly scope?: string;
  /** It only counts and records what it would have hit. */
  readonly dryRun?: true;
  /** Functions that it is meant for and cannot reach, with the reason. */
  readonly unreached?: readonly { readonly function: string; readonly why: string }[];
  readonly enabled: boolean;
  /** Epoch ms when it was last switched on. */
  readonly since: number;
  /** Epoch ms when it ends; while it is off, absent. */
  readonly until?: number;
  /** Its lease in ms. */
  readonly durationMs: number;
  /** Invocations that matched while it was on. */
  readonly matched: number;
  /** Invocations that it hit; of a dry run, that it would have hit. */
  readonly injected: number;
  /** One line for people, from the kind: `+800 ms before the handler`. */
  readonly summary: string;
}

/** That a fault hit an invocation. */
export interface FaultHit {
  readonly fault: string;
  readonly kind: string;
  /** Where: `before the handler`, `connect db:5432`, `dynamodb GetItem`, `at admission`. */
  readonly where?: string;
  /** What the code, or its caller, saw: `ECONNREFUSED`, `+812 ms`, `ENOSPC`. */
  readonly saw?: string;
  /** Nothing was done: the fault runs dry. */
  readonly dryRun?: true;
}

/** One decision: whether a fault hits an invocation that it matches. The same seed makes the same ones. */
export interface FaultDecision {
  readonly fault: string;
  readonly function: string;
  /** Where it waited: `async/FUNCTION` or `sqs/QUEUE`; absent for what a caller waits for. */
  readonly queue?: string;
  /** Of its first attempt: its number among those of the function that came the same way, from 1. */
  readonly number: number;
  /** From 1; for what comes from a queue, every delivery counts, also one that was throttled. */
  readonly attempt: number;
  /** Of a message, its id. */
  readonly requestId: string;
  readonly hit: boolean;
  /** What decided: the share, the pick, or that enough were hit at the same time. */
  readonly by: 'share' | 'pick' | 'at once';
}

/** A stretch of time in which a fault was on; panels shade it. */
export interface FaultPeriod {
  readonly fault: string;
  readonly kind: string;
  readonly function?: string;
  readonly from: number;
  /** Absent while it is still on. */
  readonly to?: number;
}

/** An answer that a runtime gives in the place of a host. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Base64. */
  readonly body: string;
  /** The error that it tells to an SDK. */
  readonly errorCode?: string;
}

/**
 * What a runtime is told to do to one invocation, beside running its handler. The bootstraps of both languages
 * implement each; `media` and the CLI never see them.
 */
export type RuntimeEffect =
  | { readonly type: 'throw'; readonly when: 'before' | 'after'; readonly errorType: string; readonly message: string }
  | { readonly type: 'hang'; readonly mode: 'idle' | 'busy'; readonly when: 'before' | 'after' }
  | {
      readonly type: 'crash';
      readonly when: 'before' | 'after';
      /** SIGKILL itself, or exit with this status. */
      readonly how: { readonly signal: 'SIGKILL' } | { readonly exitCode: number };
    }
  | {
      readonly type: 'network';
      readonly fault: string;
      readonly mode: 'refused' | 'reset' | 'timeout';
      /** Host patterns (`*` any part), `host` or `host:port`; empty: every host. */
      readonly hosts: readonly string[];
    }
  | {
      readonly type: 'network';
      readonly fault: string;
      /** Names that are looked up are not found, or not for now. */
      readonly mode: 'dns';
      readonly hosts: readonly string[];
      readonly code: 'ENOTFOUND' | 'EAI_AGAIN';
    }
  | {
      /** Connections are led to the emulator's proxy, which does the rest. */
      readonly type: 'proxy';
      readonly fault: string;
      readonly hosts: readonly string[];
      /** Of the proxy, on 127.0.0.1. */
      readonly port: number;
      /** For the report of the operation. */
      readonly saw?: string;
    }
  /** The limit itself is lowered from outside. */
  | { readonly type: 'descriptors'; readonly fault: string }
  | {
      readonly type: 'http';
      readonly fault: string;
      readonly mode: 'status' | 'latency' | 'hang' | 'reset' | 'truncated';
      /** Patterns as for `network`; empty: every one. */
      readonly hosts: readonly string[];
      /** Without the query. */
      readonly paths: readonly string[];
      /** In capitals. */
      readonly methods: readonly string[];
      /** Patterns of names as SDKs have them; empty: any, of any request. */
      readonly service: string;
      readonly operation: string;
      /** Only the first so many requests; 0: all. */
      readonly times: number;
      readonly latencyMs: number;
      /** By the protocol of the request; `plain` for what is no SDK call, and where its protocol has none of its own. */
      readonly answers: Readonly<Record<string, HttpAnswer>>;
    }
  | {
      readonly type: 'memory';
      readonly fault: string;
      readonly mode: 'pressure' | 'oom';
      readonly mb: number;
      readonly heap: boolean;
    }
  | {
      readonly type: 'clock';
      readonly fault: string;
      /** What dates are ahead when the invocation begins. */
      readonly offsetMs: number;
      readonly speed: number;
      readonly clocks: 'all' | 'wall';
    }
  | {
      readonly type: 'disk';
      readonly fault: string;
      /** What the invocation may still write. */
      readonly freeBytes: number;
      /** Absolute path patterns (`*` any part), of files or of folders above them; empty: every file. */
      readonly paths: readonly string[];
    };
