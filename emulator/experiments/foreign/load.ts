import type { ErrorPlace } from '../../contract/errors.js';
import { experimentSchema, type Experiment } from '../../contract/experiment.js';
import { importDocument, type ImportOptions } from './import.js';
import { leftOutText } from './write.js';

/** A document of another tool, to be run at once. */
export interface ImportedExperiment {
  readonly experiment: Experiment;
  /** Where each of its faults is written: the document, as its faults have no line of their own there. */
  readonly faultPlaces: readonly ErrorPlace[];
  /** What was not carried over, and what was assumed; a line each. */
  readonly notes: readonly string[];
}

/**
 * @param file absolute path, for errors
 * @param cwd what `notes` name the file relative to
 * @throws FaultlineError as `importDocument`
 */
export function importedExperiment(
  text: string,
  file: string,
  cwd: string,
  options: ImportOptions = {},
): ImportedExperiment {
  const imported = importDocument(text, file, options);
  const experiment = experimentSchema.parse(imported.experiment);
  return {
    experiment,
    faultPlaces: experiment.faults.map(() => ({ file })),
    notes: [
      ...imported.leftOut.map((one) => `not carried over: ${leftOutText(one, cwd)}`),
      ...imported.assumed.map((each) => `assumed: ${each}`),
    ],
  };
}
