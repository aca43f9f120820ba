import { FaultlineError } from '../../contract/errors.js';
import type { InvokeResult } from '../../contract/library.js';
import type { InvocationRecord } from '../../contract/records.js';
import type { Judged } from './types.js';

/** Id of a fault (`latency-1`), its kind, or what `faults.add()` resolves with. */
export type WhichFault = string | { readonly id: string };

/**
 * Whether a fault is among those that hit an invocation; a dry run hits nothing.
 * @param received what `emulator.invoke()` resolves with, or one of `emulator.invocations()`
 * @throws FaultlineError USAGE
 */
export function hitBy(received: unknown, fault: WhichFault): Judged<InvocationRecord> {
  const record = recordOf(received);
  const wanted = typeof fault === 'string' ? fault : fault.id;
  const hits = record.faults.filter(({ dryRun }) => !dryRun);
  const pass = hits.some((hit) => hit.fault === wanted || hit.kind === wanted);
  const list = hits.map(({ fault: id, where, saw }) => [id, where, saw].filter(Boolean).join(', '));
  const saw = list.length === 0 ? 'no fault hit it' : `it was hit by ${list.join('; ')}`;
  const which = `invocation ${String(record.number)} of ${record.function}`;
  return { pass, message: `expected ${which}${pass ? ' not' : ''} to be hit by ${wanted}: ${saw}`, result: record };
}

function recordOf(received: unknown): InvocationRecord {
  const given = received as Partial<InvokeResult & InvocationRecord> | null | undefined;
  const record = given?.record ?? given;
  if (Array.isArray(record?.faults)) return record as InvocationRecord;
  throw new FaultlineError('USAGE', 'toBeHitBy wants the result of an invocation, or its record', {
    hint: 'give what emulator.invoke() resolves with, or one of emulator.invocations()',
  });
}
