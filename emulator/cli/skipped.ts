import type { ControlClient } from '../client.js';
import type { InvocationRecord } from '../contract/records.js';
import type { Snapshot } from '../contract/snapshot.js';
import { endedCount } from './activity.js';
import type { Activity } from './activity.js';

/** What the control API gives at once. */
const MAX_INVOCATIONS = 500;

/**
 * Puts the invocations in place of `skipped`, as far as the emulator still remembers them.
 * @param before the snapshot that was told last
 */
export async function withSkipped(
  happened: readonly Activity[],
  before: Snapshot,
  after: Snapshot,
  client: Pick<ControlClient, 'invocations'>,
): Promise<readonly Activity[]> {
  if (!happened.some(({ type }) => type === 'skipped')) return happened;
  const filled = await Promise.all(
    happened.map(async (activity) =>
      activity.type === 'skipped' ? fill(activity, before, after, client) : [activity],
    ),
  );
  return filled.flat();
}

async function fill(
  skipped: Extract<Activity, { type: 'skipped' }>,
  before: Snapshot,
  after: Snapshot,
  client: Pick<ControlClient, 'invocations'>,
): Promise<Activity[]> {
  const now = after.functions.find(({ name }) => name === skipped.function);
  const old = before.functions.find(({ name }) => name === skipped.function);
  const oldestShown = now?.recent.at(-1);
  if (!now || !oldestShown) return [skipped];
  const records = await client
    .invocations({ function: skipped.function, limit: MAX_INVOCATIONS })
    // It is stopping; that some were skipped is still true.
    .catch((): InvocationRecord[] => []);
  const from = records.findIndex(({ requestId }) => requestId === oldestShown.requestId) + 1;
  // More have ended meanwhile than it remembers: what was shown last is forgotten already.
  const missing = from === 0 ? [] : records.slice(from, from + endedCount(old, now) - now.recent.length);
  const lost = skipped.count - missing.length;
  return [
    ...(lost > 0 ? [{ ...skipped, count: lost }] : []),
    ...missing.toReversed().map((record) => ({ type: 'invocation', record }) as const),
  ];
}
