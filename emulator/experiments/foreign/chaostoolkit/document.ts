import { z } from 'zod';

/** Experiments of the Chaos Toolkit [S: its specification, and how chaoslib reads it]. */

const seconds = z.union([z.number().min(0), z.string()]);

export const providerSchema = z.looseObject({
  type: z.string(),
  url: z.string().optional(),
  method: z.string().optional(),
  headers: z.record(z.string(), z.unknown()).optional(),
  timeout: z.union([seconds, z.array(seconds)]).optional(),
  expected_status: z.number().optional(),
  module: z.string().optional(),
  func: z.string().optional(),
  path: z.string().optional(),
  arguments: z.unknown().optional(),
});
export type Provider = z.output<typeof providerSchema>;

export const activitySchema = z.looseObject({
  type: z.string().optional(),
  name: z.string().optional(),
  ref: z.string().optional(),
  provider: providerSchema.optional(),
  tolerance: z.unknown().optional(),
  pauses: z.looseObject({ before: seconds.optional(), after: seconds.optional() }).optional(),
  background: z.union([z.boolean(), z.string()]).optional(),
});
export type Activity = z.output<typeof activitySchema>;

export const chaosSchema = z.looseObject({
  title: z.string(),
  description: z.string().optional(),
  configuration: z.record(z.string(), z.unknown()).default({}),
  secrets: z.record(z.string(), z.unknown()).default({}),
  'steady-state-hypothesis': z
    .looseObject({ title: z.string().optional(), probes: z.array(activitySchema).default([]) })
    .optional(),
  method: z.array(activitySchema).default([]),
  rollbacks: z.array(activitySchema).default([]),
});
export type Chaos = z.output<typeof chaosSchema>;

/** What it says about itself, and what concerns only how the toolkit runs it. */
export const SILENT_KEYS = new Set(['version', 'tags', 'contributions', 'extensions']);
export const KNOWN_KEYS = new Set([
  'title',
  'description',
  'configuration',
  'secrets',
  'steady-state-hypothesis',
  'method',
  'rollbacks',
]);
