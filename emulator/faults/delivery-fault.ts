import type { PlannedFault, Surroundings } from './plan.js';
import type { DeliveryFault, FaultSubject } from './types.js';

/**
 * A fault's part in one delivery. Run dry it is counted at once, and delivery only tells of it.
 * @param changed called when it is counted, since no invocation may come of it that views would be told of
 * @returns none when the kind does nothing this time
 */
export function deliveryFault(
  fault: PlannedFault,
  { function: name, requestId, attempt }: FaultSubject,
  surroundings: Surroundings,
  changed: () => void,
): readonly DeliveryFault[] {
  const { id, kind, kindName, params, dryRun, draw, memory, signal, release } = fault;
  const hit = (): void => {
    fault.hit();
    changed();
  };
  const effect = kind.deliver?.(params, {
    ...surroundings,
    fault: id,
    function: name,
    requestId,
    attempt,
    draw,
    memory,
    note: () => undefined,
    hit,
  });
  if (!effect) {
    release();
    return [];
  }
  if (dryRun) hit();
  return [{ id, kind: kindName, effect, dryRun, ended: signal, hit, release }];
}
