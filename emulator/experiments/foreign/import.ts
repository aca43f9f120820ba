import path from 'node:path';
import { FaultlineError, type ErrorPlace } from '../../contract/errors.js';
import type { ExperimentInput } from '../../contract/experiment.js';
import { nearest } from '../../contract/nearest.js';
import { importers, type ImporterName } from '../importers/index.js';
import type { Draft, DraftFault, DraftTarget, Importer, LeftOut } from '../importers/types.js';
import { readDocument, type ForeignDocument } from './document.js';
import { durationText } from './durations.js';
import { isFields } from './values.js';

/** A document of another tool → an experiment of ours, and what could not be carried over. */

export interface ImportOptions {
  /** The format; absent: by what is in the document. */
  readonly from?: string | undefined;
  /** The function that faults hit. */
  readonly function?: string | undefined;
  /** What is called: `POST /orders`, or the name of a function. */
  readonly target?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface Import {
  readonly format: ImporterName;
  /** As people call it. */
  readonly title: string;
  readonly experiment: ExperimentInput;
  /** In the order of the document. */
  readonly leftOut: readonly (LeftOut & { readonly place: ErrorPlace })[];
  /** What the document does not say, and what was put there. */
  readonly assumed: readonly string[];
}

/** Long enough for faults that have no length of their own to be seen. */
const DEFAULT_PHASE_MS = 5_000;
const DEFAULT_RATE = 10;

/**
 * @param file as errors name it
 * @throws FaultlineError USAGE for a format that is not known, and when nothing says what to call; EXPERIMENT_INVALID with file,
 *   line and key for what is not as its format has it, and when no fault is left
 */
export function importDocument(text: string, file: string, options: ImportOptions = {}): Import {
  const document = readDocument(text, file);
  const format = options.from === undefined ? detect(document) : formatNamed(options.from);
  const importer: Importer = importers[format];
  const leftOut: (LeftOut & { place: ErrorPlace })[] = [];
  const draft = importer.read(document.check(importer.schemaOf(document.value)), {
    function: options.function,
    env: options.env ?? {},
    document,
    leaveOut: (at, why, instead) => leftOut.push({ path: at, why, instead, place: document.placeOf(at) }),
  });
  leftOut.sort((a, b) => (a.place.line ?? 0) - (b.place.line ?? 0) || (a.place.column ?? 0) - (b.place.column ?? 0));
  if (draft.faults.length === 0) throw nothingLeft(document, importer, leftOut);
  const assumed: string[] = [];
  return {
    format,
    title: importer.title,
    experiment: experimentOf(draft, options, document, assumed),
    leftOut,
    assumed,
  };
}

/** Whether a file is a document of another tool, and which. */
export function formatOf(text: string, file: string): ImporterName | undefined {
  return recognised(readDocument(text, file));
}

function recognised({ value }: ForeignDocument): ImporterName | undefined {
  const names = Object.keys(importers) as ImporterName[];
  return names.find((name) => importers[name].recognises(value));
}

function detect(document: ForeignDocument): ImporterName {
  const found = recognised(document);
  if (found) return found;
  const name = path.basename(document.file);
  if (isFields(document.value) && 'target' in document.value && 'faults' in document.value) {
    throw new FaultlineError('USAGE', `${name} is an experiment of ours already`, {
      hint: `Run it: faultline test ${name}`,
      place: { file: document.file },
    });
  }
  const formats = Object.entries(importers).map(([format, { looksFor }]) => `${format}: ${looksFor}`);
  throw new FaultlineError('USAGE', `${name} is of no format that is known here`, {
    hint: `Looked for ${formats.join('; ')}. --from FORMAT says which it is.`,
    place: { file: document.file },
  });
}

function formatNamed(name: string): ImporterName {
  if (Object.hasOwn(importers, name)) return name as ImporterName;
  const names = Object.keys(importers);
  const meant = nearest(name, names);
  throw new FaultlineError('USAGE', `there is no format "${name}"`, {
    hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}Formats: ${names.join(', ')}.`,
  });
}

function nothingLeft(document: ForeignDocument, { title }: Importer, leftOut: readonly LeftOut[]): FaultlineError {
  const places = leftOut.map(({ path: at, why, instead }) => ({
    message: `${why}. ${instead}`,
    place: document.placeOf(at),
  }));
  const message = `${path.basename(document.file)}: no fault of this ${title} can be carried over`;
  return new FaultlineError('EXPERIMENT_INVALID', message, {
    hint: 'docs/formats.md tells what is read of each format.',
    place: { file: document.file },
    all: [{ message }, ...places],
  });
}

function experimentOf(
  draft: Draft,
  options: ImportOptions,
  document: ForeignDocument,
  assumed: string[],
): ExperimentInput {
  const target = targetOf(options, draft.target, document);
  const said = draft.steadyState !== undefined || draft.during !== undefined;
  if (!said) {
    assumed.push(
      'The document does not say what must hold. steadyState and after: no request fails; during: anything may happen.',
    );
  }
  const lasts = draft.lasts === undefined || draft.lasts === 0 ? DEFAULT_PHASE_MS : draft.lasts;
  const latest = Math.max(...draft.faults.map(({ at }) => at));
  const phase = Math.max(lasts, latest + (latest >= lasts ? DEFAULT_PHASE_MS : 0));
  if (phase > 60_000) {
    assumed.push(
      `Each phase takes ${durationText(phase)}, as the document has it. To be faster, shorten load.for and the faults’ for and at.`,
    );
  }
  return {
    title: draft.title,
    ...(draft.description === undefined ? {} : { description: draft.description }),
    target,
    load: { rate: DEFAULT_RATE, for: durationText(phase) },
    steadyState: draft.steadyState ?? { errorShare: { max: 0 } },
    faults: draft.faults.map(faultOf),
    during: draft.during ?? { errorShare: { max: 1 } },
    ...(said ? (draft.after ? { after: draft.after } : {}) : { after: { errorShare: { max: 0 } } }),
  };
}

/** In the order in which people write its keys. */
function faultOf({ spec, at }: DraftFault): ExperimentInput['faults'][number] {
  const { kind, function: name, match, params, rate, ...rest } = spec;
  return {
    kind,
    ...(name === undefined ? {} : { function: name }),
    ...(match ? { match } : {}),
    ...(params ? { params } : {}),
    ...(rate === undefined ? {} : { rate }),
    ...(at > 0 ? { at: durationText(at) } : {}),
    ...rest,
  };
}

/** @throws FaultlineError USAGE when neither the options nor the document say what to call */
function targetOf(
  { target, function: name }: ImportOptions,
  drafted: DraftTarget | undefined,
  document: ForeignDocument,
): DraftTarget {
  if (target !== undefined) {
    const [, method, route] = /^([A-Za-z]+)\s+(\/.*)$/.exec(target) ?? [];
    return method === undefined ? { invoke: target } : { request: `${method.toUpperCase()} ${route ?? ''}` };
  }
  if (drafted) return drafted;
  if (name !== undefined) return { invoke: name };
  throw new FaultlineError('USAGE', `${path.basename(document.file)} does not say what is called while it is broken`, {
    hint: 'Give --target "POST /orders" or --target FUNCTION (with `faultline import`).',
    place: { file: document.file },
  });
}
