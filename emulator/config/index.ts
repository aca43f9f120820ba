import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { CONFIG_FILES, configSchema, type Config } from '../contract/config.js';
import { FaultlineError } from '../contract/errors.js';
import { resolveConfig } from './resolve.js';
import { keyPath, placeIssues, type PlacedIssue } from '../yaml-issues.js';

/** Reads, validates and resolves the configuration of one workspace. */

export interface Source {
  readonly file: string;
  readonly text: string;
}

export async function readSource(root: string): Promise<Source> {
  for (const name of CONFIG_FILES) {
    const file = path.join(root, name);
    try {
      return { file, text: await readFile(file, 'utf8') };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && (error as NodeJS.ErrnoException).code !== 'ENOTDIR')
        throw new FaultlineError('CONFIG_INVALID', `cannot read ${file}: ${(error as Error).message}`, {
          place: { file },
        });
    }
  }
  throw new FaultlineError('CONFIG_NOT_FOUND', `no ${CONFIG_FILES[0]} in ${root}`, {
    hint: 'run `faultline init` there to write one from the handlers it finds, or name another folder',
    place: { file: path.join(root, CONFIG_FILES[0]) },
  });
}

/** The keys that the schema knows at a path, read off its JSON Schema. */
export function knownKeys(at: readonly PropertyKey[]): readonly string[] {
  let schema: z.core.JSONSchema.JSONSchema | undefined = configJsonSchema();
  for (const part of at) {
    schema = objectOf(schema);
    if (typeof part === 'number') schema = (schema?.items ?? undefined) as typeof schema;
    else {
      const extra: z.core.JSONSchema.JSONSchema['additionalProperties'] = schema?.additionalProperties;
      schema = (schema?.properties?.[String(part)] ?? (typeof extra === 'object' ? extra : undefined)) as typeof schema;
    }
  }
  return Object.keys(objectOf(schema)?.properties ?? {});
}

type Schema = z.core.JSONSchema.JSONSchema | undefined;

/** The long form of what has a short one. */
function objectOf(schema: Schema): Schema {
  const forms = schema?.anyOf as readonly Schema[] | undefined;
  return forms?.find((form) => form?.properties !== undefined) ?? schema;
}

/** The JSON Schema that editors complete and check faultline.yaml with. */
export function configJsonSchema(): z.core.JSONSchema.JSONSchema {
  return z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as z.core.JSONSchema.JSONSchema;
}

export function invalid(
  file: string,
  issues: readonly PlacedIssue[],
  hint = 'every key is described in docs/config.md',
): FaultlineError {
  const first = issues[0];
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return new FaultlineError('CONFIG_INVALID', `${path.basename(file)}: ${first?.message ?? 'invalid'}${more}`, {
    hint,
    ...(first ? { place: first.place } : {}),
    all: issues,
  });
}

export function syntaxIssues(document: Document, file: string): PlacedIssue[] {
  return document.errors.map((error) => ({
    message: error.message.split('\n')[0] ?? 'not YAML',
    place: {
      file,
      ...(error.linePos ? { line: error.linePos[0].line, column: error.linePos[0].col } : {}),
    },
  }));
}

function lineOf(document: Document, lines: LineCounter, at: readonly string[]): number {
  const [place] = placeIssues(
    [{ code: 'custom', path: [...at], message: '', input: undefined }],
    document,
    lines,
    '',
    () => [],
  );
  return place?.place.line ?? 1;
}

/**
 * The validated configuration of the workspace at `root`.
 * @param root folder that holds faultline.yaml
 * @throws FaultlineError CONFIG_NOT_FOUND, or CONFIG_INVALID with every issue's file, line and key
 */
export async function loadConfig(root: string): Promise<Config> {
  const absolute = path.resolve(root);
  const { file, text } = await readSource(absolute);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  if (document.errors.length > 0) throw invalid(file, syntaxIssues(document, file));
  const parsed = configSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) throw invalid(file, placeIssues(parsed.error.issues, document, lines, file, knownKeys));
  const issueAt = (at: readonly PropertyKey[], message: string): PlacedIssue => {
    const [placed] = placeIssues(
      [{ code: 'custom', path: [...at], message: '', input: undefined }],
      document,
      lines,
      file,
      () => [],
    );
    return { message, place: placed?.place ?? { file } };
  };
  const issues: PlacedIssue[] = [];
  const config = await resolveConfig(parsed.data, absolute, {
    issue: (at, message) => issues.push(issueAt(at, `${keyPath(at)}: ${message}`)),
    line: (at) => lineOf(document, lines, at),
  });
  if (issues.length > 0) throw invalid(file, issues);
  return { root: absolute, file, ...config };
}
