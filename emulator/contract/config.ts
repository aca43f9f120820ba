import { z } from 'zod';

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

const eventSource = z
  .strictObject({
    http: routePattern.describe('An HTTP API route that invokes the function, for example "POST /orders/{id}"'),
  })
  .describe('A way in');

export const BALANCING_POLICIES = ['p2c', 'round-robin'] as const;
export type BalancingPolicyName = (typeof BALANCING_POLICIES)[number];

const scaling = z
  .strictObject({
    min: z.number().int().min(0).max(100).default(0).describe('Instances kept running'),
    max: z.number().int().min(1).max(100).default(10).describe('Instances at most; further invocations wait'),
    idle: duration.default(60_000).describe('How long an idle instance is kept, for example 60s'),
  })
  .refine((value) => value.min <= value.max, { path: ['min'], message: 'scaling.min is above scaling.max' });

export const functionSchema = z.strictObject({
  handler: z
    .string()
    .regex(/^[^\s]+\.[A-Za-z_$][\w$]*$/, 'not a handler; write file.export, for example "counter.handler"')
    .describe(
      'file.export relative to the config file, without the ending; .py, .js, .mjs, .cjs, .ts by what is there',
    ),
  description: z.string().optional().describe('One line shown in the editor'),
  timeout: z.number().positive().max(MAX_TIMEOUT_SECONDS).default(3).describe('Seconds until the function times out'),
  memory: z.number().int().min(64).max(10_240).default(128).describe('Memory limit in MB'),
  environment: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/, 'not a variable name'), z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .describe('Environment variables; ${gateway} becomes the URL of the gateway'),
  scaling: scaling.prefault({}).describe('How many instances there are'),
  balancing: z.enum(BALANCING_POLICIES).default('p2c').describe('How an instance is picked'),
  events: z.array(eventSource).default([]).describe('Ways in'),
});

export const configSchema = z.strictObject({
  functions: z
    .record(
      z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'not a function name: letters, digits, - and _, 64 at most'),
      functionSchema,
    )
    .refine((value) => Object.keys(value).length > 0, 'no functions; add one under functions:')
    .describe('The functions, by name'),
  environment: functionSchema.shape.environment.describe('Environment variables of every function'),
});

type ParsedFunction = z.output<typeof functionSchema>;

export type Runtime = 'node' | 'python';

/** One function, resolved: defaults applied, units converted, the handler's file found. */
export interface FunctionConfig {
  readonly name: string;
  readonly description?: string;
  readonly runtime: Runtime;
  /** As written, `folder/file.export`. */
  readonly handler: string;
  /** Absolute path of the handler's file. */
  readonly file: string;
  /** The exported name. */
  readonly export: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** Merged over the shared environment; `${gateway}` not replaced yet. */
  readonly environment: Readonly<Record<string, string>>;
  readonly scaling: { readonly min: number; readonly max: number; readonly idleMs: number };
  readonly balancing: ParsedFunction['balancing'];
  readonly routes: readonly Route[];
  /** Line of the function in the config file, from 1. */
  readonly line: number;
}

export interface Route {
  /** GET, POST … or ANY. */
  readonly method: string;
  /** `/orders/{id}` or `/files/{path+}`. */
  readonly path: string;
}

export interface Config {
  /** Absolute folder of the workspace; handlers are relative to it. */
  readonly root: string;
  /** Absolute path of the config file. */
  readonly file: string;
  readonly functions: readonly FunctionConfig[];
}
