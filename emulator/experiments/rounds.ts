import type { ExperimentResult } from '../contract/experiment.js';
import type { LoadedExperiment } from './types.js';

/** Running experiments several times: repetitions, retries, and when enough have failed. */

export interface Rounds {
  /** Each experiment so often, from 1; every time with the same seed, so that only what the faults do not decide differs. */
  readonly repeat: number;
  /** A run that did not pass is run again at most so often; 0: never. */
  readonly retries: number;
  /** Nothing more is started once so many experiments have failed; Infinity: never. */
  readonly bail: number;
}

export interface RoundsHooks {
  run(loaded: LoadedExperiment): Promise<ExperimentResult>;
  /** Told of each result that counts. */
  result(result: ExperimentResult): void;
  /** Told of a result that is tried again. */
  retried(result: ExperimentResult): void;
  interrupted(): boolean;
}

/** @returns the results that count, in order: of retries the last */
export async function runRounds(
  loaded: readonly LoadedExperiment[],
  rounds: Rounds,
  hooks: RoundsHooks,
): Promise<ExperimentResult[]> {
  const results: ExperimentResult[] = [];
  let failures = 0;
  for (const one of loaded)
    for (let number = 1; number <= rounds.repeat; number++) {
      if (hooks.interrupted() || failures >= rounds.bail) return results;
      const result = await runWithRetries(one, rounds, number, hooks);
      hooks.result(result);
      results.push(result);
      if (result.verdict !== 'passed') failures++;
    }
  return results;
}

/** An error of the file is the same at every try; whoever has interrupted wants no other. */
const worthRetrying = ({ verdict }: ExperimentResult): boolean => verdict === 'failed' || verdict === 'aborted';

async function runWithRetries(
  one: LoadedExperiment,
  { repeat, retries }: Rounds,
  number: number,
  hooks: RoundsHooks,
): Promise<ExperimentResult> {
  for (let retry = 0; ; retry++) {
    const result: ExperimentResult = {
      ...(await hooks.run(one)),
      ...(repeat > 1 ? { repetition: { number, of: repeat } } : {}),
      ...(retry > 0 ? { retry } : {}),
    };
    if (retry > 0 && result.verdict === 'passed') return { ...result, flaky: true };
    if (retry >= retries || !worthRetrying(result) || hooks.interrupted()) return result;
    hooks.retried(result);
  }
}

/** Experiments whose repetitions had different verdicts although the faults were the same, a line each. */
export function flakiness(results: readonly ExperimentResult[]): readonly string[] {
  const byFile = new Map<string, ExperimentResult[]>();
  for (const result of results)
    if (result.repetition) byFile.set(result.file, [...(byFile.get(result.file) ?? []), result]);
  return [...byFile.values()].flatMap((runs) => {
    const passed = runs.filter(({ verdict }) => verdict === 'passed').length;
    const [first] = runs;
    if (!first) return [];
    if (passed > 0 && passed < runs.length)
      return [`${first.title}: flaky, ${passed} of ${runs.length} repetitions passed`];
    const differs = runs.some((run) => decisionsOf(run) !== decisionsOf(first));
    const decided = differs
      ? 'faults were not all the same: the calls came in another order, or number'
      : 'the same faults each time';
    return [`${first.title}: ${passed} of ${runs.length} repetitions passed, ${decided}`];
  });
}

const decisionsOf = ({ decisions }: ExperimentResult): string => JSON.stringify(decisions);
