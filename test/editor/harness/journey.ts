import type { EditorOptions } from './editor.js';
import type { Workbench } from './workbench.js';

/** How a file's editor is set up; the packaged extension is installed in any case. */
export type JourneyOptions = Partial<Omit<EditorOptions, 'vsix' | 'extensionsDir' | 'testsPath' | 'developmentPath'>>;

export interface Journey {
  readonly name: string;
  readonly run: (editor: Workbench) => Promise<void>;
}

export interface JourneyFile {
  readonly options: JourneyOptions;
  readonly journeys: readonly Journey[];
}

let options: JourneyOptions = {};
let journeys: Journey[] = [];

/** Says how this file's editor is set up. Once a file, before its journeys. */
export function setup(given: JourneyOptions): void {
  options = given;
}

/**
 * One way of a user through the window. The journeys of a file share one editor, in order; after one that failed the
 * next gets a fresh one.
 */
export function journey(name: string, run: (editor: Workbench) => Promise<void>): void {
  journeys.push({ name, run });
}

/** What a journey file declared while it was imported; used by the runner only. */
export function takeJourneys(): JourneyFile {
  const file = { options, journeys };
  options = {};
  journeys = [];
  return file;
}
