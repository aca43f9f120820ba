import { delay, systemClock, type Clock } from '../../clock.js';
import type { FaultSpec } from '../../contract/faults.js';
import type { Emulator } from '../../contract/library.js';
import { createCaller, statusHolds, type Caller } from './calls.js';
import { withFaults } from './fault-window.js';
import {
  checkEmulator,
  checkFaults,
  checkOptions,
  type Checked,
  type RecoverOptions,
  type SurviveOptions,
} from './options.js';
import type { Answered, Judged, Recovery, Survival } from './types.js';
import { recoveryMessage, survivalMessage, unwellMessage, vacuousMessage } from './words.js';

/*
 * What `toSurvive` and `toRecover` do; every runner's matcher and assertion goes through here:
 *
 *   one call: is all well? → fault on → the calls → fault off, always → did it fire? → verdict
 *                                                        └→ toRecover: calls until they hold again
 */

/** What neither passes nor fails: nothing was proved, so `.not` must not turn it into a pass. */
export class NothingProved extends Error {
  override readonly name = 'NothingProved';
}

/** So many answers in a row are no luck. */
const IN_A_ROW = 3;
/** Between answers that do not hold yet, in ms. */
const PAUSE_MS = 50;
const RECOVER_MS = 10_000;

/**
 * @throws FaultlineError USAGE, FAULT_INVALID, FUNCTION_NOT_FOUND
 * @throws NothingProved when the call was not well to begin with, or a fault never fired
 */
export function survive(
  received: unknown,
  fault: FaultSpec | readonly FaultSpec[],
  options: SurviveOptions,
  clock: Clock = systemClock,
): Promise<Judged<Survival>> {
  const emulator = checkEmulator('toSurvive', received);
  const specs = checkFaults('toSurvive', fault);
  const checked = checkOptions('toSurvive', emulator, options);
  const caller = createCaller(emulator, checked, clock, checked.withinMs);
  return inTurn(emulator, async () => {
    const survival = await underFault(emulator, specs, checked, caller);
    const pass = survival.answers.every(({ held }) => held);
    return { pass, message: survivalMessage(checked, caller, survival), result: survival };
  });
}

/** As `survive`, but what counts is that the answers hold again once the fault is gone. */
export function recover(
  received: unknown,
  fault: FaultSpec | readonly FaultSpec[],
  options: RecoverOptions,
  clock: Clock = systemClock,
): Promise<Judged<Recovery>> {
  const emulator = checkEmulator('toRecover', received);
  const specs = checkFaults('toRecover', fault);
  const checked = checkOptions('toRecover', emulator, options);
  const caller = createCaller(emulator, checked, clock);
  const allowedMs = checked.withinMs ?? RECOVER_MS;
  return inTurn(emulator, async () => {
    const survival = await underFault(emulator, specs, checked, caller);
    const recovery: Recovery = { ...survival, ...(await untilWell(caller, clock, allowedMs)) };
    const message = recoveryMessage(checked, caller, allowedMs, recovery);
    return { pass: recovery.recoveredMs !== undefined, message, result: recovery };
  });
}

async function underFault(
  emulator: Emulator,
  specs: readonly FaultSpec[],
  options: Checked,
  caller: Caller,
): Promise<Survival> {
  // The status asked for may be that of a lesser answer, which only the fault brings about; and a cold start takes its time.
  const first = await caller.call();
  if (!statusHolds(first, [])) throw new NothingProved(unwellMessage(options, first));
  const { value: answers, faults } = await withFaults(emulator, specs, () => caller.all());
  if (faults.some(({ injected }) => injected === 0))
    throw new NothingProved(vacuousMessage(options, faults, emulator.seed));
  return { answers, faults, seed: emulator.seed };
}

/** Calls until `IN_A_ROW` answers hold, the first of them in time. */
async function untilWell(
  caller: Caller,
  clock: Clock,
  allowedMs: number,
): Promise<Pick<Recovery, 'recoveredMs' | 'after'>> {
  const startedAt = clock.monotonic();
  const after: Answered[] = [];
  for (let since: number | undefined, row = 0; ;) {
    const answer = await caller.call();
    after.push(answer);
    const at = clock.monotonic() - startedAt;
    row = answer.held ? row + 1 : 0;
    since = answer.held ? (since ?? at) : undefined;
    if (since !== undefined && since <= allowedMs && row === IN_A_ROW) return { recoveredMs: since, after };
    if (at > allowedMs && (since === undefined || since > allowedMs)) return { recoveredMs: undefined, after };
    if (!answer.held) await delay(clock, PAUSE_MS);
  }
}

const turns = new WeakMap<Emulator, Promise<unknown>>();

/** Two at once on one emulator would feel each other's faults, so they take turns. */
async function inTurn<T>(emulator: Emulator, work: () => Promise<T>): Promise<T> {
  const before = turns.get(emulator) ?? Promise.resolve();
  const mine = before.then(work, work);
  turns.set(emulator, mine);
  return mine;
}
