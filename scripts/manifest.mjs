#!/usr/bin/env node
// Checks the extension's manifest against src/contributions.ts, docs/settings.md and itself.
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { rules } from './lib/manifest-rules.mjs';
import { at, root } from './lib/paths.mjs';
import { StepError, step } from './lib/steps.mjs';
import { importTypeScript } from './lib/typescript.mjs';

/** The texts of package.nls*.json, by file, the English ones first. */
async function readTexts() {
  const names = (await readdir(root)).filter((name) => /^package\.nls(\.[\w-]+)?\.json$/.test(name));
  // 'package.nls.json' is the shortest of them.
  names.sort((a, b) => a.length - b.length);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, JSON.parse(await readFile(at(name), 'utf8'))])),
  );
}

/** `%key%` → its text. What has none stays, and is found by a rule. @param {string} json @param {Record<string, unknown>} texts */
const translated = (json, texts) =>
  json.replace(/"%([\w.-]+)%"/g, (whole, key) => {
    const text = texts[key];
    if (text === undefined) return whole;
    return JSON.stringify(typeof text === 'string' ? text : /** @type {{ message: string }} */ (text).message);
  });

/** @throws StepError with one line for everything that is wrong */
export async function checkManifest() {
  const nls = await readTexts();
  const manifest = JSON.parse(translated(await readFile(at('package.json'), 'utf8'), nls['package.nls.json'] ?? {}));
  if (manifest.contributes === undefined) throw new StepError('package.json contributes nothing yet');
  if (!existsSync(at('src/contributions.ts'))) throw new StepError('no src/contributions.ts yet');
  const tables = await importTypeScript('src/contributions.ts');
  const settingsPage = await readFile(at('docs/settings.md'), 'utf8').catch(() => '');
  const faults = rules.flatMap((rule) => rule({ root, manifest, tables, settingsPage, nls }));
  if (faults.length > 0) throw new StepError(faults.join('\n'));
  return `${rules.length} rules`;
}

if (import.meta.filename === process.argv[1]) {
  const { ok } = await step('manifest', checkManifest);
  if (!ok) process.exitCode = 1;
}
