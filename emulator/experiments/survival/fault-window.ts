import type { Fault, FaultSpec } from '../../contract/faults.js';
import type { Emulator } from '../../contract/library.js';
import type { InvocationRecord } from '../../contract/records.js';
import type { Fired } from './types.js';

/**
 * Faults that are on while something is done, and are gone afterwards, whatever happens. Only those: faults that the test
 * itself has added stay.
 */

/** Longer than any test; they are taken away long before. Their own `for` would end them, and their counts with them. */
const LEASE = '24h';

/** Places and sights that a message tells of one fault. */
const SEEN = 3;

/** @throws FaultlineError FAULT_INVALID from the engine; what was added by then is gone again */
export async function withFaults<T>(
  emulator: Emulator,
  specs: readonly FaultSpec[],
  use: () => Promise<T>,
): Promise<{ readonly value: T; readonly faults: readonly Fired[] }> {
  const known = new Set(emulator.invocations().map(({ requestId, attempt }) => `${requestId} ${String(attempt)}`));
  const added: Fault[] = [];
  const removed = new Map<string, Fault>();
  let value: T;
  try {
    for (const spec of specs) added.push(await emulator.faults.add({ ...spec, for: LEASE }));
    value = await use();
  } finally {
    for (const { id } of added) {
      // Somebody may have cleared it meanwhile; then there is nothing to take away.
      const last = await emulator.faults.remove(id).catch(() => undefined);
      if (last) removed.set(id, last);
    }
  }
  const records = emulator
    .invocations()
    .filter(({ requestId, attempt }) => !known.has(`${requestId} ${String(attempt)}`));
  return { value, faults: added.map((fault) => firedOf(removed.get(fault.id) ?? fault, records)) };
}

function firedOf(fault: Fault, records: readonly InvocationRecord[]): Fired {
  const { id, kind, summary, matched, injected } = fault;
  return {
    id,
    kind,
    ...(fault.function === undefined ? {} : { function: fault.function }),
    summary,
    matched,
    injected,
    seen: seenBy(id, records),
  };
}

/** `stock, before the handler: +800 ms`, the most frequent first. */
function seenBy(id: string, records: readonly InvocationRecord[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const record of records) {
    for (const { fault, where, saw } of record.faults) {
      if (fault !== id || (where === undefined && saw === undefined)) continue;
      const words = [[record.function, where].filter(Boolean).join(', '), saw].filter(Boolean).join(': ');
      counts.set(words, (counts.get(words) ?? 0) + 1);
    }
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return sorted.slice(0, SEEN).map(([words]) => words);
}
