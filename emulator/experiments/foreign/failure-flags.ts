import { z } from 'zod';
import type { ValueMatch } from '../../contract/faults.js';
import type { DocumentPath, ImportContext } from '../importers/types.js';
import { patternOfRegex } from './values.js';

/** The flags of failure-lambda, as faults. */

/** In the order in which the library lets them act. */
export const FLAG_MODES = [
  'latency',
  'timeout',
  'diskspace',
  'denylist',
  'statuscode',
  'exception',
  'corruption',
] as const;
export type FlagMode = (typeof FLAG_MODES)[number];

const condition = z
  .looseObject({
    path: z.string().min(1),
    operator: z.enum(['eq', 'exists', 'startsWith', 'regex']).default('eq'),
    value: z.string().optional(),
  })
  .refine(({ operator, value }) => operator === 'exists' || value !== undefined, {
    path: ['value'],
    message: 'is missing',
  });
type Condition = z.output<typeof condition>;

export const flagSchema = z
  .looseObject({
    enabled: z.boolean(),
    percentage: z.number().min(0).max(100).default(100),
    match: z.array(condition).default([]),
    min_latency: z.number().min(0).optional(),
    max_latency: z.number().min(0).optional(),
    exception_msg: z.string().optional(),
    status_code: z.number().int().min(100).max(599).optional(),
    disk_space: z.number().gt(0).max(10_240).optional(),
    deny_list: z.array(z.string()).optional(),
    timeout_buffer_ms: z.number().min(0).optional(),
    body: z.string().optional(),
  })
  .refine(({ min_latency: min = 0, max_latency: max = min }) => min <= max, {
    path: ['max_latency'],
    message: 'is below min_latency',
  });
export type Flag = z.output<typeof flagSchema>;

interface Kind {
  readonly kind: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What Lambda's /tmp holds unless configured otherwise [D]. */
const TMP_MB = 512;

/** @returns undefined when it is left out */
export function flagFault(
  mode: FlagMode,
  flag: Flag,
  path: DocumentPath,
  context: ImportContext,
  denied: 'connection' | 'name',
): (Kind & { readonly match?: Readonly<Record<string, ValueMatch>> }) | undefined {
  const match = matchOf(flag.match, path, context);
  if (match === undefined) return undefined;
  const made = makers[mode](flag, path, context, denied);
  return made && { ...made, ...(Object.keys(match).length > 0 ? { match } : {}) };
}

type Maker = (
  flag: Flag,
  path: DocumentPath,
  context: ImportContext,
  denied: 'connection' | 'name',
) => Kind | undefined;

const makers: Readonly<Record<FlagMode, Maker>> = {
  latency: ({ min_latency: min = 0, max_latency: max = min }) => ({
    kind: 'latency',
    params: { ms: (min + max) / 2, ...(max > min ? { jitter: (max - min) / 2 } : {}) },
  }),
  timeout({ timeout_buffer_ms: buffer = 0 }, path, { leaveOut }) {
    if (buffer > 0) {
      leaveOut(
        [...path, 'timeout_buffer_ms'],
        'the handler would still have run for the last milliseconds before the timeout; here it never runs',
        'Where that matters, use latency with the timeout of the function less the buffer.',
      );
    }
    return { kind: 'hang', params: { mode: 'idle' } };
  },
  diskspace: ({ disk_space: filled = 100 }) => ({
    kind: 'disk',
    params: { freeMb: Math.max(0, TMP_MB - filled), paths: ['/tmp'] },
  }),
  denylist: (flag, path, context, denied) => denyList(flag.deny_list ?? [], path, context, denied),
  statuscode({ status_code: code = 500 }, path, { leaveOut }) {
    if (code >= 200) return { kind: 'status', params: { code, body: '' } };
    leaveOut([...path, 'status_code'], `${String(code)} is no status of an answer`, 'Give one from 200 to 599.');
    return undefined;
  },
  exception: ({ exception_msg: message = 'Injected exception' }) => ({
    kind: 'exception',
    params: { errorType: 'Error', message },
  }),
  corruption({ body }, path, { leaveOut }) {
    // The library cuts the body off somewhere, and answers with the length that it has then.
    if (body === undefined) return { kind: 'body', params: { mode: 'truncated', how: 'short' } };
    leaveOut(
      [...path, 'body'],
      'with the body, the status becomes 200 and the headers go',
      'Set code: where it matters.',
    );
    return { kind: 'status', params: { code: 200, body, preventExecution: false } };
  },
};

function denyList(
  list: readonly string[],
  path: DocumentPath,
  { leaveOut }: ImportContext,
  denied: 'connection' | 'name',
): Kind | undefined {
  const hosts = list.flatMap((source, i) => {
    const pattern = patternOfRegex(source);
    if (pattern === undefined) {
      leaveOut(
        [...path, path.length === 0 ? 'denylist' : 'deny_list', i],
        `the regular expression ${source} says more than a pattern with * can`,
        'Write one pattern for each host into hosts: of the network fault.',
      );
    }
    return pattern ?? [];
  });
  if (hosts.length > 0) return { kind: 'network', params: { mode: denied === 'name' ? 'dns' : 'reset', hosts } };
  leaveOut(path, 'the list of denied hosts is empty', 'Name the hosts that cannot be reached.');
  return undefined;
}

/** Conditions on the event, by our paths; undefined when two of them contradict our form. */
function matchOf(
  conditions: readonly Condition[],
  path: DocumentPath,
  { leaveOut }: ImportContext,
): Readonly<Record<string, ValueMatch>> | undefined {
  const match: Record<string, Exclude<ValueMatch, string | number | boolean | null>> = {};
  for (const [i, { path: place, operator, value }] of conditions.entries()) {
    const key = `$${place
      .split('.')
      .map((step) => (/^[\w-]+$/.test(step) ? `.${step}` : `['${step}']`))
      .join('')}`;
    const earlier = match[key] ?? {};
    if (operator in earlier) {
      leaveOut(
        [...path, 'match', i],
        `two conditions ${operator} on ${place}; a fault of ours has one of each on a place`,
        'Join them into one regular expression.',
      );
      return undefined;
    }
    match[key] = { ...earlier, [operator]: operator === 'exists' ? true : value };
  }
  return match;
}
