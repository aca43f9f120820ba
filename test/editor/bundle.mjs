import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { at, root, toolsDir } from '../../scripts/lib/paths.mjs';

const outdir = join(toolsDir, 'editor-tests');

/** The scripts know where they are, so they stay where they are. @type {esbuild.Plugin} */
const scriptsStay = {
  name: 'scripts-stay',
  setup: ({ onResolve }) =>
    void onResolve({ filter: /scripts\/lib\// }, ({ path }) => ({
      path: pathToFileURL(at('scripts/lib', basename(path))).href,
      external: true,
    })),
};

/** @param {string} folder @param {string} ending */
async function list(folder, ending) {
  const names = await readdir(at('test/editor', folder));
  return names.filter((name) => name.endsWith(ending)).map((name) => `test/editor/${folder}/${name}`);
}

/**
 * Bundles the harness, the journeys and the suite: Node 20 does not run TypeScript.
 * @param {'journeys' | 'self'} folder where the journeys are
 * @param {string} part of the names of the journey files to run
 */
export async function bundleEditorTests(folder, part) {
  await rm(outdir, { recursive: true, force: true });
  const files = (await list(folder, '.journey.ts')).filter((file) => basename(file).includes(part));
  /** @type {esbuild.BuildOptions} */
  const common = { bundle: true, absWorkingDir: root, platform: 'node', target: 'node20', logLevel: 'warning' };
  await esbuild.build({
    ...common,
    entryPoints: ['test/editor/harness/run-journeys.ts', 'test/editor/harness/run-suite.ts', ...files],
    entryNames: '[name]',
    outdir,
    format: 'esm',
    // One copy of the harness: the journeys register themselves with the runner.
    splitting: true,
    packages: 'external',
    sourcemap: 'inline',
    plugins: [scriptsStay],
  });
  await esbuild.build({
    ...common,
    entryPoints: ['test/editor/suite/index.ts', ...(await list('suite', '.test.ts'))],
    outdir: join(outdir, 'suite'),
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
  });
  const url = (/** @type {string} */ name) => pathToFileURL(join(outdir, name)).href;
  return {
    runJourneys: url('run-journeys.js'),
    runSuite: url('run-suite.js'),
    journeys: files.map((file) => join(outdir, basename(file).replace(/ts$/, 'js'))),
    suite: join(outdir, 'suite/index.cjs'),
  };
}
