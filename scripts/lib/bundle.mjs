import { chmod, cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import * as esbuild from 'esbuild';
import { must } from './exec.mjs';
import { licensesOf } from './licenses.mjs';
import { at, root } from './paths.mjs';

/** @typedef {{ strict?: boolean, types?: boolean, watch?: boolean }} BuildOptions */

/** Loaded at run time from node_modules or dist/vendor: they locate a binary next to themselves. */
const runtimeOnly = ['esbuild', 'esbuild-wasm', 'classic-level'];

/**
 * The extension's lint thread carries a whole TypeScript parser, as the command line does: as a module they share it.
 * The extension, which is CommonJS, starts the small file that imports it.
 */
const lintWorker = 'src/lint-worker.ts';
const lintWorkerStub = { file: 'dist/lint-worker.cjs', text: "import('./lint-worker.js');\n" };

/** @type {esbuild.BuildOptions} */
const common = { bundle: true, absWorkingDir: root, logLevel: 'warning', metafile: true, legalComments: 'none' };

/** @type {esbuild.BuildOptions} */
const forNode = { ...common, platform: 'node', target: 'node20.19', external: runtimeOnly };

/**
 * The command line and the library share their chunks, and what is imported lazily stays lazy. Chunks lie beside the
 * entries, so that `import.meta.url` means dist/ wherever a module ends up.
 * @param {string[]} entries
 * @returns {esbuild.BuildOptions}
 */
const nodeModules = (entries) => ({
  ...forNode,
  entryPoints: Object.fromEntries(entries.map((file) => [entryName(file), file])),
  outdir: 'dist',
  format: 'esm',
  splitting: true,
  chunkNames: 'chunk-[name]-[hash]',
  // Express, TypeScript and others are CommonJS inside: they call require for Node's own modules and ask where they are.
  banner: {
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      "import { dirname as __pathDirname } from 'node:path';",
      "import { fileURLToPath as __fileURLToPath } from 'node:url';",
      'const require = __createRequire(import.meta.url);',
      'const __filename = __fileURLToPath(import.meta.url);',
      'const __dirname = __pathDirname(__filename);',
    ].join('\n'),
  },
});

/** What `faultline lint` starts for many files, several times beside each other. */
const lintThread = 'emulator/cli/lint/lint-thread.ts';

/** The library and its matchers, as programs import them. */
const libraries = ['emulator/index.ts', 'emulator/matchers.ts'];

/**
 * The library for programs that call require, jest's above all: it loads no ES module for them. Each file is whole, since
 * what is loaded late could only be loaded by `import()`, which jest refuses as well.
 * @param {string[]} entries
 * @returns {esbuild.BuildOptions}
 */
const commonLibraries = (entries) => ({
  ...forNode,
  entryPoints: entries,
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  minifyWhitespace: true,
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': '__moduleUrl' },
  banner: { js: moduleUrl },
});

/**
 * The plugin of ESLint, one file that uses the ESLint and the parser of whoever loads it. A configuration may be a module or
 * not: the module hands on what the CommonJS file has made, so that the plugin is there once.
 * @returns {esbuild.BuildOptions}
 */
const eslintPlugin = () => ({
  ...forNode,
  entryPoints: { eslint: 'lint/eslint.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  external: ['eslint'],
  minifyWhitespace: true,
  define: { 'import.meta.url': '__moduleUrl' },
  banner: { js: moduleUrl },
  footer: { js: 'module.exports = Object.assign(module.exports.default, module.exports);' },
});
const eslintModule = {
  file: 'dist/eslint.js',
  text: "import plugin from './eslint.cjs';\nexport const { configs, rules, meta } = plugin;\nexport default plugin;\n",
};

/** A CommonJS bundle has no import.meta; modules that look for their own files use it. */
const moduleUrl = "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;";

/** @returns {esbuild.BuildOptions} */
const extensionHost = () => ({
  ...forNode,
  entryPoints: { extension: 'src/extension.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  external: ['vscode', ...runtimeOnly],
  sourcemap: 'external',
  define: { 'import.meta.url': '__moduleUrl' },
  banner: { js: moduleUrl },
});

/**
 * @param {string[]} entries
 * @param {string} folder of dist/
 * @returns {esbuild.BuildOptions}
 */
const browserPages = (entries, folder) => ({
  ...common,
  entryPoints: entries,
  outdir: join('dist', folder),
  platform: 'browser',
  target: 'es2022',
  format: 'iife',
  loader: { '.svg': 'dataurl', '.ttf': 'dataurl', '.woff2': 'dataurl' },
});

/** @param {string} file */
const entryName = (file) => (file.endsWith('cli/main.ts') ? 'cli' : basename(file, '.ts'));

/** Files of a folder that match, relative to the root; none when there is no such folder. @param {string} folder @param {RegExp} pattern */
async function list(folder, pattern) {
  const names = await readdir(at(folder)).catch(() => []);
  return names.filter((name) => pattern.test(name)).map((name) => `${folder}/${name}`);
}

const isPage = /^(?!.*(?:\.test|\.d)\.ts$).*\.ts$/;

/** Every esbuild run there is to do, given the sources that exist. @param {boolean} strict */
async function plan(strict) {
  const missing = [];
  const has = (/** @type {string} */ file) => existsSync(at(file)) || (missing.push(file), false);
  /** @type {esbuild.BuildOptions[]} */
  const runs = [];
  const modules = ['emulator/cli/main.ts', lintThread, ...libraries].filter(has);
  if (has(lintWorker)) modules.push(lintWorker);
  if (modules.length > 0) runs.push(nodeModules(modules));
  runs.push(commonLibraries(libraries.filter(has)));
  if (has('lint/eslint.ts')) runs.push(eslintPlugin());
  if (has('src/extension.ts')) runs.push(extensionHost());
  for (const folder of ['webview', 'dashboard']) {
    const scripts = await list(`media/${folder}`, isPage);
    // A style sheet of the same name is the script's own, and comes out of it when the script imports it.
    const styles = (await list(`media/${folder}`, /\.css$/)).filter(
      (file) => !scripts.includes(file.replace(/css$/, 'ts')),
    );
    if (scripts.length + styles.length > 0) runs.push(browserPages([...scripts, ...styles], folder));
    else if (folder === 'webview') missing.push('media/webview/*.ts');
  }
  if (missing.length > 0) {
    const text = `no ${missing.join(', ')} yet`;
    if (strict) throw new Error(`build: ${text}`);
    console.log(`build: skipped, ${text}`);
  }
  return runs;
}

/** Files that are shipped as they are: source (absolute) → place below dist/. */
async function copies() {
  const runtimes = await list('emulator/instances/runtimes', /(\.(mjs|cjs|py|sh)|aws-services\.json)$/);
  const pages = [
    ...(await list('media/webview', /\.(html|svg)$/)),
    ...(await list('media/dashboard', /\.(html|svg)$/)),
  ];
  return [
    ...runtimes.map((file) => [at(file), `runtimes/${basename(file)}`]),
    [at('emulator/delivery/stores/level-rescue.cjs'), 'runtimes/level-rescue.cjs'],
    ...pages.map((file) => [at(file), file.replace(/^media\//, '')]),
    [at('node_modules/web-tree-sitter/web-tree-sitter.wasm'), 'lint/web-tree-sitter.wasm'],
    [at('node_modules/tree-sitter-python/tree-sitter-python.wasm'), 'lint/tree-sitter-python.wasm'],
  ];
}

async function copyAll() {
  const pairs = await copies();
  for (const [from, to] of pairs) {
    const target = at('dist', to);
    await mkdir(dirname(target), { recursive: true });
    await cp(from, target);
  }
  return pairs.map(([, to]) => `dist/${to}`);
}

/** @param {string[]} inputs */
async function writeLicenses(inputs) {
  await mkdir(at('dist'), { recursive: true });
  await writeFile(at('dist/licenses.txt'), await licensesOf(inputs));
  return 'dist/licenses.txt';
}

/** The command line must start by itself, whether or not its source begins with `#!`. */
async function makeExecutable() {
  const file = at('dist/cli.js');
  if (!existsSync(file)) return;
  const text = await readFile(file, 'utf8');
  if (!text.startsWith('#!')) await writeFile(file, `#!/usr/bin/env node\n${text}`);
  await chmod(file, 0o755);
}

/** Removes what an earlier build left and this one did not write. @param {Set<string>} kept paths from the root */
async function removeStale(kept) {
  const entries = await readdir(at('dist'), { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const file = relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/');
    const ours = kept.has(file) || file.startsWith('dist/types/') || file.startsWith('dist/vendor/');
    if (entry.isFile() && !ours) await rm(join(root, file), { force: true });
  }
}

/** The library's declarations. */
export async function buildTypes() {
  await rm(at('dist/types'), { recursive: true, force: true });
  await must(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.types.json']);
  // The same for whoever calls require: TypeScript tells the two kinds of modules apart by the declarations' names.
  for (const file of libraries) {
    const name = basename(file, '.ts');
    await writeFile(at('dist/types', `${name}.d.cts`), `export * from './emulator/${name}.js';\n`);
  }
  // The plugin's types name those of ESLint, which whoever uses it has; nothing else of ours is in them.
  await writeFile(
    at('dist/types/eslint.d.ts'),
    eslintTypes("export declare const configs: (typeof plugin)['configs'];\nexport default plugin;"),
  );
  await writeFile(at('dist/types/eslint.d.cts'), eslintTypes('export = plugin;'));
}

/** @param {string} last how the plugin is exported */
const eslintTypes = (last) => `import type { ESLint, Linter } from 'eslint';

declare const plugin: ESLint.Plugin & {
  readonly configs: { readonly recommended: Linter.Config; readonly strict: Linter.Config };
};
${last}
`;

/** @param {BuildOptions} options */
async function buildOnce(options) {
  const runs = await plan(options.strict ?? false);
  const results = await Promise.all(runs.map((run) => esbuild.build(run)));
  const written = results.flatMap((result) => Object.keys(result.metafile?.outputs ?? {}));
  const copied = await copyAll();
  if (existsSync(at(lintWorker))) {
    await writeFile(at(lintWorkerStub.file), lintWorkerStub.text);
    copied.push(lintWorkerStub.file);
  }
  await writeFile(at(eslintModule.file), eslintModule.text);
  copied.push(eslintModule.file);
  copied.push(await writeLicenses(results.flatMap((result) => Object.keys(result.metafile?.inputs ?? {}))));
  await makeExecutable();
  await removeStale(new Set([...written, ...copied]));
  if (options.types) await buildTypes();
  return written.length + copied.length;
}

/** @param {BuildOptions} options */
async function watch(options) {
  const contexts = await Promise.all(
    (await plan(options.strict ?? false)).map((run) => esbuild.context(announced(run))),
  );
  await copyAll();
  await Promise.all(contexts.map((context) => context.watch()));
  console.log('build: watching');
}

/** One line after every rebuild. @param {esbuild.BuildOptions} run @returns {esbuild.BuildOptions} */
const announced = (run) => ({
  ...run,
  plugins: [
    {
      name: 'announce',
      setup: ({ onEnd }) =>
        void onEnd(async (result) => {
          await makeExecutable();
          const names = Object.keys(result.metafile?.outputs ?? {}).length;
          console.log(`build: ${String(result.errors.length)} errors, ${String(names)} files`);
        }),
    },
  ],
});

/** Builds dist/. @param {BuildOptions} [options] */
export async function build(options = {}) {
  const begin = performance.now();
  if (options.watch) return watch(options);
  const count = await buildOnce(options);
  console.log(`build: ${String(count)} files in ${((performance.now() - begin) / 1000).toFixed(1)} s`);
}
