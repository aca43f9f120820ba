import { writeFile } from 'node:fs/promises';
import { encodeSource } from '../../../lint/decode.js';
import { applyEdits, compatibleFixes } from '../../../lint/text.js';
import { readSource } from './lint-file.js';
import type { FileLinter } from './lint-file.js';
import type { FileResult } from './result.js';

/** `--fix`: applies the fixes that keep behaviour until nothing changes any more. */

/** Rules whose fixes answer each other would go on for ever. */
const PASSES = 10;

export interface Fixes {
  readonly number: number;
  /** Files that were written. */
  readonly written: readonly string[];
  /** Files whose result is another one now: the written ones, and those that import them. */
  readonly changed: readonly string[];
}

/** @param results what was found; replaced by what is left */
export async function fixFiles(
  results: Map<string, FileResult>,
  linter: () => Promise<FileLinter>,
  signal: AbortSignal,
): Promise<Fixes> {
  let number = 0;
  const written: string[] = [];
  for (const [file, result] of [...results]) {
    if (signal.aborted) break;
    if (compatibleFixes(result.findings).length === 0) continue;
    const done = await fixFile(file, result, await linter());
    if (done === undefined) continue;
    number += done.number;
    written.push(file);
    results.set(file, done.result);
  }
  const touched = new Set(written);
  const importers = [...results].filter(([, { dependencies }]) => dependencies.some((each) => touched.has(each)));
  for (const [file] of importers) results.set(file, await (await linter()).lint(file));
  return { number, written, changed: [...new Set([...written, ...importers.map(([file]) => file)])] };
}

async function fixFile(
  file: string,
  result: FileResult,
  linter: FileLinter,
): Promise<{ number: number; result: FileResult } | undefined> {
  const source = await readSource(file);
  if ('problem' in source) return undefined;
  let best: { number: number; text: string; result: FileResult } | undefined;
  for (let pass = 0; pass < PASSES; pass++) {
    const text = best?.text ?? source.text;
    const fixes = compatibleFixes((best?.result ?? result).findings);
    if (fixes.length === 0) break;
    const fixed = applyEdits(
      text,
      fixes.flatMap((each) => each.edits),
    );
    if (fixed === text) break;
    const after = await linter.lintText(file, fixed);
    // A fix that breaks the file is our defect: what was good before it stays.
    if (after.findings.some((each) => each.rule === 'syntax-error')) break;
    best = { number: (best?.number ?? 0) + fixes.length, text: fixed, result: after };
  }
  const bytes = best === undefined ? undefined : encodeSource(best.text, source.encoding);
  if (best === undefined || bytes === undefined) {
    await linter.lintText(file, source.text);
    return undefined;
  }
  await writeFile(file, bytes);
  linter.forget(file);
  return best;
}
