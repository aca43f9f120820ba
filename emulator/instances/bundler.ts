import { mkdir, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildFailure, BuildOptions, BuildResult, Message, Metafile, Plugin } from 'esbuild';
import { initFailed } from './outcomes.js';
import { rebuilderOf, writeBundle } from './rebuilder.js';
import type { StartFailure } from './instance.js';
import { BuildFailed, type BuildContext } from './runtimes/types.js';
import { tsconfigsOf } from './tsconfigs.js';
import { loadEsbuild, type Esbuild } from './vendor.js';

/** TypeScript handlers → one ES module each, with source maps. */

export function needsBundle(file: string): boolean {
  return /\.[cm]?tsx?$/.test(file);
}

/**
 * What bundled packages expect of CommonJS, in an ES module. Everything looks from the handler's own folder, so that data
 * files and whatever is not bundled are found beside the source, not beside the bundle.
 */
const banner = (file: string): string => `import { createRequire as __createRequire } from 'node:module';
const __sourceUrl = ${JSON.stringify(pathToFileURL(file).href)};
const require = __createRequire(__sourceUrl);
const __filename = ${JSON.stringify(file)};
const __dirname = ${JSON.stringify(path.dirname(file))};`;

/** Native addons cannot be bundled; they are loaded from where they are installed. */
const nativeAddons: Plugin = {
  name: 'native-addons',
  setup(build) {
    build.onResolve({ filter: /\.node$/ }, ({ path: name, resolveDir }) => ({
      path: name.startsWith('.') ? path.resolve(resolveDir, name) : name,
      external: true,
    }));
  },
};

function options(context: BuildContext): BuildOptions {
  return {
    entryPoints: [context.function.file],
    absWorkingDir: context.root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    metafile: true,
    logLevel: 'silent',
  };
}

export interface Bundle {
  readonly outfile: string;
  readonly inputs: readonly string[];
  /** The handler's file assigns to `module.exports`: what it exports is the bundle's default export. */
  readonly commonJs: boolean;
  dispose(): Promise<void>;
}

/** @throws BuildFailed with file, line and column */
export async function bundle(context: BuildContext): Promise<Bundle> {
  await mkdir(context.buildDir, { recursive: true });
  // Its real path: sources are relative to the map, and Node and debuggers resolve them from the file's real place.
  const folder = await realpath(context.buildDir);
  const outfile = path.join(folder, `${context.serial}.mjs`);
  const result = await rebuild(context, {
    ...options(context),
    outfile: path.join(folder, 'bundle.mjs'),
    write: false,
    banner: { js: banner(context.function.file) },
    define: { 'import.meta.url': '__sourceUrl' },
    sourcemap: 'external',
    // Not in the map: the sources are on this machine, and a trace needs no more than their names.
    sourcesContent: false,
    plugins: [nativeAddons],
    mainFields: ['module', 'main'],
  });
  await writeBundle(result, outfile);
  const { metafile } = result;
  const sources = inputsOf(context.root, metafile);
  const entry = Object.values(metafile?.outputs ?? {}).find(({ entryPoint }) => entryPoint !== undefined)?.entryPoint;
  return {
    outfile,
    inputs: [...sources, ...(await tsconfigsOf(context.root, sources))],
    commonJs: metafile?.inputs[entry ?? '']?.format === 'cjs',
    dispose: async () => {
      await Promise.all([rm(outfile, { force: true }), rm(`${outfile}.map`, { force: true })]);
    },
  };
}

/** The files that a JavaScript handler imports, its packages aside; undefined when it does not parse. */
export async function scanInputs(context: BuildContext): Promise<readonly string[] | undefined> {
  try {
    const result = await build(context, { ...options(context), write: false, packages: 'external', outdir: '/' });
    return inputsOf(context.root, result.metafile);
  } catch {
    return undefined;
  }
}

/** Where a JavaScript handler does not parse: Node does not say it for ES modules. */
export async function locateError(context: BuildContext): Promise<StartFailure['place']> {
  try {
    await build(context, { ...options(context), write: false, packages: 'external', outdir: '/' });
    return undefined;
  } catch (error) {
    return error instanceof BuildFailed ? error.start.place : undefined;
  }
}

function build(context: BuildContext, given: BuildOptions): Promise<BuildResult> {
  return run(context, (esbuild) => esbuild.build(given));
}

function rebuild(context: BuildContext, given: BuildOptions): Promise<BuildResult> {
  return run(context, (esbuild) => rebuilderOf(context.buildDir).build(esbuild, given));
}

async function run(context: BuildContext, task: (esbuild: Esbuild) => Promise<BuildResult>): Promise<BuildResult> {
  try {
    return await task(await loadEsbuild(context.vendorDir));
  } catch (error) {
    throw new BuildFailed(explained(context, error));
  }
}

/** @returns an esbuild error in the words of an instance that failed to start */
function explained(context: BuildContext, error: unknown): StartFailure {
  const first = isBuildFailure(error) ? error.errors[0] : undefined;
  if (!first) {
    const message = error instanceof Error ? error.message : String(error);
    return { failure: initFailed('Runtime.BuildFailed', message) };
  }
  const place = placeOf(context.root, first);
  const at = place ? `${path.relative(context.root, place.file)}:${place.line}:${place.column}: ` : '';
  const type = /could not resolve/i.test(first.text) ? 'Runtime.ImportModuleError' : 'Runtime.UserCodeSyntaxError';
  return { failure: initFailed(type, at + first.text), ...(place === undefined ? {} : { place }) };
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

function placeOf(root: string, { location }: Message): { file: string; line: number; column: number } | undefined {
  if (!location) return undefined;
  return { file: path.resolve(root, location.file), line: location.line, column: location.column + 1 };
}

function inputsOf(root: string, metafile: Metafile | undefined): readonly string[] {
  return Object.keys(metafile?.inputs ?? {})
    .filter((name) => !/(^|\/)node_modules\//.test(name))
    .map((name) => path.resolve(root, name));
}
