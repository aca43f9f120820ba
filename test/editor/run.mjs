#!/usr/bin/env node
// The tests in a real editor: the suite inside the extension host, then the journeys of a user through the window.
//   --only suite|journeys   one of the two
//   --grep TEXT             journeys whose name contains the text
//   --file TEXT             journey files whose name contains the text
//   --vsix FILE             the package to test; without it the last one in artifacts/, made when there is none
//   --web                   do not ask for the desktop editor
//   --self                  prove the harness on a small extension instead of testing Faultline
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { editor, editorReady, installVsix } from '../../scripts/lib/code-server.mjs';
import { must } from '../../scripts/lib/exec.mjs';
import { artifactsDir, at } from '../../scripts/lib/paths.mjs';
import { makeTemp, removeTemp } from '../../scripts/lib/temp.mjs';
import { installTools } from '../../scripts/tools.mjs';
import { bundleEditorTests } from './bundle.mjs';
import { findDesktopEditor, runSuiteInDesktop } from './desktop.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    grep: { type: 'string' },
    file: { type: 'string', default: '' },
    vsix: { type: 'string' },
    web: { type: 'boolean', default: false },
    self: { type: 'boolean', default: false },
  },
});

const sample = at('test/fixtures/editor-sample');

/** The newest package in artifacts/. */
async function lastVsix() {
  const names = (await readdir(artifactsDir).catch(() => [])).filter((name) => /^faultline-[\d.]+\.vsix$/.test(name));
  const ages = await Promise.all(names.map(async (name) => (await stat(join(artifactsDir, name))).mtimeMs));
  const newest = names[ages.indexOf(Math.max(...ages))];
  if (newest !== undefined) return join(artifactsDir, newest);
  await must(process.execPath, [at('scripts/package.mjs'), '--vsix'], { inherit: true });
  return lastVsix();
}

/**
 * The suite, on the desktop editor when it can be had.
 * @param {Awaited<ReturnType<typeof bundleEditorTests>>} bundles @param {string} developmentPath
 */
async function runSuite(bundles, developmentPath) {
  const desktop = values.web || values.self ? undefined : await findDesktopEditor();
  console.log(`suite: in ${desktop?.name ?? `VS Code ${editor.version}, the web workbench in Chromium`}`);
  const options = {
    developmentPath,
    testsPath: bundles.suite,
    workspace: values.self ? join(sample, 'workspace') : at('examples'),
  };
  const { runSuiteInWorkbench } = await import(bundles.runSuite);
  const result = await (desktop === undefined ? runSuiteInWorkbench(options) : runSuiteInDesktop(desktop, options));
  for (const line of result.lines) console.log(`  ${line}`);
  return result;
}

/** @param {Awaited<ReturnType<typeof bundleEditorTests>>} bundles @param {string | undefined} extensionsDir */
async function runJourneys(bundles, extensionsDir) {
  console.log(`journeys: in VS Code ${editor.version}, the web workbench in Chromium`);
  const { runJourneys: run } = await import(bundles.runJourneys);
  return run({ files: bundles.journeys, extensionsDir, grep: values.grep });
}

async function main() {
  if (!(await editorReady()) && !(await installTools())) throw new Error('The editor could not be installed');
  const bundles = await bundleEditorTests(values.self ? 'self' : 'journeys', values.file);
  const total = { passed: 0, failed: 0 };
  const add = (/** @type {{ passed: number, failed: number }} */ { passed, failed }) => {
    total.passed += passed;
    total.failed += failed;
  };
  const extensions = await makeTemp('extensions');
  try {
    if (!values.self) await installVsix(values.vsix ?? (await lastVsix()), extensions);
    const [installed] = values.self ? [] : (await readdir(extensions)).filter((name) => name.startsWith('faultline.'));
    if (values.self) process.env['FAULTLINE_SUITE_EXTENSION'] = 'sample.editor-sample';
    const folder = installed === undefined ? join(sample, 'extension') : join(extensions, installed);
    if (values.only !== 'journeys') {
      // A suite that could not even start is a failure like another: the journeys still have something to say.
      add(await runSuite(bundles, folder).catch((error) => (console.log(error), { passed: 0, failed: 1 })));
    }
    if (values.only !== 'suite') add(await runJourneys(bundles, values.self ? undefined : extensions));
  } finally {
    await removeTemp(extensions);
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0) process.exitCode = 1;
}

await main().catch((error) => {
  console.error(error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
});
