#!/usr/bin/env node
// Installs what the tests need beyond npm: a browser, ripgrep, Prometheus, curl (all from apt), the editor and AWS's
// runtime client.
// Idempotent: does nothing, and says so, when all is there. `--verify` starts the editor once even then.
import { parseArgs } from 'node:util';
import { step } from './lib/steps.mjs';
import { aptPackages } from './lib/apt.mjs';
import { buildRuntimeClient } from './lib/aws-lambda-ric.mjs';
import { installEditor, verifyEditor, editorReady } from './lib/code-server.mjs';

/** @param {{ verify?: boolean }} [options] @returns {Promise<boolean>} whether everything is there */
export async function installTools({ verify = false } = {}) {
  const fresh = !(await editorReady());
  // Side by side: most of it is waiting for the network.
  const packages = step('tools: system packages', aptPackages);
  const install = step('tools: editor', fresh ? () => installEditor(packages) : () => 'there already');
  const client = step('tools: aws-lambda-ric', () => buildRuntimeClient(packages));
  const results = await Promise.all([packages, install, client]);
  if ((fresh || verify) && results.every(({ ok }) => ok))
    results.push(await step('tools: editor starts', verifyEditor));
  return results.every(({ ok }) => ok);
}

if (import.meta.filename === process.argv[1]) {
  const { values } = parseArgs({ options: { verify: { type: 'boolean' } } });
  process.exitCode = (await installTools(values)) ? 0 : 1;
}
