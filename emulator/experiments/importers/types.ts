import type { z } from 'zod';
import type { ExperimentInput } from '../../contract/experiment.js';
import type { FaultSpec } from '../../contract/faults.js';
import type { ForeignDocument } from '../foreign/document.js';

/** Reading what other tools write. */

export type DocumentPath = readonly (string | number)[];

/** Something in a document, or in an experiment, that has no counterpart on the other side. */
export interface LeftOut {
  /** Where it is. */
  readonly path: DocumentPath;
  readonly why: string;
  /** What to do about it. */
  readonly instead: string;
}

/** Takes down what is left out. */
export type LeaveOut = (path: DocumentPath, why: string, instead: string) => void;

/** What is called, as our files have it. */
export type DraftTarget = ExperimentInput['target'];

export interface DraftFault {
  readonly spec: FaultSpec;
  /** ms after the beginning of the phase with faults. */
  readonly at: number;
}

/** An experiment as a document tells it; what is absent, the document does not say. */
export interface Draft {
  readonly title: string;
  readonly description?: string | undefined;
  readonly target?: DraftTarget | undefined;
  readonly steadyState?: ExperimentInput['steadyState'] | undefined;
  readonly during?: ExperimentInput['during'] | undefined;
  readonly after?: ExperimentInput['after'] | undefined;
  readonly faults: readonly DraftFault[];
  /** ms that the phase with faults lasts. */
  readonly lasts?: number | undefined;
}

/** What an importer is told beside the document. */
export interface ImportContext {
  /** The function that faults hit, for formats that name none. */
  readonly function?: string | undefined;
  /** The environment that `{"type": "env"}` refers to. */
  readonly env: Readonly<Record<string, string | undefined>>;
  leaveOut: LeaveOut;
  readonly document: ForeignDocument;
}

/** A format. `D` is what its schema makes of a document. */
export interface Importer<D = unknown> {
  /** As people call it: `AWS FIS experiment template`. */
  readonly title: string;
  /** What a document is recognised by, in words. */
  readonly looksFor: string;
  recognises(value: unknown): boolean;
  /**
   * What is read of a document of this shape. By shape and not one union of all, so that what is wrong is told where it is.
   * Loose: what else there is belongs to `leaveOut`.
   */
  schemaOf(value: unknown): z.ZodType<D>;
  read(value: D, context: ImportContext): Draft;
}
