import type { Experiment, ExperimentFault } from '../../../contract/experiment.js';
import type { ExportContext } from '../../exporters/types.js';

/** A fault with when it is on, in ms after the beginning of the phase. */
export interface Timed {
  readonly fault: ExperimentFault;
  readonly from: number;
  readonly to: number;
}

/** What is written of the faults. */
export interface Written {
  readonly events: readonly { readonly at: number; readonly activity: Readonly<Record<string, unknown>> }[];
  readonly rollbacks: readonly object[];
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
}

export type Through = (faults: readonly Timed[], experiment: Experiment, context: ExportContext) => Written;
