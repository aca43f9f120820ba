import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { artifactsDir, at } from './paths.mjs';
import { StepError } from './steps.mjs';
import { makeTemp, removeTemp } from './temp.mjs';
import { vendorLevel } from './vendor-level.mjs';

/** The editor's name of a platform → the package with esbuild's native program for it. */
const nativeEsbuild = {
  'linux-x64': '@esbuild/linux-x64',
  'linux-arm64': '@esbuild/linux-arm64',
  'linux-armhf': '@esbuild/linux-arm',
  // Statically linked: the same program serves musl.
  'alpine-x64': '@esbuild/linux-x64',
  'alpine-arm64': '@esbuild/linux-arm64',
  'darwin-x64': '@esbuild/darwin-x64',
  'darwin-arm64': '@esbuild/darwin-arm64',
  'win32-x64': '@esbuild/win32-x64',
  'win32-arm64': '@esbuild/win32-arm64',
};

const wasmFiles = ['package.json', 'LICENSE.md', 'lib/main.js', 'bin/esbuild', 'esbuild.wasm', 'wasm_exec.js'];
wasmFiles.push('wasm_exec_node.js');

/** @param {string} folder of the stage @param {readonly string[]} files */
async function vendor(folder, name, files, inside = '') {
  for (const file of files) {
    await cp(at('node_modules', name, file), join(folder, 'dist/vendor', inside, name, file), { recursive: true });
  }
}

/** esbuild, which builds TypeScript handlers: no node_modules ship, so it comes along. @param {string} stage @param {string | undefined} target */
async function vendorEsbuild(stage, target) {
  if (target === undefined) return vendor(stage, 'esbuild-wasm', wasmFiles);
  const native = nativeEsbuild[/** @type {keyof typeof nativeEsbuild} */ (target)];
  if (native === undefined) {
    throw new StepError(`No such target: ${target}. There are: ${Object.keys(nativeEsbuild).join(', ')}`);
  }
  if (!existsSync(at('node_modules', native, 'package.json'))) {
    throw new StepError(`${native} is not installed here. Run on ${target}, or: npm i --no-save --force ${native}`);
  }
  await vendor(stage, 'esbuild', ['package.json', 'LICENSE.md', 'lib/main.js']);
  // Where esbuild's own `require.resolve` finds it.
  const program = target.startsWith('win32') ? 'esbuild.exe' : 'bin/esbuild';
  await vendor(stage, native, ['package.json', program], 'esbuild/node_modules');
}

/** The manifest without what concerns the npm package and this repository. */
async function manifest() {
  const parsed = JSON.parse(await readFile(at('package.json'), 'utf8'));
  for (const key of ['scripts', 'files', 'devDependencies', 'dependencies', 'bin', 'exports', 'types']) {
    delete parsed[key];
  }
  return parsed;
}

/** A folder with everything that may ship; .vscodeignore says what does. @param {string} stage */
async function copySources(stage) {
  const nls = (await readdir(at('.'))).filter((name) => /^package\.nls.*\.json$/.test(name));
  const names = [
    'dist',
    'docs',
    'media',
    'l10n',
    'schema',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    '.vscodeignore',
    ...nls,
  ];
  for (const name of names.filter((entry) => existsSync(at(entry)))) {
    await cp(at(name), join(stage, name), { recursive: true });
  }
}

/**
 * Makes the VSIX. Without a target it runs everywhere.
 * @param {string} [target] a platform as the editor names it, e.g. `linux-x64`
 * @returns {Promise<string>} its path
 */
export async function packVsix(target) {
  const stage = await makeTemp('vsix');
  try {
    const extension = await manifest();
    await copySources(stage);
    await writeFile(join(stage, 'package.json'), JSON.stringify(extension, null, 2));
    await vendorEsbuild(stage, target);
    await vendorLevel(join(stage, 'dist/vendor/classic-level'), target);
    await mkdir(artifactsDir, { recursive: true });
    const suffix = target === undefined ? '' : `-${target}`;
    const packagePath = join(artifactsDir, `${extension.name}-${extension.version}${suffix}.vsix`);
    await rm(packagePath, { force: true });
    await quietly(() =>
      createVSIX({
        cwd: stage,
        packagePath,
        dependencies: false,
        allowMissingRepository: true,
        rewriteRelativeLinks: false,
        ...(target === undefined ? {} : { target }),
      }),
    );
    return packagePath;
  } finally {
    await removeTemp(stage);
  }
}

/** vsce prints its whole file list; ours is checked, so only its warnings matter. @param {() => Promise<void>} work */
async function quietly(work) {
  const { log } = console;
  console.log = () => undefined;
  try {
    await work();
  } finally {
    console.log = log;
  }
}
