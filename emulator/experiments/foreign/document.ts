import path from 'node:path';
import { isMap, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { FaultlineError, type ErrorPlace } from '../../contract/errors.js';
import { keyPath, placeIssues } from '../../yaml-issues.js';

/** A document of another tool. JSON is read as the YAML that it is, so that everything in it has a line. */
export interface ForeignDocument {
  readonly file: string;
  readonly value: unknown;
  /** Where a key is; the deepest that is there, when the path leads to something that is missing. */
  placeOf(path: readonly PropertyKey[]): ErrorPlace;
  /**
   * The value under the schema of its format.
   * @throws FaultlineError EXPERIMENT_INVALID with the line and key of every issue
   */
  check<T>(schema: z.ZodType<T>): T;
}

/**
 * @param file as errors name it
 * @throws FaultlineError EXPERIMENT_INVALID for what is neither JSON nor YAML, with the line
 */
export function readDocument(text: string, file: string): ForeignDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true, merge: true });
  const wrong = document.errors.map((error) => ({
    message: `is not ${/^\s*[[{]/.test(text) ? 'JSON' : 'YAML'}: ${(error.message.split('\n')[0] ?? '')
      .replace(/ at line.*$/, '')
      .replace('Flow map', 'an object')
      .replace('Flow sequence', 'a list')}`,
    place: { file, ...(error.linePos ? { line: error.linePos[0].line, column: error.linePos[0].col } : {}) },
  }));
  if (wrong.length > 0) throw invalid(file, wrong);
  if (document.contents === null) throw invalid(file, [{ message: 'is empty', place: { file, line: 1 } }]);
  const value = valueOf(document, file);
  return {
    file,
    value,
    placeOf: (at) => placeOf(document, lines, file, at),
    check(schema) {
      const parsed = schema.safeParse(value);
      if (parsed.success) return parsed.data;
      throw invalid(
        file,
        placeIssues(parsed.error.issues, document, lines, file, () => []),
      );
    },
  };
}

/** @throws FaultlineError EXPERIMENT_INVALID for YAML whose aliases never end */
function valueOf(document: Document, file: string): unknown {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    throw invalid(file, [{ message: `cannot be read: ${(error as Error).message}`, place: { file, line: 1 } }]);
  }
}

function placeOf(document: Document, lines: LineCounter, file: string, at: readonly PropertyKey[]): ErrorPlace {
  let depth = at.length;
  while (depth > 0 && !document.hasIn(at.slice(0, depth))) depth--;
  const parent = depth === 0 ? document.contents : document.getIn(at.slice(0, depth - 1), true);
  const key = at[depth - 1];
  const pair = isMap(parent)
    ? parent.items.find((item) => String((item.key as { value?: unknown }).value) === String(key))
    : undefined;
  const node = pair?.key ?? (isSeq(parent) ? parent.items[Number(key)] : document.contents);
  const offset = (node as { range?: readonly number[] | null } | undefined)?.range?.[0];
  const { line, col } = lines.linePos(offset ?? 0);
  return { file, line, column: col, ...(at.length > 0 ? { key: keyPath(at) } : {}) };
}

function invalid(file: string, issues: readonly { message: string; place: ErrorPlace }[]): FaultlineError {
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${String(issues.length - 1)} more)` : '';
  return new FaultlineError('EXPERIMENT_INVALID', `${path.basename(file)}: ${first?.message ?? 'invalid'}${more}`, {
    hint: 'docs/formats.md tells what is read of each format.',
    ...(first ? { place: first.place } : {}),
    all: issues,
  });
}
