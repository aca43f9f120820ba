import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { reason } from '../../../lint/files.js';
import { compareText } from '../../../lint/text.js';
import { FaultlineError } from '../../contract/errors.js';
import type { Finding } from '../../contract/findings.js';

/**
 * The findings that an old project starts with: known, not reported, not counted. A finding is known by its file and its
 * fingerprint, so that code above it may change; how often is kept for fingerprints that occur more than once.
 */

const entrySchema = z.strictObject({
  rule: z.string(),
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/, 'not a fingerprint: 16 hexadecimal digits'),
  count: z.number().int().min(1).optional(),
});
const baselineSchema = z.object({
  version: z.literal(1),
  about: z.string().optional(),
  files: z.record(z.string(), z.array(entrySchema)),
});
type Entry = z.output<typeof entrySchema>;

export interface Baseline {
  readonly file: string;
  /** By path relative to the baseline, with forward slashes. */
  readonly entries: ReadonlyMap<string, readonly Entry[]>;
}

export interface Compared {
  /** What the baseline does not know. */
  readonly fresh: readonly Finding[];
  readonly known: number;
  /** Entries of linted or removed files that nothing is found for any more. */
  readonly fixed: number;
}

const WRITE_ANEW = '`faultline lint --update-baseline` writes it anew from what is found now';

/**
 * @param named as typed
 * @param mayBeMissing true when it is about to be written
 * @throws FaultlineError USAGE for a file that is not there; CONFIG_INVALID with file and line for one that is no baseline
 */
export async function openBaseline(named: string, cwd: string, mayBeMissing: boolean): Promise<Baseline> {
  const file = path.resolve(cwd, named);
  const none = { file, entries: new Map<string, readonly Entry[]>() };
  if (!existsSync(file)) {
    if (mayBeMissing) return none;
    throw new FaultlineError('USAGE', `there is no baseline ${named}`, {
      hint: '--update-baseline writes it from what is found now',
      place: { file },
    });
  }
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new FaultlineError('USAGE', `cannot read the baseline ${named}: ${reason(error)}`, {
      place: { file },
    });
  });
  const parsed = baselineSchema.safeParse(parseJson(text));
  if (!parsed.success) throw await broken(file, text, parsed.error);
  return { file, entries: new Map(Object.entries(parsed.data.files)) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where and why a file is no baseline. Read as YAML, of which JSON is a part, since that knows lines. */
async function broken(file: string, text: string, error: z.ZodError): Promise<FaultlineError> {
  const name = path.basename(file);
  const fail = (message: string, line = 1, column = 1): FaultlineError =>
    new FaultlineError('CONFIG_INVALID', `${name} is no baseline: ${message}`, {
      hint: `mend it, or delete it; ${WRITE_ANEW}`,
      place: { file, line, column },
    });
  if (text.trim() === '') return fail('it is empty');
  const conflict = text.split('\n').findIndex((line) => /^(<{7}|={7}|>{7})/.test(line));
  if (conflict >= 0) return fail('it has the marks of a merge conflict', conflict + 1);
  const { placeIssues } = await import('../../yaml-issues.js');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const syntax = document.errors[0];
  if (syntax !== undefined || parseJson(text) === undefined) {
    const at = syntax?.linePos?.[0];
    return fail(`not JSON${syntax === undefined ? '' : `: ${syntax.message.split('\n')[0] ?? ''}`}`, at?.line, at?.col);
  }
  const content: unknown = document.toJS();
  const version = typeof content === 'object' && content !== null && 'version' in content ? content.version : undefined;
  if (typeof version === 'number' && version > 1) {
    return fail(`it is of version ${String(version)}, made by a newer Faultline than this one, which reads version 1`);
  }
  const [issue] = placeIssues(error.issues, document, lines, file, () => []);
  return fail(issue?.message ?? 'it is of another tool', issue?.place.line, issue?.place.column);
}

function keyOf(baseline: Baseline, file: string): string {
  return path.relative(path.dirname(baseline.file), file).split(path.sep).join('/');
}

/** @param linted the files that findings could have been found in */
export function compare(baseline: Baseline, findings: readonly Finding[], linted: readonly string[]): Compared {
  const left = new Map<string, Map<string, number>>();
  for (const [file, entries] of baseline.entries) {
    left.set(file, new Map(entries.map((each) => [each.fingerprint, each.count ?? 1])));
  }
  const fresh = findings.filter((finding) => {
    const counts = left.get(keyOf(baseline, finding.file));
    const number = counts?.get(finding.fingerprint ?? '') ?? 0;
    if (number === 0) return true;
    counts?.set(finding.fingerprint ?? '', number - 1);
    return false;
  });
  const judged = new Set(linted.map((each) => keyOf(baseline, each)));
  const folder = path.dirname(baseline.file);
  let fixed = 0;
  for (const [file, counts] of left) {
    if (!judged.has(file) && existsSync(path.join(folder, file))) continue;
    for (const number of counts.values()) fixed += number;
  }
  return { fresh, known: findings.length - fresh.length, fixed };
}

/**
 * Writes a baseline of what is found now. What it says of files that were not linted stays, unless they are gone.
 * @returns how many findings it holds
 */
export async function updateBaseline(
  baseline: Baseline,
  findings: readonly Finding[],
  linted: readonly string[],
): Promise<number> {
  const folder = path.dirname(baseline.file);
  const judged = new Set(linted.map((each) => keyOf(baseline, each)));
  const files = new Map<string, Entry[]>();
  for (const [file, entries] of baseline.entries) {
    if (!judged.has(file) && existsSync(path.join(folder, file))) files.set(file, [...entries]);
  }
  for (const finding of findings) {
    const { rule, fingerprint } = finding;
    // A defect of ours is nobody's debt.
    if (fingerprint === undefined || rule === 'internal-error') continue;
    const entries = files.get(keyOf(baseline, finding.file)) ?? [];
    const same = entries.find((each) => each.fingerprint === fingerprint);
    if (same === undefined) entries.push({ rule, fingerprint });
    else same.count = (same.count ?? 1) + 1;
    files.set(keyOf(baseline, finding.file), entries);
  }
  const order = (a: Entry, b: Entry): number =>
    compareText(a.rule, b.rule) || compareText(a.fingerprint, b.fingerprint);
  const sorted = [...files]
    .sort(([a], [b]) => compareText(a, b))
    .map(([file, all]) => [file, all.sort(order)] as const);
  const about = 'Findings that faultline lint knows and does not report. Written by faultline lint --update-baseline.';
  const content = { version: 1, about, files: Object.fromEntries(sorted) };
  await writeFile(baseline.file, `${JSON.stringify(content, undefined, 2)}\n`);
  return sorted.reduce((sum, [, all]) => sum + all.reduce((number, each) => number + (each.count ?? 1), 0), 0);
}
