#!/usr/bin/env node
// Installs what the tests need beyond npm: a browser, ripgrep, Prometheus (all from apt) and the editor.
// Idempotent: does nothing, and says so, when all is there. `--verify` starts the editor once even then.
import { parseArgs } from 'node:util';
import { step } from './lib/steps.mjs';
import { aptPackages } from './lib/apt.mjs';
import { installEditor, verifyEditor, editorReady } from './lib/code-server.mjs';

/** @param {{ verify?: boolean }} [options] @returns {Promise<boolean>} whether everything is there */
export async function installTools({ verify = false } = {}) {
  const fresh = !(await editorReady());
  // Both wait for the network first: side by side.
  const packages = step('tools: system packages', aptPackages);
  const install = step('tools: editor', fresh ? () => installEditor(packages) : () => 'there already');
  const results = await Promise.all([packages, install]);
  if ((fresh || verify) && results.every(({ ok }) => ok))
    results.push(await step('tools: editor starts', verifyEditor));
  return results.every(({ ok }) => ok);
}

if (import.meta.filename === process.argv[1]) {
  const { values } = parseArgs({ options: { verify: { type: 'boolean' } } });
  process.exitCode = (await installTools(values)) ? 0 : 1;
}
