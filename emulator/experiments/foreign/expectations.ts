import type { Experiment, Expectation, Threshold } from '../../contract/experiment.js';

/** Looking into what an experiment expects. */

export interface NamedThreshold {
  readonly metric: string;
  /** `p(95)<500`. */
  readonly threshold: string;
  readonly abort: boolean;
  readonly path: readonly (string | number)[];
}

/** @param phase `during`, for the paths */
export function thresholdsOf(expectation: Expectation, phase: string): NamedThreshold[] {
  return Object.entries(expectation.thresholds ?? {}).flatMap(([metric, list]: [string, Threshold[] | undefined]) =>
    (list ?? []).map((one, i) => ({
      metric,
      threshold: typeof one === 'string' ? one : one.threshold,
      abort: typeof one !== 'string' && one.abortOnFail,
      path: [phase, 'thresholds', metric, i],
    })),
  );
}

/** Those of the phase with faults that end the run. */
export function abortThresholds({ during }: Experiment): NamedThreshold[] {
  return thresholdsOf(during, 'during').filter(({ abort }) => abort);
}
