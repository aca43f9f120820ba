import type { Experiment } from '../../contract/experiment.js';
import type { LeaveOut } from '../importers/types.js';

/** Writing what other tools read. */

export interface ExportOptions {
  /** ARN of the role that AWS FIS takes on. */
  readonly role?: string | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** URL of the control API, for faults of an emulator in place of those of AWS. */
  readonly control?: string | undefined;
}

export interface ExportContext {
  readonly options: ExportOptions;
  /** Names of the functions of the workspace, for faults that name none or a pattern. */
  readonly functions: readonly string[];
  /** Parameters of a kind that an experiment does not give. */
  defaultsOf(kind: string): Readonly<Record<string, unknown>>;
  /** Paths are those of the experiment. */
  leaveOut: LeaveOut;
  /** What the user has to fill in or to do. */
  todo(text: string): void;
}

/** A format. */
export interface Exporter {
  /** As people call it. */
  readonly title: string;
  /** How the file that is written is used: `aws fis create-experiment-template --cli-input-json file://FILE`. */
  readonly use: string;
  /** @returns what is written, as JSON */
  write(experiment: Experiment, context: ExportContext): unknown;
}
