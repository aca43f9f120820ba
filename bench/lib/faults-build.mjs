import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** In dist/, so that the library finds its bootstraps as the shipped one does. */
const folder = `${root}dist/bench-faults`;

/** What is cut out of the sources for the baseline; a text that is not there any more is an error, not a fair baseline. */
const CUTS = [
  {
    file: /emulator[\\/]dispatch[\\/]index\.ts$/,
    from: 'const plan = this.#plan(request, config, requestId, number);',
    to: 'const plan = undefined;',
  },
  {
    file: /emulator[\\/]delivery[\\/]transit\.ts$/,
    from: 'return this.parts.faults.active ? items.flatMap((item) => this.#pass(item)) : items;',
    to: 'return items;',
  },
  {
    file: /emulator[\\/]emulator\.ts$/,
    from: /this\.#engine = createFaultEngine\(\{[\s\S]*?\n {4}\}\);/,
    to: 'this.#engine = { list: () => [], periods: () => [], catalog: () => [], clear: () => 0, dispose() {} } as never;',
  },
];

/** @type {esbuild.Plugin} */
const bypass = {
  name: 'bypass',
  setup({ onLoad }) {
    for (const { file, from, to } of CUTS) {
      onLoad({ filter: file }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        const contents = text.replace(from, to);
        if (contents === text) throw new Error(`bench/lib/faults-build.mjs: what it cuts out is not in ${path}`);
        return { contents, loader: 'ts' };
      });
    }
  },
};

const banner = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { dirname as __pathDirname } from 'node:path';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = __fileURLToPath(import.meta.url);',
  'const __dirname = __pathDirname(__filename);',
].join('\n');

/**
 * The library as it is and with the fault layer bypassed, built alike; dist/ must be there.
 * @returns {Promise<{ folder: string, bypassed: string, real: string }>} absolute paths
 */
export async function buildFaultBenches() {
  const build = async (/** @type {string} */ name, /** @type {esbuild.Plugin[]} */ plugins) => {
    const outfile = `${folder}/${name}.mjs`;
    await esbuild.build({
      bundle: true,
      absWorkingDir: root,
      entryPoints: ['emulator/index.ts'],
      outfile,
      platform: 'node',
      target: 'node20.19',
      format: 'esm',
      external: ['esbuild', 'esbuild-wasm', 'classic-level'],
      legalComments: 'none',
      banner: { js: banner },
      plugins,
    });
    return outfile;
  };
  return { folder, bypassed: await build('bypassed', [bypass]), real: await build('real', []) };
}
