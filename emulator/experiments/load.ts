import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { FaultlineError, type ErrorPlace } from '../contract/errors.js';
import { experimentSchema, type Experiment } from '../contract/experiment.js';
import { placeIssues, type PlacedIssue } from '../yaml-issues.js';
import { findExperiments, workspaceOf } from './find.js';
import { compileProbe } from './probes/index.js';
import type { ImportExperiment, LoadedExperiment } from './types.js';

/** Reads and checks experiment files. */

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The JSON Schema that editors complete and check `*.experiment.yaml` with. */
export function experimentJsonSchema(): JsonSchema {
  return z.toJSONSchema(experimentSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

/** The keys that the schema knows at a path, read off its JSON Schema. */
function knownKeys(at: readonly PropertyKey[]): readonly string[] {
  let schema: JsonSchema | undefined = experimentJsonSchema();
  for (const part of at) {
    schema = (typeof part === 'number' ? schema?.items : schema?.properties?.[String(part)]) as JsonSchema | undefined;
  }
  return Object.keys(schema?.properties ?? {});
}

/** @returns what is wrong with the text, or undefined when it is YAML with something in it */
function textIssues(document: Document, file: string): PlacedIssue[] | undefined {
  if (document.errors.length > 0) {
    return document.errors.map((error) => ({
      message: (error.message.split('\n')[0] ?? 'not YAML').replace(/:$/, ''),
      place: { file, ...(error.linePos ? { line: error.linePos[0].line, column: error.linePos[0].col } : {}) },
    }));
  }
  if (document.contents !== null) return undefined;
  return [{ message: `the file is empty; it needs ${REQUIRED}`, place: { file, line: 1 } }];
}

const REQUIRED = 'title, target, steadyState, faults and during';

/** A key that is missing says so, and comes after the mistyped key that it probably is. */
function inWords(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const worded = issues.map((issue) =>
    issue.code === 'invalid_type' && issue.message.endsWith('received undefined')
      ? { ...issue, message: 'is missing' }
      : issue,
  );
  const rank = (issue: z.core.$ZodIssue): number => (issue.code === 'unrecognized_keys' ? 0 : 1);
  return worded.sort((a, b) => rank(a) - rank(b));
}

function invalid(issues: readonly PlacedIssue[]): FaultlineError {
  const [first] = issues;
  const name = path.basename(first?.place.file ?? '');
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return new FaultlineError('EXPERIMENT_INVALID', `${name}: ${first?.message ?? 'invalid'}${more}`, {
    hint: 'Every key is described in docs/experiments.md.',
    ...(first ? { place: first.place } : {}),
    all: issues,
  });
}

/**
 * One experiment from its text.
 * @param file absolute path, for errors
 * @throws FaultlineError EXPERIMENT_INVALID with every issue's file, line and key
 */
export function parseExperiment(text: string, file: string): Omit<LoadedExperiment, 'root'> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const wrong = textIssues(document, file);
  if (wrong) throw invalid(wrong);
  const parsed = experimentSchema.safeParse(document.toJS());
  if (!parsed.success) throw invalid(placeIssues(inWords(parsed.error.issues), document, lines, file, knownKeys));
  const probes = probeIssues(parsed.data);
  if (probes.length > 0) throw invalid(placeIssues(probes, document, lines, file, knownKeys));
  const faultPlaces = parsed.data.faults.map((_, i): ErrorPlace => {
    const issue = { code: 'custom' as const, path: ['faults', i], message: '', input: undefined };
    return placeIssues([issue], document, lines, file, () => [])[0]?.place ?? { file };
  });
  return { experiment: parsed.data, file, faultPlaces };
}

/** Paths and regular expressions of probes that are none: found before anything runs. */
function probeIssues(experiment: Experiment): z.core.$ZodIssue[] {
  return (['steadyState', 'during', 'after'] as const).flatMap((phase) =>
    (experiment[phase]?.probes ?? []).flatMap((probe, i) => {
      try {
        compileProbe(probe);
        return [];
      } catch (error) {
        const { message, place } = FaultlineError.from(error);
        const path = [phase, 'probes', i, ...(place?.key?.split('.').slice(0, 2) ?? [])];
        return [{ code: 'custom' as const, path, message, input: undefined }];
      }
    }),
  );
}

/** Files of ours have this ending; what is given beside them may be another tool's. */
const OURS = /\.experiment\.ya?ml$/;

async function loadOne(file: string, importExperiment?: ImportExperiment): Promise<LoadedExperiment> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw invalid([{ message: `cannot be read: ${error.message}`, place: { file } }]);
  });
  const imported = OURS.test(file) ? undefined : await importExperiment?.(file, text);
  if (imported) return imported;
  const parsed = parseExperiment(text, file);
  return { ...parsed, root: await workspaceOf(file) };
}

/**
 * The experiments at `paths`.
 * @param paths files, folders and glob patterns; none: `**\/*.experiment.{yaml,yml}` below `root`
 * @param root what relative paths are relative to
 * @throws FaultlineError USAGE when there are none; EXPERIMENT_INVALID with the issues of every file, so that one run shows
 *   all of them; CONFIG_NOT_FOUND for one outside of a workspace
 */
export async function loadExperiments(paths: readonly string[], root: string): Promise<LoadedExperiment[]> {
  return loadFiles(await findExperiments(paths, root));
}

/**
 * As `loadExperiments`, for files that have been found already.
 * @param importExperiment reads those of other tools
 */
export async function loadFiles(
  files: readonly string[],
  importExperiment?: ImportExperiment,
): Promise<LoadedExperiment[]> {
  const settled = await Promise.allSettled(files.map((file) => loadOne(file, importExperiment)));
  const issues: PlacedIssue[] = [];
  for (const result of settled) {
    if (result.status === 'fulfilled') continue;
    const error = FaultlineError.from(result.reason);
    if (error.code !== 'EXPERIMENT_INVALID') throw error;
    for (const { message, place } of error.all ?? []) issues.push({ message, place: place ?? {} });
  }
  if (issues.length > 0) throw invalid(issues);
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
