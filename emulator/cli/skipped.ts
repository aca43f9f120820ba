import type { Emulator } from '../contract/library.js';
import type { Snapshot } from '../contract/snapshot.js';
import { endedCount } from './activity.js';
import type { Activity } from './activity.js';

/** As many as are remembered of a function. */
const MAX_INVOCATIONS = 500;

/**
 * Puts the invocations in place of `skipped`, as far as the emulator still remembers them.
 * @param before the snapshot that was told last
 */
export function withSkipped(
  happened: readonly Activity[],
  before: Snapshot,
  after: Snapshot,
  emulator: Pick<Emulator, 'invocations'>,
): readonly Activity[] {
  return happened.flatMap((activity) =>
    activity.type === 'skipped' ? fill(activity, before, after, emulator) : [activity],
  );
}

function fill(
  skipped: Extract<Activity, { type: 'skipped' }>,
  before: Snapshot,
  after: Snapshot,
  emulator: Pick<Emulator, 'invocations'>,
): Activity[] {
  const now = after.functions.find(({ name }) => name === skipped.function);
  const old = before.functions.find(({ name }) => name === skipped.function);
  const oldestShown = now?.recent.at(-1);
  if (!now || !oldestShown) return [skipped];
  const records = emulator.invocations({ function: skipped.function, limit: MAX_INVOCATIONS });
  const from = records.findIndex(({ requestId }) => requestId === oldestShown.requestId) + 1;
  // More have ended meanwhile than it remembers: what was shown last is forgotten already.
  const missing = from === 0 ? [] : records.slice(from, from + endedCount(old, now) - now.recent.length);
  const lost = skipped.count - missing.length;
  return [
    ...(lost > 0 ? [{ ...skipped, count: lost }] : []),
    ...missing.toReversed().map((record) => ({ type: 'invocation', record }) as const),
  ];
}
