import path from 'node:path';
import type { Clock } from '../../clock.js';
import { FaultlineError } from '../../contract/errors.js';
import { experimentSchema, type Experiment } from '../../contract/experiment.js';
import type { Emulator } from '../../contract/library.js';
import { nearest } from '../../contract/nearest.js';
import type { ProofAttempt, ProofRequest, ProofResult } from '../../contract/proof.js';
import { runExperiment } from '../runner.js';
import { judge } from './judge.js';
import { leaseOf } from './lease.js';

/*
 * Proves findings on an emulator that runs:
 *
 *   request → its turn (one at a time for a function, so that nobody feels another's faults)
 *           → attempt → experiment, on a lease of the emulator → invocations → judge ─┬→ confirmed: done
 *                                                                                    └→ the next attempt
 *
 * Only the phase with the faults is run: what is not broken would be called for real.
 */

/** An invocation may end this much later than its timeout, in ms. */
const MARGIN_MS = 10_000;

export interface Prover {
  /**
   * @param signal ends it early; its faults are off by then
   * @throws FaultlineError FUNCTION_NOT_FOUND, STOPPING when the signal ended it, and what keeps an experiment from running
   */
  prove(request: ProofRequest, signal: AbortSignal): Promise<ProofResult>;
}

export function createProver(emulator: Emulator, clock: Clock): Prover {
  const turns = new Map<string, Promise<unknown>>();
  const inTurn = (attempt: ProofAttempt, signal: AbortSignal): Promise<ProofResult> => {
    const run = (): Promise<ProofResult> => runAttempt({ emulator, clock, attempt, signal });
    const before = turns.get(attempt.function) ?? Promise.resolve();
    const mine = before.then(run, run);
    turns.set(
      attempt.function,
      mine.catch(() => undefined),
    );
    return mine;
  };
  return {
    async prove({ attempts }, signal) {
      let best: ProofResult | undefined;
      for (const attempt of attempts) {
        const result = await inTurn(attempt, signal);
        if (result.verdict === 'confirmed') return result;
        // That it was refuted once says more than that another attempt came to nothing.
        if (best === undefined || best.verdict === 'inconclusive') best = result;
      }
      return best ?? { verdict: 'inconclusive', text: 'There is no experiment.', decisions: [], seed: emulator.seed };
    },
  };
}

interface Running {
  readonly emulator: Emulator;
  readonly clock: Clock;
  readonly attempt: ProofAttempt;
  readonly signal: AbortSignal;
}

async function runAttempt({ emulator, clock, attempt, signal }: Running): Promise<ProofResult> {
  const timeoutMs = timeoutOf(emulator, attempt.function);
  const { root } = emulator.snapshot();
  const lease = leaseOf(emulator);
  const result = await runExperiment({
    experiment: checked(attempt),
    file: path.join(root, 'proof.experiment.yaml'),
    root,
    start: () => Promise.resolve(lease.emulator),
    clock,
    seed: emulator.seed,
    faultsOnly: true,
    signal,
  });
  if (result.error) throw FaultlineError.fromJSON(result.error);
  const records = await lease.records(clock, timeoutMs + MARGIN_MS, signal);
  const unreached = result.faults.flatMap(({ unreached: all = [] }) => all).find(({ why }) => why);
  const judged = unreached
    ? { verdict: 'inconclusive' as const, text: `the fault does not reach ${unreached.function}: ${unreached.why}` }
    : judge(attempt, records, lease.faults, timeoutMs);
  return {
    ...judged,
    text: sentence(judged.text),
    experiment: attempt.experiment,
    decisions: await lease.decisions(records),
    seed: emulator.seed,
  };
}

/** @throws FaultlineError EXPERIMENT_INVALID */
function checked({ experiment }: ProofAttempt): Experiment {
  const parsed = experimentSchema.safeParse(experiment);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = issue?.path.join('.') ?? '';
  throw new FaultlineError('EXPERIMENT_INVALID', `${key}: ${issue?.message ?? 'not an experiment'}`, {
    place: { key },
  });
}

/** @throws FaultlineError FUNCTION_NOT_FOUND */
function timeoutOf(emulator: Emulator, name: string): number {
  const { functions } = emulator.snapshot();
  const found = functions.find((each) => each.name === name);
  if (found) return found.timeoutMs;
  const meant = nearest(
    name,
    functions.map((each) => each.name),
  );
  throw new FaultlineError('FUNCTION_NOT_FOUND', `there is no function "${name}"`, {
    ...(meant === undefined ? {} : { hint: `Did you mean ${meant}?` }),
  });
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? '' : '.'}`;
