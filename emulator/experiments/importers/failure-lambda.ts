import { z } from 'zod';
import type { FaultSpec } from '../../contract/faults.js';
import { isFields } from '../foreign/values.js';
import { flagFault, FLAG_MODES, flagSchema, type Flag, type FlagMode } from '../foreign/failure-flags.js';
import type { DocumentPath, DraftFault, ImportContext, Importer } from './types.js';

/**
 * failure-lambda, both generations [S: its README and migration notes]. 1.x has a flag for each mode, several of which may be on;
 * 0.x has one mode and a rate from 0 to 1. Both lie in an SSM parameter or in AppConfig, as this JSON.
 */

const old = z.looseObject({
  isEnabled: z.boolean(),
  failureMode: z.string(),
  rate: z.number().min(0).max(1).default(1),
  minLatency: z.number().min(0).optional(),
  maxLatency: z.number().min(0).optional(),
  exceptionMsg: z.string().optional(),
  statusCode: z.number().optional(),
  diskSpace: z.number().optional(),
  denylist: z.array(z.string()).optional(),
  /** What the denylist was called at first. */
  blacklist: z.array(z.string()).optional(),
});

const flags = z.looseObject(
  Object.fromEntries(FLAG_MODES.map((mode) => [mode, flagSchema.optional()])) as Record<
    FlagMode,
    z.ZodOptional<typeof flagSchema>
  >,
);

type Document = z.output<typeof old> | z.output<typeof flags>;

const isOld = (value: unknown): boolean => isFields(value) && ('failureMode' in value || 'isEnabled' in value);

const isFlag = (value: unknown): boolean => isFields(value) && typeof value['enabled'] === 'boolean';

export const failureLambda: Importer<Document> = {
  title: 'failure-lambda',
  looksFor: 'isEnabled and failureMode (0.x), or modes such as latency with enabled (1.x)',
  recognises: (value) =>
    isOld(value) || (isFields(value) && FLAG_MODES.some((mode) => mode in value && isFlag(value[mode]))),
  schemaOf: (value) => (isOld(value) ? old : flags),
  read(value, context) {
    const faults = 'failureMode' in value ? readOld(value as z.output<typeof old>, context) : readFlags(value, context);
    return { title: titleOf(faults), faults };
  },
};

function titleOf(faults: readonly DraftFault[]): string {
  const kinds = [...new Set(faults.map(({ spec }) => spec.kind))];
  return kinds.length === 0 ? 'failure-lambda' : `It survives ${kinds.join(' and ')} (failure-lambda)`;
}

/** In the order in which the library lets them act: the first of ours is outermost. */
function readFlags(value: Document, context: ImportContext): DraftFault[] {
  for (const key of Object.keys(value).filter((name) => !FLAG_MODES.some((mode) => mode === name))) {
    context.leaveOut([key], 'is no mode of failure-lambda 1.x', `Modes: ${FLAG_MODES.join(', ')}.`);
  }
  return FLAG_MODES.flatMap((mode) => {
    const flag = (value as Partial<Record<FlagMode, Flag>>)[mode];
    return flag ? draft(mode, flag, [mode], context) : [];
  });
}

function readOld(value: z.output<typeof old>, context: ImportContext): DraftFault[] {
  const mode = FLAG_MODES.find((name) => name === (value.failureMode === 'blacklist' ? 'denylist' : value.failureMode));
  if (!mode || mode === 'timeout' || mode === 'corruption') {
    const known = FLAG_MODES.filter((name) => name !== 'timeout' && name !== 'corruption').join(', ');
    context.leaveOut(['failureMode'], `"${value.failureMode}" is no mode of failure-lambda 0.x`, `Modes: ${known}.`);
    return [];
  }
  const given = {
    enabled: value.isEnabled,
    percentage: value.rate * 100,
    min_latency: value.minLatency,
    max_latency: value.maxLatency,
    exception_msg: value.exceptionMsg,
    status_code: value.statusCode,
    disk_space: value.diskSpace,
    deny_list: value.denylist ?? value.blacklist,
  };
  const kept = Object.fromEntries(Object.entries(given).filter(([, each]) => each !== undefined));
  return draft(mode, flagSchema.parse(kept), [], context, 'connection');
}

/** @param denied 0.x ends the connection, 1.x lets the name resolve to nothing */
function draft(
  mode: FlagMode,
  flag: Flag,
  path: DocumentPath,
  context: ImportContext,
  denied: 'connection' | 'name' = 'name',
): DraftFault[] {
  if (!flag.enabled || flag.percentage === 0) {
    const why = flag.enabled ? 'hits 0 % of the invocations' : 'is switched off';
    context.leaveOut(path, `${mode} ${why}`, 'Switch it on in the document to import it.');
    return [];
  }
  const kind = flagFault(mode, flag, path, context, denied);
  if (!kind) return [];
  const spec: FaultSpec = {
    kind: kind.kind,
    ...(context.function === undefined ? {} : { function: context.function }),
    ...(kind.match ? { match: { event: kind.match } } : {}),
    params: kind.params,
    ...(flag.percentage === 100 ? {} : { rate: flag.percentage }),
  };
  return [{ spec, at: 0 }];
}
