import { FaultlineError } from '../../contract/errors.js';
import type { Experiment } from '../../contract/experiment.js';
import { exporters, type ExporterName } from '../exporters/index.js';
import type { ExportContext, Exporter, ExportOptions } from '../exporters/types.js';
import type { LeftOut } from '../importers/types.js';
import { nearest } from '../../contract/nearest.js';
import { keyPath } from '../../yaml-issues.js';

/** An experiment of ours → a document of another tool, and what could not be carried over. */

export interface Export {
  readonly title: string;
  /** How the file is used. */
  readonly use: string;
  /** JSON. */
  readonly text: string;
  readonly leftOut: readonly LeftOut[];
  /** What the user has to fill in or to do. */
  readonly todo: readonly string[];
}

export type ExportInput = Pick<ExportContext, 'functions' | 'defaultsOf'> & { readonly options?: ExportOptions };

/** @throws FaultlineError USAGE for a format that there is not, and when nothing of the experiment can be carried over */
export function exportExperiment(
  experiment: Experiment,
  to: string,
  { functions, defaultsOf, options = {} }: ExportInput,
): Export {
  const exporter: Exporter = exporters[exporterNamed(to)];
  const leftOut: LeftOut[] = [];
  const todo: string[] = [];
  const document = exporter.write(experiment, {
    options,
    functions,
    defaultsOf,
    leaveOut: (path, why, instead) => leftOut.push({ path, why, instead }),
    todo: (text) => todo.push(text),
  });
  return { title: exporter.title, use: exporter.use, text: `${JSON.stringify(document, null, 2)}\n`, leftOut, todo };
}

function exporterNamed(name: string): ExporterName {
  if (Object.hasOwn(exporters, name)) return name as ExporterName;
  const names = Object.keys(exporters);
  const meant = nearest(name, names);
  throw new FaultlineError('USAGE', `there is no format "${name}" to export to`, {
    hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}Formats: ${names.join(', ')}.`,
  });
}

/** `faults[0].params.jitter: AWS FIS delays by one time … Nothing.` */
export function leftOutLine({ path, why, instead }: LeftOut): string {
  return `${keyPath(path)}: ${why}. ${instead}`;
}
